import type { QueueKind } from '../../harness/two-nodes';
import type { FaultBuild } from '../build/fault-build';
import { nameOf, replayOf, type Cell } from './cells';
import { startPair, type Pair } from './pair';
import { playCell, type CellResult } from './play-cell';

export interface PlayOptions {
  readonly build: FaultBuild;
  /** Pairs of nodes per queue that play at the same time. */
  readonly pairs: number;
  readonly stopMs: number;
  /** No cell begins after this, in ms since 1970. */
  readonly until: number;
  readonly add: (result: CellResult) => void;
}

/**
 * Plays cells, each queue on nodes of its own. Nodes that a cell left in doubt are not used again.
 * @returns the results, in the order in which they came
 */
export async function playAll(cells: readonly Cell[], options: PlayOptions): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const add = (result: CellResult) => {
    results.push(result);
    options.add(result);
  };
  const queues = [...new Set(cells.map((cell): QueueKind => cell.queue))];
  await Promise.all(
    queues.flatMap((queue) => {
      const waiting = cells.filter((cell) => cell.queue === queue);
      const pairs = Math.min(options.pairs, waiting.length);
      return Array.from({ length: pairs }, () => playOn(queue, waiting, { ...options, add }));
    }),
  );
  return results;
}

/** Takes cells from the list until it is empty or the time is over. */
async function playOn(queue: QueueKind, waiting: Cell[], options: PlayOptions): Promise<void> {
  const { build, stopMs, until, add } = options;
  let pair: Pair | undefined;
  try {
    for (;;) {
      const cell = Date.now() < until ? waiting.shift() : undefined;
      if (!cell) return;
      pair ??= await startPair(queue, build);
      const result = await playCell(cell, pair, stopMs);
      add(result);
      tell(cell, result);
      if (result.faults.length === 0) continue;
      const broken: Pair = pair;
      pair = undefined;
      // Nodes that were broken may not end in order; that is told already.
      await broken.stop().catch((error: Error) => process.stderr.write(`${error.message}\n`));
    }
  } finally {
    await pair?.stop();
  }
}

function tell(cell: Cell, { faults, ms, healMs }: CellResult): void {
  const heal = healMs === undefined ? '' : `, healed in ${(healMs / 1000).toFixed(1)} s`;
  process.stdout.write(
    `${nameOf(cell)} ${faults.length === 0 ? 'held' : 'BROKEN'} (${(ms / 1000).toFixed(1)} s${heal})\n`,
  );
  for (const fault of faults) process.stdout.write(`  ${fault}\n`);
  if (faults.length > 0) process.stdout.write(`  replay: ${replayOf(cell)}\n`);
}
