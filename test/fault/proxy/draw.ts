import { seededRandom } from '../../fakes/seeded-random';

/**
 * A number in [0, 1) that depends on the seed and the place where it is drawn, and on nothing else: connections run side by side, and in
 * whichever order they ask, each gets the same.
 */
export function draw(seed: number, ...place: readonly number[]): number {
  let mixed = seed >>> 0;
  // One step of mulberry32 between any two, so that neighbours have nothing to do with each other.
  for (const part of place) mixed = (seededRandom(mixed)() * 2 ** 32) ^ Math.imul(part + 1, 0x9e3779b1);
  return seededRandom(mixed)();
}
