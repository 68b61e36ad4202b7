import { readAccess } from '../../apps/cli/local/access';
import { startNetwork } from '../../apps/cli/local/network';
import { TraoError } from '../../libs/errors';
import { OperatorSession } from '../harness/operator-session';
import type { TwoNodes } from '../harness/two-nodes';
import { measureCell } from './cell';
import type { Cleanup } from './cleanup';
import { documentOf } from './document';
import { DraftPool } from './draft-pool';
import { MAX_UNDER_WAY } from './drivers';
import { testBedOf } from './bed';
import { tryOut } from './load';
import { watch } from './monitor-cost';
import { percentile, rounded } from './percentiles';
import { clusterOf } from './postgres';
import { say } from './say';
import { SMALL_BYTES } from './settings';

const NODE = 'vn';
/** Pairs of a run without and one with an operator: what else the machine does falls on both. */
const PAIRS = 4;
const WARM_UP_S = 2;
const HEADROOM = 2;
const MOST_VOID = 4;

/** Messages a second at maximum, alone and while an operator loads overview and messages once a second. */
export interface WatchedLoad {
  readonly alone: readonly number[];
  readonly watched: readonly number[];
  /** How much less is delivered, by the medians, in percent; negative when more is. */
  readonly lessPercent: number;
  /** Pages that the operator got in all. */
  readonly pages: number;
}

/** Measures what an operator who reloads costs deliveries. */
export async function measureWatchedLoad(
  folder: string,
  portBase: number,
  seconds: number,
  cleanup: Cleanup,
): Promise<WatchedLoad> {
  const network = await startNetwork({ folder, portBase, respawn: false });
  cleanup.add('network', () => network.stop());
  cleanup.addCluster(clusterOf(folder));
  const bed = await testBedOf(network, undefined, cleanup);
  const operator = await OperatorSession.of({ access: readAccess(folder)! } as TwoNodes, NODE, 'monitor/watcher');
  const drafts = new DraftPool(bed.writing, documentOf(SMALL_BYTES));
  const roughly = await tryOut(bed, drafts);
  const run = async () => {
    await drafts.fill(MAX_UNDER_WAY + Math.ceil(roughly * HEADROOM * (WARM_UP_S + seconds)));
    const options = { drafts, load: 'maximum', ratePerS: undefined, warmUpS: WARM_UP_S, seconds } as const;
    const { throughputPerS, undelivered, refused } = await measureCell(bed, options);
    return undelivered + refused === 0 ? throughputPerS : undefined;
  };
  // On a machine that others load too, a connection may time out: what was not taken voids a run, which is made anew.
  const sound = async () => {
    for (let left = MOST_VOID; left > 0; left -= 1) {
      const throughputPerS = await run();
      if (throughputPerS !== undefined) return throughputPerS;
      say('monitor: messages were lost or not taken: once more');
    }
    throw new TraoError('internal', { detail: 'Messages were lost or not taken, again and again.' });
  };
  const alone: number[] = [];
  const watched: number[] = [];
  let pages = 0;
  // The first run of a node is slower than all others.
  await run();
  for (let pair = 0; pair < PAIRS; pair += 1) {
    say(`monitor: pair ${pair + 1} of ${PAIRS}, without and with an operator`);
    alone.push(await sound());
    const eyes = watch(operator);
    watched.push(await sound());
    pages += await eyes.stop();
  }
  for (const step of ['database connections', 'network']) await cleanup.run(step);
  const [before, after] = [median(alone), median(watched)];
  return { alone, watched, pages, lessPercent: rounded((100 * (before - after)) / before, 1) };
}

const median = (values: readonly number[]) =>
  percentile(
    values.toSorted((a, b) => a - b),
    50,
  )!;
