import { columns } from './columns';
import type { CoreFigures } from './core';
import { linesOfCosts } from './costs';
import type { ListsResult } from './monitor-lists';
import type { WatchedLoad } from './monitor-load';
import type { PagesResult } from './pages';
import { linesOfProfile } from './profile/profile-report';
import { faultsOf, type Report } from './report';
import type { StoredLoad } from './stored';
import { linesOfTargets } from './target-lines';
import type { TimingRow } from './timing';

/** The result for people. */
export function tableOf(report: Report): string {
  const { machine, core, floor, bare, results, timing, pages, monitor, watched, stored } = report;
  const { cpu, cores, memoryGb, node, postgres, loadAverage, diskSyncMs } = machine;
  const lines = [
    `${cpu}, ${cores} cores, ${memoryGb} GiB, Node ${node}, PostgreSQL ${postgres ?? '(not started)'}`,
    `load average ${loadAverage.join(' ')} at the start; the disk makes 8 KB durable in ${diskSyncMs ?? '?'} ms`,
    '',
  ];
  if (core) lines.push(...linesOfCore(core), '');
  if (floor) {
    const rows = floor.sizes.map((size) => [size.sizeBytes, size.cpuMsPerMessage, size.messagesPerS]);
    lines.push('Floor: cryptography alone', ...columns(['bytes', 'CPU ms', 'msg/s'], rows), '');
  }
  if (bare) {
    const rows = bare.sizes.map((size) => [size.sizeBytes, size.cpuMsPerMessage, size.throughputPerS]);
    lines.push('Bare pipeline: two plain processes', ...columns(['bytes', 'CPU ms', 'msg/s'], rows), '');
  }
  if (results) {
    const rows = results.map((result) => COLUMNS.map(([, pick]) => pick(result)));
    const heads = COLUMNS.map(([head]) => head);
    lines.push('Two nodes', ...columns(heads, rows), ...faultsOf(results), '');
    for (const result of results) lines.push(...linesOfCosts(result), ...linesOfLooking(result));
  }
  if (timing) lines.push(...linesOfTiming(timing.classes), '');
  if (pages) lines.push(...linesOfPages(pages), '');
  if (monitor) lines.push(...linesOfMonitor(monitor), '');
  if (watched) lines.push(...linesOfWatched(watched), '');
  if (stored) lines.push(...linesOfStored(stored), '');
  lines.push(...linesOfTargets(report));
  return `${lines.join('\n')}\n`;
}

function linesOfTiming(classes: readonly TimingRow[]): string[] {
  const heads = ['group', 'failure', 'samples', 'median µs', 'mean µs', '× median', '× mean', 'Welch t'];
  const rows = classes.map((row) => Object.values(row) as (string | number)[]);
  return ['Refusals, beside the first of their group', ...columns(heads, rows)];
}

function linesOfPages({ cases, firstMs, officePeakMb, pages }: PagesResult): string[] {
  const rows = pages.map(({ page, p50, p95, p99, bytes }) => [page, p50, p95, p99, bytes]);
  return [
    `Pages of a unit with ${cases} cases; the first one after a start took ${firstMs} ms, the office held ${officePeakMb ?? '?'} MiB at most`,
    ...columns(['page', 'p50 ms', 'p95 ms', 'p99 ms', 'bytes of HTML'], rows),
  ];
}

function linesOfMonitor({ messages, lists, cost }: ListsResult): string[] {
  const rows = lists.map(({ page, rows: found, p50, p95, max }) => [page, found, p50, p95, max]);
  return [
    `Monitor of a node with ${messages} messages`,
    ...columns(['page', 'rows', 'p50 ms', 'p95 ms', 'max ms'], rows),
    `  an operator who loads overview and messages once a second takes ${cost.machinePercent} % of the machine: CPU of the monitor and its`,
    `  connections ${cost.watchedMsPerS} ms a second, ${cost.idleMsPerS} ms with nobody there`,
  ];
}

function linesOfWatched({ alone, watched, pages, lessPercent }: WatchedLoad): string[] {
  return [
    `  messages a second at maximum: ${alone.join(', ')} alone; ${watched.join(', ')} while an operator loads overview and`,
    `  messages once a second (${pages} pages): ${lessPercent} % less`,
  ];
}

function linesOfStored({ backend, messages, few, many, ratio, fillS }: StoredLoad): string[] {
  return [
    `Stored: ${messages} messages on each node, beside nodes with 1000, on ${backend}; writing them took ${fillS} s`,
    `  messages a second at maximum, in turn: ${few.join(', ')} with few; ${many.join(', ')} with many: ${ratio} ×`,
  ];
}

function linesOfCore({ validation, state, rules, narrative, envelope }: CoreFigures): string[] {
  const rows = validation.map(({ input, assertPerS, readPerS }) => [input, assertPerS, readPerS]);
  return [
    'Core: validation, messages per second of one core',
    ...columns(['input', 'own', "partner's"], rows),
    `  state of a case of ${state.steps} messages: p50 ${state.p50Ms} ms, p99 ${state.p99Ms} ms`,
    `  rules of protection: ${rules.checksPerS} referrals per second of one core`,
    `  scan of a narrative of ${narrative.characters} characters: ${narrative.kbPerS} kB per second of one core`,
    'Envelope: milliseconds of CPU, beside the bare calls of jose and hpke',
    ...columns(
      ['suite', 'bytes', 'seal', 'open', 'bare seal', 'bare open', 'ratio'],
      envelope.map((row) => [
        row.suite,
        row.sizeBytes,
        row.sealMs,
        row.openMs,
        row.bareSealMs,
        row.bareOpenMs,
        row.ratio,
      ]),
    ),
  ];
}

function linesOfLooking({ backend, sizeBytes, profile, delivered }: Row): string[] {
  if (!profile) return [];
  return [...linesOfProfile(`Profile on ${backend}, ${sizeBytes} bytes`, profile, delivered), ''];
}

type Row = NonNullable<Report['results']>[number];

/** Of the two nodes; latencies in milliseconds. */
const COLUMNS: readonly (readonly [string, (row: Row) => string | number | null])[] = [
  ['queue', (row) => row.backend],
  ['bytes', (row) => row.sizeBytes],
  ['load', (row) => row.load],
  ['offered/s', (row) => row.offeredPerS],
  ['msg/s', (row) => row.throughputPerS],
  ['p50', (row) => row.p50Ms],
  ['p95', (row) => row.p95Ms],
  ['p99', (row) => row.p99Ms],
  ['rcvd p50', (row) => row.receivedP50Ms],
  ['rcvd p99', (row) => row.receivedP99Ms],
  ['CPU ms', (row) => row.cpuMsPerMessage],
  ['× floor', (row) => row.ratioToFloor],
  ['× bare', (row) => row.ratioToBare],
  ['backlog', (row) => row.backlog],
];
