const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A day begins first at UTC+14. */
const FIRST_ZONE_HOURS = 14;

/** The calendar day of an instant, YYYY-MM-DD in UTC. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** True when a calendar day has not begun anywhere on Earth: dates in messages name no time zone. */
export function isFutureDay(day: string, now: Date): boolean {
  return day > dayOf(hoursAfter(now, FIRST_ZONE_HOURS));
}

function hoursAfter(instant: Date, hours: number): Date {
  return new Date(instant.getTime() + hours * HOUR_MS);
}

export function daysAfter(instant: Date, days: number): Date {
  return new Date(instant.getTime() + days * DAY_MS);
}

/** Hours from one instant to another (RFC 3339), negative when the other comes first. */
export function hoursBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / HOUR_MS;
}
