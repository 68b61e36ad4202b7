import { keyFolder } from '../../../apps/cli/local/layout';
import type { QueueKind } from '../../harness/two-nodes';
import { drain, type Drained } from './drain';
import { Filler, laneOf } from './filler';
import { MovedClock } from './moved-clock';
import { startNodesOf, type StartedNodes } from './nodes-of-folder';
import { faultsOf } from './verdict';

export interface BacklogOptions {
  readonly folder: string;
  readonly queue: QueueKind;
  readonly messages: number;
  /** How long the partner is away. */
  readonly days: number;
  /** Of the drain. */
  readonly limitMs: number;
  readonly say: (line: string) => void;
}

export interface BacklogResult extends Drained {
  readonly messages: number;
  readonly days: number;
  readonly queue: QueueKind;
  readonly fillPerS: number;
  /** Emergencies whose fourteen days ended while they waited: each must have its evidence. */
  readonly expired: number;
  readonly alarms: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** An emergency travels for fourteen days at most: written so long before today, its time is over when the partner comes back. */
const TOO_OLD_DAYS = 15;
const ONE_IN = 200;
const LEAST_EXPIRED = 10;
/** Between two new emergencies during the drain: a hundred of them at least, where it takes long. */
const FRESH_EVERY_MS = 400;
const TOLD_EVERY = 5_000;

/**
 * A partner is away for days while its messages gather, and comes back. The days pass by the clocks of all processes and of PostgreSQL;
 * then everything is ended and started again at the true time.
 */
export async function runBacklog(options: BacklogOptions): Promise<BacklogResult> {
  const { folder, queue, messages, days, say } = options;
  const clock = new MovedClock(folder);
  await clock.set(TOO_OLD_DAYS);
  say(`starting two nodes, ${TOO_OLD_DAYS} days ago`);
  const before = await startNodesOf({ folder, queue, environment: clock.environment() });
  let written;
  try {
    written = await gather(before, clock, options);
  } finally {
    await before.end();
  }

  say('starting both again, today: the partner is back');
  const { nodes, end } = await startNodesOf({ folder, queue, portBase: before.portBase });
  try {
    const database = await nodes.database('vn');
    const filler = await Filler.of(database, keyFolder(nodes.layout), () => new Date());
    const { limitMs } = options;
    const drained = await drain({
      nodes,
      filler,
      waiting: written.waiting.size,
      freshEveryMs: FRESH_EVERY_MS,
      limitMs,
      say,
    });
    say('looking at every message on both sides');
    const delivered = new Set([...written.waiting, ...drained.newIds]);
    const faults = await faultsOf(nodes, { delivered, expired: written.tooOld });
    const alarms = await database.query<{ kind: string; count: number }>(
      'SELECT kind, count(*)::int AS count FROM alarm GROUP BY kind ORDER BY kind',
    );
    return {
      messages,
      days,
      queue,
      fillPerS: written.perS,
      expired: written.tooOld.size,
      ...drained,
      alarms: Object.fromEntries(alarms.map(({ kind, count }) => [kind, count])),
      faults: [...faults, ...missingAlarms(alarms, written.tooOld.size)],
    };
  } finally {
    await end();
  }
}

/** Takes the partner away and writes the messages that wait for it. */
async function gather({ nodes }: StartedNodes, clock: MovedClock, { messages, days, say }: BacklogOptions) {
  for (const app of ['gateway', 'worker', 'office'] as const) await nodes.stopApp('gb', app);
  const filler = await Filler.of(await nodes.database('vn'), keyFolder(nodes.layout), clock.now);
  const tooOld = await filler.fill(Math.max(LEAST_EXPIRED, Math.round(messages / ONE_IN)), () => 'emergency');
  await clock.set(days);
  say(`writing ${messages} messages, ${days} days ago`);
  const began = Date.now();
  const waiting = await filler.fill(messages, laneOf, (done) => {
    if (done % TOLD_EVERY === 0) say(`${done} messages written`);
  });
  const ids = (list: readonly { readonly id: string }[]) => new Set(list.map(({ id }) => id));
  const perS = Number(((messages * 1000) / (Date.now() - began)).toFixed(1));
  return { tooOld: ids(tooOld), waiting: ids(waiting), perS };
}

/** I11: people hear of each message that was given up. */
function missingAlarms(alarms: readonly { kind: string; count: number }[], expired: number): string[] {
  const raised = alarms.find(({ kind }) => kind === 'undeliverable')?.count ?? 0;
  return raised === expired ? [] : [`I11 ${raised} alarms of ${expired} messages that were given up`];
}

export const LONGEST_DAYS = TOO_OLD_DAYS - 1;
