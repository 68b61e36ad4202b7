import { join } from 'node:path';
import { TraoError } from '../../libs/errors';
import { startBed, type BedOptions, type TestBed } from './bed';
import { measureCell } from './cell';
import { Cleanup } from './cleanup';
import { documentOf } from './document';
import { DraftPool } from './draft-pool';
import { fillForMaximum, tryOut } from './load';
import { rounded } from './percentiles';
import { clusterOf } from './postgres';
import { say } from './say';
import { SMALL_BYTES, type Backend } from './settings';
import { multiplyMessages } from './stored-rows';

/** Messages a second at maximum of two nodes that hold few messages and of two that hold very many. */
export interface StoredLoad {
  readonly backend: Backend;
  readonly messages: number;
  readonly few: readonly number[];
  readonly many: readonly number[];
  /** The mean of `many` as a part of the mean of `few`. */
  readonly ratio: number;
  /** How long writing them took, in seconds. */
  readonly fillS: number;
}

/** Of which the many are copies; about as many as the few nodes hold. */
const FEW = 1_000;
const PAIRS = 4;
const WARM_UP_S = 2;
const PORTS_APART = 100;

interface Side {
  readonly bed: TestBed;
  readonly drafts: DraftPool;
  readonly roughlyPerS: number;
  readonly perS: number[];
}

/**
 * Both pairs of nodes run all the time and are loaded in turn, so that whatever else the machine does falls on both.
 * @param seconds of each measurement
 */
export async function measureStored(
  backend: Backend,
  messages: number,
  seconds: number,
  options: BedOptions,
): Promise<StoredLoad> {
  const few = await startSide('few', 0);
  const many = await startSide('many', PORTS_APART);
  say(`stored: writing ${messages} messages into two nodes`);
  const begun = performance.now();
  await Promise.all([...many.bed.owners.values()].map((owner) => multiplyMessages(owner, FEW, messages)));
  const fillS = (performance.now() - begun) / 1000;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    say(`stored: pair ${pair + 1} of ${PAIRS}, on nodes with few and with many messages`);
    for (const side of pair % 2 === 0 ? [few, many] : [many, few]) await measure(side);
  }
  await Promise.all([few, many].map((side) => side.stop()));
  const ratio = rounded(sum(many.perS) / sum(few.perS), 3);
  return { backend, messages, few: few.perS, many: many.perS, ratio, fillS: rounded(fillS, 0) };

  async function startSide(name: string, ports: number): Promise<Side & { stop(): Promise<void> }> {
    // Steps of cleaning up have names, and both sides have the same ones.
    const cleanup = new Cleanup(undefined);
    options.cleanup.add(`stored ${name}`, () => cleanup.finish());
    const folder = join(options.folder, name);
    options.cleanup.addCluster(clusterOf(folder));
    const own = { ...options, folder, portBase: options.portBase + ports, cleanup };
    const { bed, stop } = await startBed(backend, own);
    const drafts = new DraftPool(bed.writing, documentOf(SMALL_BYTES));
    await tryOut(bed, drafts, FEW / 2);
    const roughlyPerS = await tryOut(bed, drafts, FEW / 2);
    return { bed, drafts, roughlyPerS, perS: [], stop };
  }

  async function measure({ bed, drafts, roughlyPerS, perS }: Side): Promise<void> {
    await fillForMaximum(drafts, roughlyPerS, seconds);
    const options = { drafts, load: 'maximum', ratePerS: undefined, warmUpS: WARM_UP_S, seconds } as const;
    const { throughputPerS, undelivered, refused } = await measureCell(bed, options);
    if (undelivered + refused > 0)
      throw new TraoError('internal', { detail: `stored: ${undelivered} never delivered, ${refused} not taken` });
    perS.push(throughputPerS);
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
