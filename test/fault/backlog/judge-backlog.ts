import type { BacklogResult } from './run-backlog';

/** One line of what must hold, with the figure. */
export interface Line {
  readonly what: string;
  readonly target: string;
  readonly found: string;
  readonly holds: boolean;
  /** Whether a slow or busy machine can make it fail: then it is told and decides nothing in CI. */
  readonly ofMachine: boolean;
}

/** I9: a node drains at least so many messages a second. */
const LEAST_PER_S = 50;
const MOST_MINUTES = 60;
const FRESH_P99_MS = 5_000;

type Judged = Pick<BacklogResult, 'perS' | 'seconds' | 'receivedByS' | 'fresh' | 'memory' | 'faults' | 'expired'>;

/** Holds a drain against what is promised of it. */
export function judgeBacklog({ perS, seconds, receivedByS, fresh, memory, faults, expired }: Judged): Line[] {
  // An office keeps the summaries of its units' cases (docs/explanation/limits.md), so that of the recipient grows with them.
  const moving = Object.entries(memory).filter(([name]) => /-(?:gateway|worker)$|^postgres$/.test(name));
  const own = Object.entries(memory).filter(([name]) => name !== 'postgres');
  const grown = moving.filter(([, { flat }]) => !flat);
  const peak = Math.max(0, ...own.map(([, { peakMb }]) => peakMb));
  const { emergency, urgent, normal } = receivedByS;
  const inOrder = emergency !== null && urgent !== null && normal !== null && emergency <= urgent && urgent <= normal;
  return [
    {
      what: 'rate of the drain',
      target: `≥ ${LEAST_PER_S}/s`,
      found: `${perS}/s`,
      holds: perS >= LEAST_PER_S,
      ofMachine: true,
    },
    {
      what: 'time of the drain',
      target: `≤ ${MOST_MINUTES} min`,
      found: `${(seconds / 60).toFixed(1)} min`,
      holds: seconds <= MOST_MINUTES * 60,
      ofMachine: true,
    },
    {
      what: '99 % of a lane received after',
      target: 'emergency ≤ urgent ≤ normal',
      found: `${emergency} s, ${urgent} s, ${normal} s`,
      holds: inOrder,
      ofMachine: false,
    },
    {
      what: 'p99 of new emergencies',
      target: `≤ ${FRESH_P99_MS} ms`,
      found: `${fresh.p99Ms} ms of ${fresh.count}`,
      holds: fresh.p99Ms !== null && fresh.p99Ms <= FRESH_P99_MS,
      ofMachine: true,
    },
    {
      what: 'memory of gateways, workers and PostgreSQL',
      target: 'flat',
      found: `${peak.toFixed(0)} MB at most in one process${grown.length > 0 ? `; grew: ${grown.map(([name]) => name).join(', ')}` : ''}`,
      holds: grown.length === 0,
      ofMachine: true,
    },
    {
      what: 'promises',
      target: 'none broken',
      found: faults.length === 0 ? `all hold, ${expired} expired with evidence` : `${faults.length} lines`,
      holds: faults.length === 0,
      ofMachine: false,
    },
  ];
}
