import type { Calendar } from '../schema';
import { dateOf, endOfDay, localDay, weekdayOf } from './local-day';

/** When something is due. */
export interface Due {
  readonly at: Date;
  /** True when holidays are not known for the whole time, so that only weekends were left out. */
  readonly beyondData: boolean;
}

/** Where no calendar is kept, the week is all that is known. */
const USUAL_WEEKEND: readonly number[] = [6, 7];

/**
 * The end (23:59:59.999) of the working day that comes `days` working days after the local day of `from`, which is day 0.
 * Neither a weekend nor a holiday is ever the result, announced or expected, unless `days` is 0.
 * @param days a whole number; below 0 counts backwards
 * @param calendar of the responsible side; undefined where none is kept
 * @param timezone of the responsible side, an IANA name
 */
export function addWorkingDays(from: Date, days: number, calendar: Calendar | undefined, timezone: string): Due {
  const weekend = calendar?.weekend ?? USUAL_WEEKEND;
  const holidays = new Set(calendar?.holidays.map(({ date }) => date));
  const isOff = (day: number) => weekend.includes(weekdayOf(day)) || holidays.has(dateOf(day));
  const start = localDay(from, timezone);
  const direction = Math.sign(days);
  let day = start;
  for (let left = Math.abs(days); left > 0; left -= isOff(day) ? 0 : 1) day += direction;
  return { at: endOfDay(day, timezone), beyondData: !isKnown(start, calendar) || !isKnown(day, calendar) };
}

function isKnown(day: number, calendar: Calendar | undefined): boolean {
  const date = dateOf(day);
  return calendar !== undefined && date >= calendar.covers.from && date <= calendar.covers.to;
}
