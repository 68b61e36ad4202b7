import { parseArgs } from 'node:util';
import { queueKinds, type QueueKind } from '../../harness/two-nodes';
import { STRIKES, type Strike } from '../points/strikes';

export interface Arguments {
  readonly ci: boolean;
  readonly report: boolean;
  readonly resume: boolean;
  readonly points: readonly string[];
  /** Names of scenarios to run instead of cells; `all` for each. */
  readonly scenarios: readonly string[];
  readonly strikes: readonly Strike[];
  readonly queues: readonly QueueKind[];
  /** The first seed and how many. */
  readonly from: number;
  readonly seeds: number;
  /** From 1. */
  readonly shard: { readonly index: number; readonly count: number };
  readonly pairs: number;
  readonly stopMs: number;
}

export const USAGE = `npm run faults -- MODE [OPTIONS]

  --all               the whole matrix
  --only S4,R2        these points only
  --scenario NAME,..  scenarios (test/fault/scenarios) instead of points; all for each
  --ci                a selection that the seed decides, at most 6 minutes
  --report            a table of all results so far

  --fault kill,stop   these strikes only: kill, stop, backends, flush
  --queue redis       postgres or redis; both when absent
  --seeds 20          how many seeds (1)
  --from 1, --seed 1  the first one (--ci: the date)
  --shard 1/4         a part of the cells
  --resume            leaves out cells that have held before
  --pairs 2           pairs of nodes per queue at the same time (1)
  --stop-ms 90000     how long a stopped process stands still
`;

const MATRIX_STOP_MS = 90_000;
/** Longer than a claim lasts (30 s). */
const CI_STOP_MS = 40_000;

/** @throws Error that says what is wrong with the arguments */
export function argumentsOf(args: readonly string[], today: Date): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      all: { type: 'boolean' },
      ci: { type: 'boolean' },
      report: { type: 'boolean' },
      resume: { type: 'boolean' },
      only: { type: 'string' },
      scenario: { type: 'string' },
      fault: { type: 'string' },
      queue: { type: 'string' },
      seeds: { type: 'string' },
      from: { type: 'string' },
      seed: { type: 'string' },
      shard: { type: 'string' },
      pairs: { type: 'string' },
      'stop-ms': { type: 'string' },
    },
  });
  const { all, ci = false, report = false, resume = false, only, scenario, fault, queue } = values;
  if (!all && !ci && !report && only === undefined && scenario === undefined) throw new Error('Nothing is asked for.');
  const [, index = '1', count = '1'] = /^(\d+)\/(\d+)$/.exec(values.shard ?? '1/1') ?? fail('--shard', values.shard);
  const first = values.from ?? values.seed;
  return {
    ci,
    report,
    resume,
    points: listOf(only),
    scenarios: listOf(scenario),
    strikes: listOf(fault).map((name) => STRIKES.find((strike) => strike === name) ?? fail('--fault', name)),
    queues:
      queue === undefined
        ? queueKinds()
        : [(['postgres', 'redis'] as const).find((kind) => kind === queue) ?? fail('--queue', queue)],
    from: first === undefined ? (ci ? dayOf(today) : 1) : numberOf('--from', first),
    seeds: numberOf('--seeds', values.seeds ?? '1'),
    shard: { index: Number(index), count: Number(count) },
    pairs: numberOf('--pairs', values.pairs ?? '1'),
    stopMs: numberOf('--stop-ms', values['stop-ms'] ?? String(ci ? CI_STOP_MS : MATRIX_STOP_MS)),
  };
}

/** e.g. 20261129: a new selection every day, the same all day. */
const dayOf = (today: Date) => Number(today.toISOString().slice(0, 10).replaceAll('-', ''));

const listOf = (text: string | undefined) => text?.split(',').filter((name) => name !== '') ?? [];

function numberOf(name: string, text: string): number {
  return /^[1-9]\d*$/.test(text) ? Number(text) : fail(name, text);
}

function fail(name: string, value: string | undefined): never {
  throw new Error(`${name} cannot be ${value ?? 'empty'}.`);
}
