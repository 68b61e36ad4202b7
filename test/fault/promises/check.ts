import { brokenPromises, type Promised } from '../../harness/ledger';
import { channelsOf, scan } from '../../harness/canary-channels';
import type { Needles } from '../../harness/canary-needles';
import type { NodeId, TwoNodes } from '../../harness/two-nodes';
import { strangeAlarms, type AlarmWishes } from './alarms';
import { backToBaseline, type Baseline } from './baseline';
import { inconsistentHistories } from './histories';
import { differingManifests } from './manifests';
import { readerOf } from './reading';
import { reportOf, type Finding, type PromiseName, type PromiseReport } from './report';
import { type TruthWatch } from './truth-watch';

/** What a run knows of itself. Without a part the promise that needs it is not applicable, and the report says so. */
export interface CheckOptions {
  /** Watched the run from its beginning (I4). */
  readonly watch?: TruthWatch;
  /** All canaries that the messages of the run carried (I7). */
  readonly needles?: Needles;
  /** Also searches the files of PostgreSQL, which takes long (I7). */
  readonly deep?: boolean;
  readonly baseline?: Baseline;
  /** When the last fault was over (I9). */
  readonly healedAt?: Date;
  /** Default 60 s (I9). */
  readonly withinMs?: number;
  readonly alarms?: AlarmWishes;
  /** A third partner of the run: what it sent to the nodes (I3), and in what its trouble changed theirs (I10). */
  readonly third?: { readonly sent: ReadonlySet<string>; readonly changed: readonly string[] };
  /** True where the run itself changed rows by SQL, which no operator could (I13). */
  readonly wroteSql?: boolean;
}

const WITHIN_MS = 60_000;
/** Searched after every run; the rest needs a checkpoint and reads whole files. */
const QUICK_CHANNELS = ['logs', 'tables', 'log of PostgreSQL', 'activity of PostgreSQL', 'append-only file of Redis'];

/**
 * Looks at both nodes after a run, when all promised messages have come to an end or their time is over, and says of each promise
 * whether it held.
 * @param promised every message whose sender was told "sent"
 */
export async function checkPromises(
  nodes: TwoNodes,
  promised: readonly Promised[],
  options: CheckOptions = {},
): Promise<PromiseReport> {
  const { watch, needles, baseline, healedAt, alarms, third, wroteSql } = options;
  // First: it also waits for what is still in hand, such as a receipt on its way.
  const settled: Finding = baseline ? await backToBaseline(nodes, baseline) : { reason: 'no baseline was taken' };
  const ledger = await brokenPromises(nodes, promised);
  const of = (name: PromiseName) =>
    ledger.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return reportOf({
    I1: of('I1'),
    I2: of('I2'),
    I3: of('I3').filter((line) => !line.split(/[ ,]/).some((word) => third?.sent.has(word))),
    I4: watch ? await watch.end() : { reason: 'nobody watched the run' },
    I5: of('I5'),
    I6: await inconsistentHistories(nodes),
    I7: needles ? await leaks(nodes, needles, options.deep === true) : { reason: 'the messages carried no canaries' },
    I8: settled,
    I9: healedAt
      ? await lateMessages(nodes, promised, healedAt, options.withinMs ?? WITHIN_MS)
      : { reason: 'no fault healed' },
    I10: third?.changed ?? { reason: "two nodes are each other's only partner; test/fault/flow measures it" },
    I11: alarms ? await strangeAlarms(nodes, alarms) : { reason: 'nobody said which alarms are due' },
    I12: await differingManifests(nodes),
    I13: wroteSql ? ['the run changed rows by SQL'] : [],
  });
}

async function leaks(nodes: TwoNodes, needles: Needles, deep: boolean): Promise<string[]> {
  const channels = channelsOf(nodes).filter(({ name }) => deep || QUICK_CHANNELS.includes(name));
  const found: string[] = [];
  for (const channel of channels) found.push(...(await scan(channel, needles)));
  return found;
}

/** I9: messages that came to an end later than allowed after the fault had healed, or after they were sent when that was later. */
async function lateMessages(
  nodes: TwoNodes,
  promised: readonly Promised[],
  healedAt: Date,
  withinMs: number,
): Promise<string[]> {
  const faults: string[] = [];
  for (const from of new Set(promised.map((message): NodeId => message.from))) {
    const read = readerOf(nodes, from);
    const rows = await read<{ id: string; at: Date | null; after: number | null }>(
      `SELECT o.id, e.at, extract(epoch FROM e.at - greatest(o.created_at, $2))::float * 1000 AS after
       FROM outbox o LEFT JOIN LATERAL (SELECT min(at) AS at FROM delivery_event
         WHERE message_id = o.id AND state IN ('delivered', 'opened', 'refused', 'expired', 'undeliverable')) e ON true
       WHERE o.id = ANY ($1::uuid[])`,
      [promised.filter((message) => message.from === from).map(({ id }) => id), healedAt],
    );
    faults.push(
      ...rows.flatMap(({ id, at, after }) => {
        if (at === null) return [`${id} has not come to an end`];
        return after! > withinMs ? [`${id} came to an end ${Math.round(after!)} ms after the fault`] : [];
      }),
    );
  }
  return faults;
}
