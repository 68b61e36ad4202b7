import type { QueueKind } from '../../harness/two-nodes';
import { cellsOf, shuffled, type Cell } from './cells';

/** How long the selection of CI may go on beginning things, in ms: what has begun takes its time, and all is over within 6 minutes. */
export const SELECTION = { cellsMs: 150_000, scenariosMs: 110_000 } as const;

/**
 * The cells of a CI run, in an order that the seed decides. On each queue one process is stopped, first, as that takes longest; the rest
 * goes on until the time is over.
 */
export function selectedCells(queues: readonly QueueKind[], seed: number): Cell[] {
  const mixed = shuffled(cellsOf({ points: [], strikes: [], queues, seeds: [seed] }), seed);
  return queues.flatMap((queue) => {
    const mine = mixed.filter((cell) => cell.queue === queue);
    const stops = mine.filter(({ strike }) => strike === 'stop');
    return [...stops.slice(0, 1), ...mine.filter(({ strike }) => strike !== 'stop')];
  });
}
