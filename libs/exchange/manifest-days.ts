const DAY_MS = 86_400_000;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** The day (UTC) of a moment, such as 2026-11-29. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** The day so many days before another one; after it, where the number is negative. */
export const dayBefore = (day: string, days = 1): string =>
  dayOf(new Date(new Date(`${day}T00:00:00Z`).getTime() - days * DAY_MS));

/** True for a day that is in the calendar. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  // 31 February is none, though `Date` takes it for one in March.
  return dayOf(new Date(`${text}T00:00:00Z`)) === text;
}

/** The days from `since` to `until`, the newest first; none where `since` is later. */
export function daysDown(since: string, until: string): string[] {
  const days: string[] = [];
  for (let day = until; day >= since; day = dayBefore(day)) days.push(day);
  return days;
}

/** The ids of a day: all above `after` and below `to`. Neither is an id of version 7. */
export interface IdRange {
  readonly after: string;
  readonly to: string;
}

/**
 * The ids that were made on a day. The time in an id of version 7 (RFC 9562 §5.7) is the same at both nodes, whatever their clocks say and
 * however long a message was on its way; and ids of one day lie side by side in the tables.
 */
export function idsOf(day: string): IdRange {
  return { after: lowestId(day), to: lowestId(dayBefore(day, -1)) };
}

function lowestId(day: string): string {
  const time = new Date(`${day}T00:00:00Z`).getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
