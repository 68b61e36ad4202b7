import { faultBuild } from './build/fault-build';
import { argumentsOf, USAGE, type Arguments } from './run/arguments';
import { cellsOf, nameOf, shardOf } from './run/cells';
import { playAll } from './run/play-all';
import { reportTable } from './run/report-table';
import { Results } from './run/results';

async function main(): Promise<number> {
  let asked: Arguments;
  try {
    asked = argumentsOf(process.argv.slice(2), new Date());
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const results = new Results();
  if (asked.report) {
    process.stdout.write(`${reportTable(results.latest())}\n`);
    return 0;
  }
  return matrix(asked, results);
}

/** Plays the cells that are asked for. Answers 1 when a promise was broken. */
async function matrix(asked: Arguments, results: Results): Promise<number> {
  const { shard, pairs, stopMs, from, seeds } = asked;
  const held = new Set(
    results.latest().flatMap(({ cell, faults }) => (asked.resume && faults.length === 0 ? [cell] : [])),
  );
  const all = cellsOf({ ...asked, seeds: Array.from({ length: seeds }, (_, index) => from + index) });
  const cells = shardOf(all, shard.index, shard.count).filter((cell) => !held.has(nameOf(cell)));
  const build = await faultBuild();
  const played = await playAll(cells, {
    build,
    pairs,
    stopMs,
    until: Number.POSITIVE_INFINITY,
    add: (result) => results.add(result),
  });
  process.stdout.write(`${reportTable(played)}\n`);
  return played.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

// The nodes under test keep no process alive that waits for them.
setInterval(() => undefined, 60_000);
void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
