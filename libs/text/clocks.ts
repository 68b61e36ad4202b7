import { wallClock, type WallClock } from './wall-clock';
import { cityOf, type Language } from './zones';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** A date, a month or a year, as the schemas write them. */
const DATE = /^(?<year>\d{4})(?:-(?<month>\d{2})(?:-(?<day>\d{2}))?)?$/u;

/** The pieces of a moment in one zone, for those who set them apart. */
export interface ClockParts {
  /** dd/MM/yyyy in both languages. */
  readonly date: string;
  /** "2 Nov", "2/11". */
  readonly dayMonth: string;
  /** 24 hours: "21:05". */
  readonly time: string;
  /** "Hà Nội"; in the hour that clocks show twice with the offset that tells which: "London, UTC+1". */
  readonly place: string;
}

const two = (value: number) => String(value).padStart(2, '0');

/**
 * A date of a document as dd/MM/yyyy, the same in both languages; "2003-05" as 05/2003 and "2003" as it is. Never the short
 * styles of `Intl`: `vi` writes two digits of the year. What is no date is given back as it stands, since drafts keep it.
 */
export function formatDate(date: string): string {
  const { year, month, day } = DATE.exec(date)?.groups ?? {};
  return year === undefined ? date : [day, month, year].filter((part) => part !== undefined).join('/');
}

/** @throws RangeError for a zone that is not known, and for an invalid date */
export function clockParts(instant: Date, zone: string, language: Language): ClockParts {
  const clock = wallClock(instant, zone);
  const { year, month, day, hour, minute } = clock;
  return {
    date: `${two(day)}/${two(month)}/${String(year).padStart(4, '0')}`,
    dayMonth: language === 'vi' ? `${day}/${month}` : `${day} ${MONTHS[month - 1]}`,
    time: `${two(hour)}:${two(minute)}`,
    place: placeOf(clock, zone, language),
  };
}

/** One moment on one clock, without the year: "2 Nov 21:05 (Hà Nội)", "2/11 21:05 (Hà Nội)". */
export function formatInstant(instant: Date, zone: string, language: Language): string {
  const { dayMonth, time, place } = clockParts(instant, zone, language);
  return `${dayMonth} ${time} (${place})`;
}

/**
 * One moment on the clocks of both sides: "21:05 02/11/2026 (Hà Nội) / 14:05 (London)". The second one says its date when it
 * is another. Once only where both are in one zone.
 * @throws RangeError for a zone that is not known, and for an invalid date
 */
export function twoClocks(instant: Date, ownZone: string, partnerZone: string, language: Language): string {
  const own = clockParts(instant, ownZone, language);
  const text = `${own.time} ${own.date} (${own.place})`;
  if (ownZone === partnerZone) return text;
  const { time, date, place } = clockParts(instant, partnerZone, language);
  return `${text} / ${time}${date === own.date ? '' : ` ${date}`} (${place})`;
}

function placeOf({ repeated, offset }: WallClock, zone: string, language: Language): string {
  const city = cityOf(zone, language);
  return repeated ? `${city}, ${utcOffset(offset)}` : city;
}

/** "UTC+1", "UTC-3:30", "UTC". */
function utcOffset(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`;
}
