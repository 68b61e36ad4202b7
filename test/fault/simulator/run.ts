import { Director } from './director';
import { contradict } from './false-receipts';
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
  const { breaches } = world.watch;
  if (breaches.length === 0) breaches.push(...(await brokenPromises(world, healedMs)));
  // Only where every promise held: what a partner says against itself breaks none of them.
  if (breaches.length === 0 && world.weather.false_receipt > 0)
    for (const node of world.nodes) await contradict(world, node);
  for (const { promise, what } of breaches) world.note(`broken: ${promise}: ${what}`);
  const { counts } = world.watch.coverage;
  const common = { seed, start: world.start.name, breaches, faults: world.faults.counts, transitions: counts };
  return { ...common, messages: world.watch.sent.size, healedMs };
}
