import { wallClock } from '../text';

/** A day, a minute or a second; with `Z` in UTC, without it on the clocks of the node. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?(Z)?)?$/;

/**
 * The moment that a text names: "2026-11-29", "2026-11-29T21:05", "2026-11-29T14:05:10Z". A day begins at its first minute. A time that the
 * clocks of `zone` skip is read as if they had not been changed yet.
 * @param zone an IANA name such as Asia/Ho_Chi_Minh
 * @returns undefined for a text that names no moment
 */
export function momentOf(text: string, zone: string): Date | undefined {
  const [, day, minute = '00:00', second = ':00', utc] = MOMENT.exec(text) ?? [];
  if (day === undefined) return undefined;
  const shown = new Date(`${day}T${minute}${second}Z`);
  // 31 February is no day, though `Date` takes it for one in March.
  if (Number.isNaN(shown.getTime()) || !shown.toISOString().startsWith(day)) return undefined;
  if (utc !== undefined) return shown;
  const before = back(shown, shown, zone);
  return back(shown, before, zone);
}

/** `shown` minus what the zone is ahead of UTC at `near`. */
const back = (shown: Date, near: Date, zone: string) =>
  new Date(shown.getTime() - wallClock(near, zone).offset * 60_000);
