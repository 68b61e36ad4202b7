import { rounded } from './percentiles';
import type { Report } from './report';
import { BACKENDS } from './settings';

/** A figure beside what it is meant to be (issue: speed near the limit). */
export interface Target {
  readonly name: string;
  readonly unit: string;
  /** Null where it was not measured or is void. */
  readonly value: number | null;
  readonly least?: number;
  readonly most?: number;
  readonly met: boolean | null;
  /** What the figure is of, where that is not the same in every run. */
  readonly of?: string;
}

type Result = NonNullable<Report['results']>[number];

const FASTER_PER_S = 250;
const OTHER_PER_S = 150;
const RATE_PER_S = 50;
const P99_MS = 250;
const TIMES_BARE = 1;
const TIMES_BARE_STRETCH = 2;
const TIMES_FLOOR = 6;
const STORED = 1_000_000;
const STORED_PART = 0.9;
const RSS_MB = 250;

/** Of 2 KB, on a machine of two cores that carries both nodes, their databases and the load. */
const TARGET_BYTES = 2_048;

/** Every target, measured or not. */
export function targetsOf(report: Report): Target[] {
  const results = (report.results ?? []).filter(({ sizeBytes }) => sizeBytes === TARGET_BYTES);
  const maxima = results.filter(({ load }) => load === 'sustained').filter(isSound);
  const [faster, other] = maxima.map(({ throughputPerS }) => throughputPerS).sort((a, b) => b - a);
  const best = (values: readonly (number | null)[]) =>
    known(values).reduce<number | null>((a, b) => Math.max(a ?? b, b), null);
  const timesBare = best(maxima.map(({ ratioToBare }) => ratioToBare));
  return [
    atLeast('delivered, faster back end', '/s', faster, FASTER_PER_S),
    atLeast('delivered, other back end', '/s', other, OTHER_PER_S),
    atLeast('delivered, beside the bare pipeline', '×', timesBare, TIMES_BARE),
    atLeast('the same, stretch', '×', timesBare, TIMES_BARE_STRETCH),
    ...BACKENDS.map((backend) => {
      const atRate = results.find((row) => row.backend === backend && row.load === `${RATE_PER_S}/s`);
      return atMost(
        `p99 to delivered at ${RATE_PER_S}/s, ${backend}`,
        'ms',
        atRate && isSound(atRate) ? atRate.p99Ms : null,
        P99_MS,
      );
    }),
    ...BACKENDS.map((backend) => {
      const maximum = maxima.find((row) => row.backend === backend);
      return atMost(`CPU beside the floor, ${backend}`, '×', maximum?.ratioToFloor, TIMES_FLOOR);
    }),
    atLeast(
      'delivered with 1,000,000 stored, beside 1,000',
      '×',
      report.stored && report.stored.messages >= STORED ? report.stored.ratio : null,
      STORED_PART,
    ),
    largestProcess(results),
  ];
}

const isSound = ({ undelivered, refused }: Result) => undelivered + refused === 0;

/** Of what a node consists of: what a server of databases holds is told by its settings, and the demonstration's services are no part of it. */
function largestProcess(results: readonly Result[]): Target {
  const sizes = results.flatMap(({ backend, load, rssMb }) =>
    Object.entries(rssMb).flatMap(([name, size]) =>
      /^(vn|gb)-/.test(name) ? [{ size, of: `${name}, ${backend}, ${load}` }] : [],
    ),
  );
  const largest = sizes.reduce<(typeof sizes)[number] | undefined>(
    (most, one) => (most === undefined || (one.size ?? Infinity) > (most.size ?? Infinity) ? one : most),
    undefined,
  );
  const target = atMost('largest process of a node', 'MiB', largest?.size, RSS_MB);
  return largest && largest.size !== null ? { ...target, of: largest.of } : target;
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

function atLeast(name: string, unit: string, value: number | null | undefined, least: number): Target {
  return { name, unit, value: tidy(value), least, met: typeof value === 'number' ? value >= least : null };
}

function atMost(name: string, unit: string, value: number | null | undefined, most: number): Target {
  return { name, unit, value: tidy(value), most, met: typeof value === 'number' ? value <= most : null };
}

const tidy = (value: number | null | undefined) => rounded(value ?? null, 2);
