const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** More than any change of clocks, less than the time between two of them. */
const AROUND_MS = 4 * 3_600_000;

/** What a clock on the wall and the calendar beside it show. */
export interface WallClock {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
  /** Minutes that the zone is ahead of UTC at this instant. */
  readonly offset: number;
  /** The clocks there show the same once more: put back an hour, before or after. */
  readonly repeated: boolean;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times as much as using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const numeric = 'numeric' as const;
    const parts = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric };
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...parts });
    formats.set(zone, format);
  }
  return format;
}

/** The clock's reading as minutes since 1970 of that clock. `at` in milliseconds. */
function reading(at: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(at);
  const { year, month, day, hour, minute } = Object.fromEntries(
    parts.map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>;
  return Date.UTC(year, month - 1, day, hour, minute) / MINUTE_MS;
}

const offsetAt = (at: number, zone: string) => reading(at, zone) - Math.floor(at / MINUTE_MS);

/**
 * What clocks in a time zone show at an instant. Seconds are cut off, as clocks do.
 * @param zone an IANA name such as Asia/Ho_Chi_Minh
 * @throws RangeError for a zone that is not known, and for an invalid date
 */
export function wallClock(instant: Date, zone: string): WallClock {
  const at = instant.getTime();
  const shown = reading(at, zone);
  const offset = offsetAt(at, zone);
  const repeated = [at - AROUND_MS, at + AROUND_MS]
    .map((near) => offsetAt(near, zone))
    .some((other) => other !== offset && offsetAt((shown - other) * MINUTE_MS, zone) === other);
  const date = new Date(shown * MINUTE_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    offset,
    repeated,
  };
}

/** Calendar days from `from` to `to` in a zone: 1 from 23:59 to 00:01, negative when `to` was before. */
export function calendarDays(from: Date, to: Date, zone: string): number {
  const [first, last] = [from, to].map((instant) =>
    Math.floor((reading(instant.getTime(), zone) * MINUTE_MS) / DAY_MS),
  );
  return last! - first!;
}
