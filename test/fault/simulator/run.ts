import { Director } from './director';
import { heal } from './heal';
import { brokenPromises } from './promises';
import type { Breach } from './watch';
import { World, type WorldOptions } from './world';

/** What a run of one seed has shown. */
export interface Outcome {
  readonly seed: number;
  readonly start: string;
  readonly breaches: readonly Breach[];
  readonly faults: Readonly<Record<string, number>>;
  readonly transitions: ReadonlyMap<string, number>;
  /** Messages that officers wrote. */
  readonly messages: number;
  /** Simulated time from the mending to the last row that settled, in milliseconds. */
  readonly healedMs: number;
}

/** Runs one seed: some messages while faults strike, everything mended, and every promise held against what is left. */
export async function runSeed(seed: number, options: WorldOptions = {}): Promise<Outcome> {
  const world = await World.begin(seed, options);
  await world.watch.prepare();
  world.note(`seed ${seed}, from ${world.start.name}`);
  const director = new Director(world);
  await director.run();
  let healedMs = 0;
  if (world.watch.breaches.length === 0) healedMs = await heal(world, director);
  const broken = world.watch.breaches.length > 0 ? world.watch.breaches : await brokenPromises(world, healedMs);
  for (const { promise, what } of broken) world.note(`broken: ${promise}: ${what}`);
  const { counts } = world.watch.coverage;
  const common = { seed, start: world.start.name, breaches: broken, faults: world.faults.counts, transitions: counts };
  return { ...common, messages: world.watch.sent.size, healedMs };
}
