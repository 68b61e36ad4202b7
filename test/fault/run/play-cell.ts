import { createHash } from 'node:crypto';
import { seededRandom } from '../../fakes/seeded-random';
import { newCanaries } from '../../harness/canary';
import { Needles } from '../../harness/canary-needles';
import { untilAllFinal, type Promised } from '../../harness/ledger';
import { NODES, type NodeId, type TwoNodes } from '../../harness/two-nodes';
import type { Armed } from '../points/control';
import { strike } from '../points/strikes';
import { baselineOf } from '../promises/baseline';
import { checkPromises } from '../promises/check';
import type { PromiseLine } from '../promises/report';
import { TruthWatch } from '../promises/truth-watch';
import { nameOf, type Cell } from './cells';
import type { Pair } from './pair';
import { sendTraffic } from './traffic';

/** What came of a cell, as it is kept. */
export interface CellResult {
  readonly cell: string;
  readonly point: string;
  readonly strike: string;
  readonly queue: string;
  readonly seed: number;
  readonly at: string;
  readonly messages: number;
  readonly ms: number;
  /** From the end of the fault to the last final state, in ms; absent when it was not reached. */
  readonly healMs?: number;
  readonly faults: readonly string[];
  readonly lines: readonly PromiseLine[];
}

/** A little more than promise I9 gives, so that the check says by how much it was missed. */
const DRAIN_MS = 90_000;

/**
 * Plays a cell on two running nodes: messages both ways, the strike when one of them comes to the point, and all promises checked when
 * everything has come to an end. Never throws: what goes wrong is a fault of the cell.
 */
export async function playCell(cell: Cell, pair: Pair, stopMs: number): Promise<CellResult> {
  const begun = new Date();
  const { point, strike: kind, queue, seed } = cell;
  const played = await play(cell, pair, stopMs, begun).catch((error: Error): Played => ({
    messages: 0,
    faults: [`failed: ${error.message}`],
    lines: [],
  }));
  const known = { cell: nameOf(cell), point: point.name, strike: kind, queue, seed };
  return { ...known, at: begun.toISOString(), ms: Date.now() - begun.getTime(), ...played };
}

type Played = Pick<CellResult, 'messages' | 'healMs' | 'faults' | 'lines'>;

async function play(cell: Cell, { nodes, control }: Pair, stopMs: number, since: Date): Promise<Played> {
  const { point } = cell;
  const random = seededRandom(hash(nameOf(cell)));
  const from: NodeId = NODES[Math.floor(random() * NODES.length)]!;
  const to: NodeId = from === 'vn' ? 'gb' : 'vn';
  const canaries = newCanaries();
  const baseline = await baselineOf(nodes);
  const watch = new TruthWatch(nodes, since);
  const armed = control.arm(point.side === 'sender' ? from : to, point.app, point.name);
  const faults: string[] = [];
  try {
    const traffic = { there: 1 + Math.floor(random() * 3), back: 1 + Math.floor(random() * 2) };
    // Each may fail, and both are waited for.
    const sending = sendTraffic(nodes, from, canaries, traffic, random).catch((error: Error) => error);
    const healed = await struck(cell, armed, nodes, stopMs, faults);
    const sent = await sending;
    if (sent instanceof Error) faults.push(sent.message);
    const promised = sent instanceof Error ? [] : sent;
    await drain(nodes, promised).catch((error: Error) => faults.push(error.message));
    const drained = Date.now();
    const report = await checkPromises(nodes, promised, {
      watch,
      needles: new Needles({ ...canaries }),
      baseline,
      healedAt: new Date(healed),
      alarms: { since, due: [], allowed: [] },
    });
    faults.push(...report.faults);
    const healMs = faults.length === 0 ? { healMs: drained - healed } : {};
    return { messages: promised.length, ...healMs, faults, lines: report.lines };
  } finally {
    armed.disarm();
    await watch.pause();
  }
}

/** Waits for the point to be reached and strikes. Answers when the fault was over. */
async function struck(cell: Cell, armed: Armed, nodes: TwoNodes, stopMs: number, faults: string[]): Promise<number> {
  try {
    return await strike(cell.strike, armed, await armed.untilHit(), nodes, stopMs);
  } catch (error) {
    faults.push(`the fault did not strike: ${(error as Error).message}`);
    armed.disarm();
    return Date.now();
  }
}

async function drain(nodes: TwoNodes, promised: readonly Promised[]): Promise<void> {
  for (const from of NODES) {
    const ids = promised.filter((message) => message.from === from).map(({ id }) => id);
    if (ids.length > 0) await untilAllFinal(nodes, from, ids, { timeoutMs: DRAIN_MS });
  }
}

/** A number from a text: cells with one seed differ in their chances. */
const hash = (text: string) => createHash('sha256').update(text).digest().readUInt32BE(0);
