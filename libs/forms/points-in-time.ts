import { wallClock } from '../text';

const MINUTE_MS = 60_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:(\d{2})(\.\d{3})?Z$/;
const TIME = /^(\d{1,2})[:.h](\d{2})(?::(\d{2})(\.\d{3})?)?(?: ([+-])(\d{2}):(\d{2}))?$/;
/** Longer than any change of clocks. */
const DAY_MINUTES = 1_440;

/**
 * Day, month, year and time of day that clocks in `zone` show. Seconds are shown where there are any. In the hour that clocks
 * show twice the offset from UTC stands behind the time, or nobody could tell which is meant.
 * @returns undefined for what is no instant
 */
export function partsOfInstant(value: string, zone: string): string[] | undefined {
  const [, seconds, fraction] = INSTANT.exec(value) ?? [];
  const at = new Date(value);
  if (seconds === undefined || Number.isNaN(at.getTime())) return undefined;
  const { year, month, day, hour, minute, offset, repeated } = wallClock(at, zone);
  const rest = fraction === undefined && seconds === '00' ? '' : `:${seconds}${fraction ?? ''}`;
  const time = `${two(hour)}:${two(minute)}${rest}${repeated ? ` ${offsetText(offset)}` : ''}`;
  return [String(day), String(month), String(year).padStart(4, '0'), time];
}

/**
 * The instant in UTC at which clocks in `zone` show a time of day on a date. Of a time that they show twice it is the first,
 * unless the offset is named.
 * @param date YYYY-MM-DD
 * @param time such as 21:05, 21.05, 9:05, 21:05:30, or 01:30 +01:00
 * @returns undefined for what is no time, or one that the clocks skip
 */
export function instantFrom(date: string, time: string, zone: string): string | undefined {
  const [, hour, minute, seconds, fraction = '', sign, offsetHours, offsetMinutes] = TIME.exec(time) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(seconds ?? 0) > 59) return undefined;
  const shown = Date.parse(`${date}T00:00:00Z`) / MINUTE_MS + Number(hour) * 60 + Number(minute);
  const named =
    sign === undefined ? undefined : (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  const minuteOfUtc = [shown - DAY_MINUTES, shown + DAY_MINUTES]
    .map((near) => wallClock(new Date(near * MINUTE_MS), zone).offset)
    // East of Greenwich the larger offset is the earlier instant, and so it is everywhere.
    .toSorted((a, b) => b - a)
    .filter((offset) => named === undefined || offset === named)
    .map((offset) => ({ at: shown - offset, offset }))
    .find(({ at, offset }) => wallClock(new Date(at * MINUTE_MS), zone).offset === offset)?.at;
  if (minuteOfUtc === undefined) return undefined;
  return `${new Date(minuteOfUtc * MINUTE_MS).toISOString().slice(0, 16)}:${seconds ?? '00'}${fraction}Z`;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const two = (number: number) => String(number).padStart(2, '0');
