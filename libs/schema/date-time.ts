import type { FormatDefinition } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats';

const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;
const LAST_MINUTE = 23 * 60 + 59;
const DAY = 24 * 60;

/** A day that is in the calendar. */
export const isDate = (fullFormats.date as FormatDefinition<string>).validate as (text: string) => boolean;

/**
 * A date and time of RFC 3339 §5.6. The check of ajv-formats also takes an offset without minutes, which `Date` does not read, and
 * an hour 24. A leap second is the last of a day in UTC.
 */
export function isDateTime(text: string): boolean {
  const [, date, hour, minute, second, sign, offsetHour, offsetMinute] = DATE_TIME.exec(text) ?? [];
  if (date === undefined || !isDate(date)) return false;
  if (second !== '60') return true;
  const offset = sign === undefined ? 0 : (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const minuteInUtc = Number(hour) * 60 + Number(minute) - offset;
  return (minuteInUtc + DAY) % DAY === LAST_MINUTE;
}
