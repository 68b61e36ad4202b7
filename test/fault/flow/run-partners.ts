import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { keyFolder } from '../../../apps/cli/local/layout';
import { RECIPIENT_UNIT } from '../../bench/document';
import type { Promised } from '../../harness/ledger';
import { startTwoNodes, type QueueKind, type TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import { Filler } from '../backlog/filler';
import { baselineOf } from '../promises/baseline';
import { checkPromises } from '../promises/check';
import type { PromiseReport } from '../promises/report';
import { TruthWatch } from '../promises/truth-watch';
import { startByHand } from '../scenarios/by-hand';
import { Flood } from './flood';
import { floodFaults, rowsOf, slowedDown, type Fault, type PartnerRow, type Played } from './judge-partners';
import { playRound } from './rounds';
import { THIRD, ThirdPartner } from './third-partner';

export interface PartnersOptions {
  readonly queue: QueueKind;
  readonly faults: readonly Fault[];
  /** How often all of them take their turn. */
  readonly turns: number;
  readonly seconds: number;
  /** Messages a second from Viet Nam to the United Kingdom. */
  readonly perS: number;
  /** Normal messages a second that Viet Nam takes of one partner. */
  readonly allowedPerS: number;
  readonly lateMs: number;
  readonly say: (line: string) => void;
}

export interface PartnersResult {
  readonly rows: readonly PartnerRow[];
  readonly rounds: readonly Played[];
  readonly promises: PromiseReport;
  /** Whatever did not hold besides the times, one line each. */
  readonly faults: readonly string[];
  readonly load: readonly number[];
}

const FLOOD = 50;
const BURST_S = 10;
/** Waiting for the slow one when a round begins: two batches of each lane and more. */
const BACKLOG = { emergency: 160, urgent: 160, normal: 320 } as const;
const WARM_UP_S = 8;
/** By then a partner has used up what it may send at once. */
const BEGINNING_S = 3;
const DRAINED = { timeoutMs: 180_000, everyMs: 500 };
const SETTLE_MS = 2_000;

/** I10: how much one partner's trouble changes the time that messages to another one take, in rounds that take turns. */
export async function runPartners(options: PartnersOptions): Promise<PartnersResult> {
  const undo: (() => unknown)[] = [];
  const nodes = await startTwoNodes(options.queue, { services: false });
  try {
    return await measure(nodes, options, undo);
  } finally {
    for (const step of undo.toReversed()) await Promise.resolve(step()).catch(() => undefined);
    await nodes.stop();
  }
}

async function measure(nodes: TwoNodes, options: PartnersOptions, undo: (() => unknown)[]): Promise<PartnersResult> {
  const { queue, say, turns, seconds, perS, allowedPerS } = options;
  const afterwards = (step: () => unknown) => void undo.push(step);
  // The limit is set for a machine of two cores: what is admitted has to be carried, whoever it hurts.
  const env = { TRAO_PARTNER_MESSAGES_PER_S: String(allowedPerS), TRAO_PARTNER_BURST_S: String(BURST_S) };
  const gateway = await startByHand({ nodes, queue, say, afterwards, atEnd: afterwards }, 'vn', 'gateway', { env });
  say(`${THIRD.node} joins`);
  const third = await ThirdPartner.join(nodes);
  afterwards(() => third.close());
  const database = await nodes.database('vn');
  const filler = await Filler.of(database, keyFolder(nodes.layout), () => new Date());
  const toThird = await Filler.of(database, keyFolder(nodes.layout), () => new Date(), THIRD);
  const flood = await Flood.of(nodes);
  await toThird.fill(2, () => 'normal');
  await untilQuiet(nodes);
  const pids = { ...(await nodes.pids()), 'vn-gateway': gateway.pid };
  await playRound(nodes, filler, { perS, seconds: WARM_UP_S, pids }); // what is new is slower than all others
  const before = await baselineOf(nodes);
  const watch = new TruthWatch(nodes, new Date(0));
  const rounds: Played[] = [];
  for (let turn = 0; turn < turns; turn += 1)
    for (const fault of options.faults) {
      say(`turn ${turn + 1} of ${turns}: ${fault}`);
      rounds.push(await playFault(fault));
      await untilQuiet(nodes);
    }
  await watch.pause();

  const promised = rounds
    .flatMap(({ ids, beginning }) => [...(beginning?.ids ?? []), ...ids])
    .map((id): Promised => ({ id, from: 'vn', to: 'gb', unit: RECIPIENT_UNIT }));
  const rows = rowsOf(rounds);
  say('looking at every message on both sides');
  const changed = slowedDown(rows);
  const promises = await checkPromises(nodes, promised, {
    watch,
    baseline: before,
    third: { sent: flood.ids, changed },
  });
  return { rows, rounds, promises, faults: floodFaults(rounds), load: loadavg().map((value) => Math.round(value)) };

  async function playFault(fault: Fault): Promise<Played> {
    const play = () => playRound(nodes, filler, { perS, seconds, pids });
    switch (fault) {
      case 'nothing':
        return { fault, ...(await play()) };
      case 'slow':
        return { fault, ...(await whileSlow(third, toThird, options.lateMs, play)) };
      case 'its rate':
      case 'flood': {
        const rate = fault === 'flood' ? allowedPerS * FLOOD : allowedPerS;
        const lasts = BEGINNING_S + seconds;
        const start = await flood.prepare(rate, lasts, Math.ceil(allowedPerS * (lasts + BURST_S + 1)));
        const flooding = start();
        const beginning = await playRound(nodes, filler, { perS, seconds: BEGINNING_S, pids });
        const [round, flooded] = await Promise.all([play(), flooding]);
        return { fault, flooded, beginning, ...round };
      }
    }
  }
}

/** Messages of all lanes wait for a partner that answers late, from before the round until its end. */
async function whileSlow<T>(third: ThirdPartner, toThird: Filler, lateMs: number, play: () => Promise<T>): Promise<T> {
  third.lateMs = lateMs;
  const asked = third.asked;
  try {
    for (const lane of ['emergency', 'urgent', 'normal'] as const) await toThird.fill(BACKLOG[lane], () => lane);
    await waitFor('the slow partner to be asked', () => third.asked > asked, DRAINED);
    await pause(SETTLE_MS);
    return await play();
  } finally {
    third.lateMs = 0;
  }
}

/** Nothing of the third partner waits or is in hand any more. */
async function untilQuiet(nodes: TwoNodes): Promise<void> {
  const database = await nodes.database('vn');
  const quiet = async () => {
    const [row] = await database.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))::int
            + (SELECT count(*) FROM inbox WHERE state IN ('stored', 'held'))::int
            + (SELECT count(*) FROM receipt WHERE state = 'waiting')::int AS n`,
    );
    if (row!.n > 0) throw new Error(`${row!.n} in hand`);
    return true;
  };
  await waitFor(`what concerns ${THIRD.node} to be done`, quiet, DRAINED);
  await pause(SETTLE_MS);
}
