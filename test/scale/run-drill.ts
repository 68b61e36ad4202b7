import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { untilAllFinal } from '../harness/ledger';
import { NODES } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';
import { checkPromises } from '../fault/promises/check';
import type { Drill } from './drills';
import type { ScaledNetwork } from './scaled-network';
import type { Sent, Traffic } from './traffic';

/** What came of a drill. Times in milliseconds from the strike. */
export interface DrillResult {
  readonly name: string;
  readonly what: string;
  readonly sent: number;
  /** Messages for which an officer had to try more than once, and how long one waited at most. */
  readonly triedAgain: number;
  readonly longestWaitMs: number;
  /** Messages whose officers gave up after three minutes: nobody was told "sent", so nothing is promised of them. */
  readonly givenUp: number;
  /** Messages that had got through though their officer saw an error; trying again sent none twice. */
  readonly answersLost: number;
  /** Until the first message that was begun after the strike was delivered, in the slower of both directions. */
  readonly recoveredMs: number;
  /** Until all that was begun before that moment was delivered. */
  readonly caughtUpMs: number;
  readonly broken: readonly string[];
  /** Of the machine, when the drill ended: above the number of cores the times are those of a busy machine. */
  readonly loadAverage: number;
}

export interface Pace {
  /** Messages a second, each way. */
  readonly perSecond: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

const RECOVERY_LIMIT_MS = 180_000;
const DRAIN_LIMIT_MS = 180_000;

/** Strikes while officers go on sending, and looks at all promises when everything has come to an end. */
export async function runDrill(
  drill: Drill,
  network: ScaledNetwork,
  traffic: Traffic,
  { perSecond, beforeMs, afterMs }: Pace,
): Promise<DrillResult> {
  const first = traffic.sent.length;
  await drill.prepare?.(network);
  traffic.start(perSecond);
  await pause(beforeMs);
  const struckAt = Date.now();
  await drill.strike(network);
  if (drill.help) {
    await pause(Math.max(0, struckAt + (drill.helpAfterMs ?? 0) - Date.now()));
    await drill.help(network);
  }
  const own = () => traffic.sent.slice(first);
  await untilRecovered(network, own, struckAt);
  await pause(afterMs);
  await traffic.stop();
  const sent = own();
  for (const from of NODES) await untilAllFinal(network.seen, from, idsFrom(sent, from), { timeoutMs: DRAIN_LIMIT_MS });
  const delivered = await deliveryTimes(network, sent);
  const recovered = recoveryOf(sent, delivered, struckAt)!;
  const { faults } = await checkPromises(network.seen, sent);
  await drill.mend?.(network);
  return {
    name: drill.name,
    what: drill.what,
    sent: sent.length,
    triedAgain: sent.filter(({ tries }) => tries > 1).length,
    longestWaitMs: Math.max(...sent.map(({ startedAt, acceptedAt }) => acceptedAt - startedAt)),
    givenUp: traffic.givenUp.splice(0).length,
    answersLost: sent.filter(({ replayed }) => replayed).length,
    recoveredMs: recovered - struckAt,
    caughtUpMs:
      Math.max(
        recovered,
        ...sent.filter(({ startedAt }) => startedAt <= recovered).map(({ id }) => delivered.get(id) ?? Infinity),
      ) - struckAt,
    broken: [...faults, ...traffic.refused.splice(0).map((line) => `refused: ${line}`)],
    loadAverage: loadavg()[0]!,
  };
}

async function untilRecovered(network: ScaledNetwork, own: () => readonly Sent[], struckAt: number): Promise<void> {
  await waitFor(
    'messages sent after the strike to be delivered, both ways',
    async () => {
      const after = own().filter(({ startedAt }) => startedAt > struckAt);
      return recoveryOf(after, await deliveryTimes(network, after), struckAt) !== undefined;
    },
    { timeoutMs: RECOVERY_LIMIT_MS, everyMs: 500 },
  );
}

/** When the first message begun after the strike was delivered, in the slower direction; undefined while in one none was. */
function recoveryOf(
  sent: readonly Sent[],
  delivered: ReadonlyMap<string, number>,
  struckAt: number,
): number | undefined {
  const firsts = NODES.map((from) =>
    Math.min(
      ...sent
        .filter((message) => message.from === from && message.startedAt > struckAt)
        .map(({ id }) => delivered.get(id) ?? Infinity),
    ),
  );
  const slower = Math.max(...firsts);
  return Number.isFinite(slower) ? slower : undefined;
}

/** When each message was delivered, as its sender's own history says. */
async function deliveryTimes(network: ScaledNetwork, sent: readonly Sent[]): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const from of NODES) {
    const database = await network.seen.database(from);
    const rows = await database.query<{ id: string; at: Date }>(
      `SELECT message_id AS id, min(at) AS at FROM delivery_event WHERE state = 'delivered' AND message_id = ANY ($1::uuid[])
       GROUP BY message_id`,
      [idsFrom(sent, from)],
    );
    for (const { id, at } of rows) times.set(id, at.getTime());
  }
  return times;
}

const idsFrom = (sent: readonly Sent[], from: string) =>
  sent.filter((message) => message.from === from).map(({ id }) => id);
