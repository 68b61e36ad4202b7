import { join } from 'node:path';
import { TraoError } from '../../libs/errors';
import { startBed, type BedOptions, type TestBed } from './bed';
import { DRAIN_LIMIT_MS, measureCell, type CellResult, type Load } from './cell';
import { documentOf } from './document';
import { DraftPool } from './draft-pool';
import { MAX_UNDER_WAY } from './drivers';
import { nowMs, OfficeLoad } from './office-load';
import { say } from './say';
import { totalCount } from './schedule';
import type { Backend } from './settings';

export interface LoadResult extends CellResult {
  readonly backend: Backend;
  readonly sizeBytes: number;
}

/** Light load: what a busy national desk may hand in. Above 20 KB half a second of thought is plausible, so less of it. */
const LIGHT_PER_S = { small: 20, large: 5 } as const;
const LARGE_BYTES = 20_480;
const FULL_WARM_UP_S = 3;
const WARM_UP_S = 1;
const EIGHTY_PERCENT = 0.8;
/** Messages of a try, and how much faster than it the maximum may be. */
const TRIED = 512;
const HEADROOM = 2.5;

/** What is measured on each back end with each size. */
export interface LoadPlan {
  readonly sizes: readonly number[];
  /** Length of the maximum, and whether it is long enough to be called what the nodes sustain. */
  readonly seconds: number;
  readonly sustained: boolean;
  /** Rates of open loops, and how long each is measured; undefined for a light one and one at 80 % of the maximum. */
  readonly rates: readonly number[] | undefined;
  readonly rateSeconds: number;
}

/** Loads two nodes, as the demonstration starts them, with their queue on one back end. */
export async function measureLoad(backend: Backend, plan: LoadPlan, options: BedOptions): Promise<LoadResult[]> {
  const folder = join(options.folder, backend);
  const profiles = options.profiles === undefined ? undefined : join(options.profiles, backend);
  const { bed, stop } = await startBed(backend, { ...options, folder, profiles });
  const results: LoadResult[] = [];
  for (const sizeBytes of plan.sizes) {
    for (const result of await measureSize(backend, sizeBytes, plan, bed))
      results.push({ backend, sizeBytes, ...result });
  }
  await stop();
  return results;
}

async function measureSize(backend: Backend, sizeBytes: number, plan: LoadPlan, bed: TestBed): Promise<CellResult[]> {
  const drafts = new DraftPool(bed.writing, documentOf(sizeBytes));
  const announce = (what: string) => say(`load on ${backend}, ${sizeBytes} bytes, ${what}`);
  const atRate = async (ratePerS: number, load: Load): Promise<CellResult> => {
    await drafts.fill(totalCount({ ratePerS, seconds: WARM_UP_S + plan.rateSeconds }));
    announce(`${ratePerS} per second`);
    const looked = plan.rates !== undefined;
    return told(measureCell(bed, { drafts, seconds: plan.rateSeconds, load, ratePerS, warmUpS: WARM_UP_S, looked }));
  };
  announce('writing and approving referrals');
  // The first try is of processes that have never sent anything.
  await tryOut(bed, drafts);
  const roughly = await tryOut(bed, drafts);
  await fillForMaximum(drafts, roughly, plan.seconds);
  announce('maximum');
  const load = plan.sustained ? 'sustained' : 'maximum';
  const maximum = await told(
    measureCell(bed, {
      drafts,
      load,
      ratePerS: undefined,
      seconds: plan.seconds,
      warmUpS: FULL_WARM_UP_S,
      looked: plan.rates === undefined,
    }),
  );
  const results = [maximum];
  if (plan.rates) {
    for (const rate of plan.rates) results.push(await atRate(rate, `${rate}/s`));
    return results;
  }
  results.push(await atRate(sizeBytes > LARGE_BYTES ? LIGHT_PER_S.large : LIGHT_PER_S.small, 'light'));
  const eighty = Number((maximum.throughputPerS * EIGHTY_PERCENT).toFixed(1));
  if (eighty === 0) throw new TraoError('internal', { detail: 'Nothing was delivered at maximum load.' });
  return [...results, await atRate(eighty, '80%')];
}

/** Says what came of it at once: what is measured after it takes minutes, and may fail. */
async function told(measuring: Promise<CellResult>): Promise<CellResult> {
  const result = await measuring;
  const { throughputPerS, p99Ms, cpuMsPerMessage, undelivered, refused } = result;
  say(
    `${throughputPerS}/s, p99 ${p99Ms} ms, ${cpuMsPerMessage} ms of CPU a message, ${undelivered + refused} lost or refused`,
  );
  return result;
}

/** Has enough drafts for a measurement at maximum. */
export async function fillForMaximum(drafts: DraftPool, roughlyPerS: number, seconds: number): Promise<void> {
  await drafts.fill(MAX_UNDER_WAY + Math.ceil(roughlyPerS * HEADROOM * (FULL_WARM_UP_S + seconds)));
}

/** About how many messages a second are delivered, to know how many have to be written beforehand. */
export async function tryOut({ office, database }: TestBed, drafts: DraftPool, messages = TRIED): Promise<number> {
  await drafts.fill(messages);
  const load = new OfficeLoad(office, drafts);
  const begun = nowMs();
  await Promise.all(Array.from({ length: messages }, () => load.submit(nowMs())));
  await database.drain(DRAIN_LIMIT_MS);
  await load.close();
  return (load.submitted.length * 1000) / (nowMs() - begun);
}
