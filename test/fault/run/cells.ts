import { seededRandom } from '../../fakes/seeded-random';
import type { QueueKind } from '../../harness/two-nodes';
import { POINTS, pointNamed, type Point } from '../build/points';
import { STRIKES, type Strike } from '../points/strikes';

/** One run: a strike at a point, on a queue, with a seed for all that is left to chance. */
export interface Cell {
  readonly point: Point;
  readonly strike: Strike;
  readonly queue: QueueKind;
  readonly seed: number;
}

/** e.g. `S4/kill/redis/7`; the same in every run. */
export const nameOf = ({ point, strike, queue, seed }: Cell) => `${point.name}/${strike}/${queue}/${seed}`;

/** The command that plays a cell again. */
export const replayOf = ({ point, strike, queue, seed }: Cell) =>
  `npm run faults -- --only ${point.name} --fault ${strike} --queue ${queue} --from ${seed} --seeds 1`;

export interface Choice {
  /** Names of points; all when empty. */
  readonly points: readonly string[];
  readonly strikes: readonly Strike[];
  readonly queues: readonly QueueKind[];
  readonly seeds: readonly number[];
}

/** All cells of a choice, seed by seed, so that a run that is cut short has seen each point. */
export function cellsOf({ points, strikes, queues, seeds }: Choice): Cell[] {
  const chosen = points.length === 0 ? POINTS : points.map(pointNamed);
  const kinds = strikes.length === 0 ? STRIKES : strikes;
  return seeds.flatMap((seed) =>
    chosen.flatMap((point) => kinds.flatMap((strike) => queues.map((queue) => ({ point, strike, queue, seed })))),
  );
}

/** The part of a list that is shard `index` of `count` (from 1). */
export const shardOf = <T>(list: readonly T[], index: number, count: number): T[] =>
  list.filter((_, position) => position % count === index - 1);

/** The list in an order that the seed decides. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
