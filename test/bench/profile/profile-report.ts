import { columns } from '../columns';
import { rounded } from '../percentiles';
import type { LoadProfile, ProcessProfile } from './profiler';
import type { TimeOf } from './self-times';
import { shortened, type BatchSize, type StatementRow } from './statements';

const FUNCTIONS = 25;
const MODULES = 16;
const STATEMENTS = 40;
const QUERY_LETTERS = 150;
/** Of a message, less than this is not shown. */
const LEAST_MS = 0.005;

/** The profile for people: everything in milliseconds of CPU or of the server's time for each delivered message. */
export function linesOfProfile(title: string, profile: LoadProfile, messages: number): string[] {
  const each = (ms: number) => rounded(ms / messages, 3);
  const { processes, backends, statements, batches, commits, walBytes } = profile;
  return [
    `${title}: ${messages} messages; for each of them ${rounded(commits / messages, 2)} commits, ${rounded(walBytes / messages, 0)} bytes of WAL`,
    `PostgreSQL, CPU by role of its connections: ${ofNames(backends, each)}`,
    ...processes.filter(({ threads }) => each(threads['main'] ?? 0) >= LEAST_MS).flatMap((one) => ofProcess(one, each)),
    '',
    'Rows of a batch, by what was claimed',
    ...columns(['role', 'claims', 'rows each', 'table'], batches.map(ofBatch)),
    '',
    'Statements, by time of the server; calls, time and WAL for each message',
    ...columns(
      ['role', 'calls', 'ms', 'plan ms', 'ms a call', 'rows a call', 'WAL', 'statement'],
      statements.slice(0, STATEMENTS).map((statement) => ofStatement(statement, messages)),
    ),
  ];
}

/**
 * The sampler counts time by the clock, also when another process has the core: its shares are set to the CPU time of the main thread.
 */
function ofProcess(process: ProcessProfile, each: (ms: number) => number): string[] {
  const { name, busyMs, threads, functions, modules, within } = process;
  const scale = busyMs === 0 ? 0 : (threads['main'] ?? 0) / busyMs;
  const times = (list: readonly TimeOf[], most: number) =>
    list
      .map(({ what, ms }) => [each(ms * scale), what] as const)
      .filter(([ms]) => ms >= LEAST_MS)
      .slice(0, most);
  return [
    '',
    `${name}: CPU by thread ${ofNames(threads, each)}`,
    ...columns(['ms', 'function, alone'], times(functions, FUNCTIONS)),
    ...columns(['ms', 'package or folder, with what is native'], times(modules, MODULES)),
    ...columns(['ms', 'function of ours, with all that it calls'], times(within, FUNCTIONS)),
  ];
}

const nameOf = (role: string) => role.replace('trao_', '');

function ofBatch({ role, table, calls, rows }: BatchSize) {
  return [nameOf(role), calls, rounded(rows / Math.max(calls, 1), 1), table];
}

function ofStatement({ role, calls, totalMs, planMs, rows, walBytes, query }: StatementRow, messages: number) {
  return [
    nameOf(role),
    rounded(calls / messages, 3),
    rounded(totalMs / messages, 3),
    rounded(planMs / messages, 3),
    rounded(totalMs / calls, 3),
    rounded(rows / calls, 1),
    rounded(walBytes / messages, 0),
    shortened(query, QUERY_LETTERS),
  ];
}

function ofNames(cpu: Readonly<Record<string, number>>, each: (ms: number) => number): string {
  const parts = Object.entries(cpu).sort(([, a], [, b]) => b - a);
  return parts
    .map(([name, ms]) => [name, each(ms)] as const)
    .filter(([, ms]) => ms >= LEAST_MS)
    .map(([name, ms]) => `${name} ${ms}`)
    .join(', ');
}
