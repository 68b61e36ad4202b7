import { wallClock } from '../text';
import { momentOf } from './message-times';

/** For how long somebody does not want to hear of an alert. What gets worse is told all the same. */
export const SILENCES = ['1h', '8h', '24h', 'monday'] as const;
export type Silence = (typeof SILENCES)[number];

const HOURS: Readonly<Record<Exclude<Silence, 'monday'>, number>> = { '1h': 1, '8h': 8, '24h': 24 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The end of a silence: Monday is the next one, at eight on the clocks of the node. @param zone an IANA name */
export function silenceUntil(silence: Silence, now: Date, zone: string): Date {
  if (silence !== 'monday') return new Date(now.getTime() + HOURS[silence] * HOUR_MS);
  const { year, month, day } = wallClock(now, zone);
  const today = Date.UTC(year, month - 1, day);
  // Sunday is 0: one day to go; on a Monday it is the next one.
  const days = (8 - new Date(today).getUTCDay()) % 7 || 7;
  const monday = new Date(today + days * DAY_MS).toISOString().slice(0, 10);
  return momentOf(`${monday}T08:00`, zone)!;
}
