import type { BareSize } from './bare';
import type { CoreFigures } from './core';
import type { FloorSize } from './floor';
import type { LoadResult } from './load';
import type { Machine } from './machine';
import { rounded } from './percentiles';
import { SMALL_BYTES } from './settings';
import type { ListsResult } from './monitor-lists';
import type { WatchedLoad } from './monitor-load';
import type { PagesResult } from './pages';
import type { StoredLoad } from './stored';
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
  readonly stored?: StoredLoad;
}

/** The result as one document. `floor` and `bare` carry the figures of the small size at the top. */
export function reportOf(measured: Measured) {
  const { machine, core, floor, bare, load, timing, pages, monitor, watched, stored } = measured;
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
    ...(stored && { stored }),
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
  const atMaximum = result.load === 'maximum' || result.load === 'sustained';
  return {
    ratioToFloor: least && result.cpuMsPerMessage !== null ? rounded(result.cpuMsPerMessage / least, 2) : null,
    ratioToBare: plain && atMaximum ? rounded(result.throughputPerS / plain, 2) : null,
  };
}

const bySize = <T extends { readonly sizeBytes: number }>(list: readonly T[], size: number) =>
  list.find((item) => item.sizeBytes === size);

/** What makes figures void. */
export function faultsOf(results: readonly LoadResult[]): string[] {
  return results.flatMap(({ backend, sizeBytes, load, undelivered, refused, refusals }) => {
    if (undelivered + refused === 0) return [];
    const why = Object.entries(refusals).map(([what, count]) => `${count} × ${what}`);
    const reasons = why.length === 0 ? '' : ` (${why.join(', ')})`;
    return [
      `VOID: ${backend}, ${sizeBytes} bytes, ${load}: ${undelivered} never delivered, ${refused} not taken${reasons}`,
    ];
  });
}
