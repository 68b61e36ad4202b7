import type { Cost } from './cost';
import type { SessionResult } from './one-session';
import type { DrillResult } from './run-drill';

const COLUMNS = [
  'what',
  'sent',
  'tried again',
  'longest wait',
  'given up',
  'answers lost',
  'recovered',
  'caught up',
  'promises',
];

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const cellsOf = (result: DrillResult): string[] => [
  result.what,
  String(result.sent),
  String(result.triedAgain),
  seconds(result.longestWaitMs),
  String(result.givenUp),
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

/** One officer at two offices, as a line. */
export const sessionLine = ({ answered, faults }: SessionResult): string =>
  [`one session at two offices: ${answered.join(' and ')} requests answered`, ...faults].join('\n  ');

/** What a message costs, as a line. */
export const costLine = ({ messages, databaseBytes, walBytes, wireBytes }: Cost): string =>
  `both nodes together, of ${messages} messages, each: ${databaseBytes} bytes in the databases, ${walBytes} of write-ahead log, ${wireBytes} on the wire`;

/** All of it, the drills as a table of Markdown. */
export const reportText = (report: {
  readonly drills: readonly DrillResult[];
  readonly session?: SessionResult;
  readonly cost?: Cost;
}): string =>
  [
    ...(report.drills.length > 0 ? [resultTable(report.drills)] : []),
    ...(report.session ? [sessionLine(report.session)] : []),
    ...(report.cost ? [costLine(report.cost)] : []),
  ].join('\n');

function resultTable(results: readonly DrillResult[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(COLUMNS),
    row(COLUMNS.map(() => '---')),
    ...results.map((result) => row(cellsOf(result))),
    ...results.flatMap(({ name, broken }) => broken.map((line) => `${name}: ${line}`)),
  ].join('\n');
}
