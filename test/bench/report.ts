import type { BareSize } from './bare';
import { columns } from './columns';
import type { CoreFigures } from './core';
import type { FloorSize } from './floor';
import type { LoadResult } from './load';
import type { Machine } from './machine';
import { rounded } from './percentiles';
import { linesOfProfile } from './profile/profile-report';
import { SMALL_BYTES } from './settings';
import type { ListsResult } from './monitor-lists';
import type { WatchedLoad } from './monitor-load';
import type { PagesResult } from './pages';
import type { TimingRow } from './timing';

/** What a run measured. Parts that were left out are absent. */
export interface Measured {
  readonly machine: Machine;
  readonly core?: CoreFigures;
  readonly floor?: readonly FloorSize[];
  readonly bare?: readonly BareSize[];
  readonly load?: readonly LoadResult[];
  readonly timing?: readonly TimingRow[];
  readonly pages?: PagesResult;
  readonly monitor?: ListsResult;
  readonly watched?: WatchedLoad;
}

/** The result as one document. `floor` and `bare` carry the figures of the small size at the top. */
export function reportOf({ machine, core, floor, bare, load, timing, pages, monitor, watched }: Measured) {
  const smallFloor = floor && (bySize(floor, SMALL_BYTES) ?? floor[0]);
  const smallBare = bare && (bySize(bare, SMALL_BYTES) ?? bare[0]);
  return {
    machine,
    ...(core && { core }),
    ...(floor && { floor: { sizes: floor, cpuMsPerMessage: smallFloor?.cpuMsPerMessage ?? null } }),
    ...(bare && {
      bare: {
        sizes: bare,
        throughputPerS: smallBare?.throughputPerS ?? null,
        cpuMsPerMessage: smallBare?.cpuMsPerMessage ?? null,
      },
    }),
    ...(load && { results: load.map((result) => ({ ...result, ...ratiosOf(result, floor, bare) })) }),
    ...(timing && { timing: { classes: timing } }),
    ...(pages && { pages }),
    ...(monitor && { monitor }),
    ...(watched && { watched }),
  };
}
export type Report = ReturnType<typeof reportOf>;

/**
 * `ratioToFloor`: CPU of a message as a multiple of what its cryptography alone costs. `ratioToBare`: messages per second as a
 * multiple of the bare pipeline's, at maximum load only.
 */
function ratiosOf(result: LoadResult, floor: readonly FloorSize[] = [], bare: readonly BareSize[] = []) {
  const least = bySize(floor, result.sizeBytes)?.cpuMsPerMessage;
  const plain = bySize(bare, result.sizeBytes)?.throughputPerS;
  const atMaximum = result.load === 'maximum';
  return {
    ratioToFloor: least && result.cpuMsPerMessage !== null ? rounded(result.cpuMsPerMessage / least, 2) : null,
    ratioToBare: plain && atMaximum ? rounded(result.throughputPerS / plain, 2) : null,
  };
}

const bySize = <T extends { readonly sizeBytes: number }>(list: readonly T[], size: number) =>
  list.find((item) => item.sizeBytes === size);

/** The result for people. */
export function tableOf({ machine, core, floor, bare, results, timing, pages, monitor, watched }: Report): string {
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
    for (const result of results) lines.push(...linesOfLooking(result));
  }
  if (timing) lines.push(...linesOfTiming(timing.classes), '');
  if (pages) lines.push(...linesOfPages(pages), '');
  if (monitor) lines.push(...linesOfMonitor(monitor), '');
  if (watched) lines.push(...linesOfWatched(watched), '');
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

/** What makes figures void. */
export function faultsOf(results: readonly LoadResult[]): string[] {
  return results.flatMap(({ backend, sizeBytes, load, undelivered, refused }) =>
    undelivered + refused === 0
      ? []
      : [`VOID: ${backend}, ${sizeBytes} bytes, ${load}: ${undelivered} never delivered, ${refused} not taken`],
  );
}
