const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times as much as using it. */
function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timezone, format);
  }
  return format;
}

/** What clocks in `timezone` show at `at`, as milliseconds since 1970 of those clocks. */
function wallTime(at: number, timezone: string): number {
  const parts = Object.fromEntries(
    formatOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year, month, day, hour, minute, second } = parts as Record<string, number>;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) + (at % 1000);
}

/**
 * The day on which `at` falls in a time zone, as a count of days from 1 January 1970.
 * @param timezone an IANA name such as Asia/Ho_Chi_Minh
 * @throws RangeError for a name that is not known; the directory is checked when it is loaded
 */
export function localDay(at: Date, timezone: string): number {
  return Math.floor(wallTime(at.getTime(), timezone) / DAY_MS);
}

/**
 * The last millisecond of a local day: 23:59:59.999 there. Where clocks are put back at midnight that time comes twice, and
 * the second counts.
 */
export function endOfDay(day: number, timezone: string): Date {
  const wall = (day + 1) * DAY_MS - 1;
  const [before, after] = [wall - DAY_MS, wall + DAY_MS].map((at) => wall - (wallTime(at, timezone) - at));
  const later = Math.max(before!, after!);
  return new Date(wallTime(later, timezone) === wall ? later : Math.min(before!, after!));
}

/** The count of days of a date YYYY-MM-DD. */
export const dayOf = (date: string): number => Date.parse(date) / DAY_MS;

/** The date YYYY-MM-DD of a count of days. */
export const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** 1 for Monday to 7 for Sunday. */
export const weekdayOf = (day: number): number => new Date(day * DAY_MS).getUTCDay() || 7;

/** The same day of the month some months later, or the last day of that month where it is shorter. */
export function monthsLater(day: number, months: number): number {
  const date = new Date(day * DAY_MS);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const last = new Date(first);
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  return first / DAY_MS + Math.min(date.getUTCDate(), last.getUTCDate()) - 1;
}
