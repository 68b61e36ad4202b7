import type { KeyMetadata } from './describe';
import type { StoredUse } from './key-record';

/** From when and until when a key is used. */
export interface Window {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** A weekly key is good for this much longer than its week: for who had no newer one, or a clock that is slow. */
const OVERLAP_MS = 2 * DAY_MS;
/** How long before its use a key that signs is published: time for the ceremony, and for all partners to take the new directory. */
const LEAD_MS = 14 * DAY_MS;
/** The least that two signing keys overlap. */
const MIN_OVERLAP_MS = 7 * DAY_MS;
/** A key for less than this is one of a weekly series. */
const SERIES_MS = 31 * DAY_MS;
/** The epoch was a Thursday; this is the Monday after it. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** For how many days a key of a use is made. A storage key lasts as long as what it protects. */
const LIFETIME_DAYS: Readonly<Record<StoredUse, number>> = {
  signing: 365,
  encryption: 365,
  receipt: 365,
  governance: 730,
  tls: 397,
  storage: 36_500,
};

/** The window of a new key. */
export function windowOf(use: StoredUse, notBefore: Date): Window {
  return { notBefore, notAfter: later(notBefore, LIFETIME_DAYS[use] * DAY_MS) };
}

/**
 * The next weeks of a unit's encryption keys, Monday to Monday in UTC: after the last one that there is, or from this week on. The key
 * whose week begins takes over by itself, because partners seal to the newest one.
 */
export function nextWeeks(held: readonly KeyMetadata[], weeks: number, now: Date): Window[] {
  const thisWeek = Math.floor((now.getTime() - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
  const series = held.filter((key) => key.retiredAt === undefined && spanOf(key) < SERIES_MS);
  const ends = series.map(({ notBefore }) => Date.parse(notBefore) + WEEK_MS);
  const start = Math.max(thisWeek, ...ends);
  return Array.from({ length: weeks }, (_, week) => {
    const notBefore = new Date(start + week * WEEK_MS);
    return { notBefore, notAfter: later(notBefore, WEEK_MS + OVERLAP_MS) };
  });
}

/**
 * The window of the key that comes after the others of its use: it begins when all partners can know it, and in time for the two to
 * overlap.
 */
export function successorWindow(use: StoredUse, held: readonly KeyMetadata[], now: Date): Window {
  const ends = held.filter(({ retiredAt }) => retiredAt === undefined).map(({ notAfter }) => Date.parse(notAfter));
  const lastEnd = Math.max(...ends, 0);
  const start = Math.min(now.getTime() + LEAD_MS, lastEnd - MIN_OVERLAP_MS);
  return windowOf(use, new Date(Math.max(now.getTime(), start)));
}

const spanOf = ({ notBefore, notAfter }: KeyMetadata) => Date.parse(notAfter) - Date.parse(notBefore);
const later = (from: Date, plusMs: number) => new Date(from.getTime() + plusMs);
