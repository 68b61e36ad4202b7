import { buildIfNeeded, faultBuild } from './build/fault-build';
import { argumentsOf, USAGE, type Arguments } from './run/arguments';
import { cellsOf, nameOf, shardOf } from './run/cells';
import { playAll } from './run/play-all';
import { playScenarios, playsOf, selectedPlays } from './run/play-scenarios';
import { reportTable } from './run/report-table';
import { Results } from './run/results';
import { SELECTION, selectedCells } from './run/selection';

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
  if (asked.ci) return selection(asked, results);
  if (asked.scenarios.length > 0) return scenarios(asked);
  return matrix(asked, results);
}

/** What every change must pass: cells and scenarios that the seed chooses, at the same time. */
async function selection({ queues, from: seed, stopMs }: Arguments, results: Results): Promise<number> {
  process.stdout.write(`faults: seed ${seed}; the same again: npm run faults -- --ci --seed ${seed}\n`);
  const build = await faultBuild();
  const begun = Date.now();
  const [played, outcomes] = await Promise.all([
    playAll(selectedCells(queues, seed), {
      build,
      pairs: 1,
      stopMs,
      until: begun + SELECTION.cellsMs,
      add: (result) => results.add(result),
    }),
    playScenarios(selectedPlays(queues, seed), begun + SELECTION.scenariosMs),
  ]);
  process.stdout.write(`${reportTable(played)}\n`);
  process.stdout.write(
    `faults: ${played.length} cells and ${outcomes.length} scenarios in ${Math.round((Date.now() - begun) / 1000)} s\n`,
  );
  return verdictOf([...played, ...outcomes]);
}

async function scenarios({ scenarios: names, queues, from, seeds }: Arguments): Promise<number> {
  const plays = playsOf(names, queues, seedsOf(from, seeds));
  await buildIfNeeded();
  return verdictOf(await playScenarios(plays, Number.POSITIVE_INFINITY));
}

/** 1 when a promise was broken, or nothing was looked at. */
const verdictOf = (results: readonly { readonly faults: readonly string[] }[]) =>
  results.length === 0 || results.some(({ faults }) => faults.length > 0) ? 1 : 0;

const seedsOf = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

/** Plays the cells that are asked for. Answers 1 when a promise was broken. */
async function matrix(asked: Arguments, results: Results): Promise<number> {
  const { shard, pairs, stopMs, from, seeds } = asked;
  const held = new Set(
    results.latest().flatMap(({ cell, faults }) => (asked.resume && faults.length === 0 ? [cell] : [])),
  );
  const all = cellsOf({ ...asked, seeds: seedsOf(from, seeds) });
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
  return cells.length === 0 ? 0 : verdictOf(played);
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
