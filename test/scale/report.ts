import type { DrillResult } from './run-drill';

const COLUMNS = ['what', 'sent', 'tried again', 'longest wait', 'answers lost', 'recovered', 'caught up', 'promises'];

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const cellsOf = (result: DrillResult): string[] => [
  result.what,
  String(result.sent),
  String(result.triedAgain),
  seconds(result.longestWaitMs),
  String(result.answersLost),
  seconds(result.recoveredMs),
  seconds(result.caughtUpMs),
  result.broken.length === 0 ? 'held' : `${result.broken.length} BROKEN`,
];

/** One drill as a line, with everything that is broken below it. */
export function resultLine(result: DrillResult): string {
  const facts = cellsOf(result)
    .slice(1)
    .map((cell, index) => `${COLUMNS[index + 1]} ${cell}`);
  return [`${result.name}: ${facts.join(', ')}; load average ${result.loadAverage.toFixed(1)}`, ...result.broken].join(
    '\n  ',
  );
}

/** All drills as a table of Markdown. */
export function resultTable(results: readonly DrillResult[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(COLUMNS),
    row(COLUMNS.map(() => '---')),
    ...results.map((result) => row(cellsOf(result))),
    ...results.flatMap(({ name, broken }) => broken.map((line) => `${name}: ${line}`)),
  ].join('\n');
}
