import type { Message } from '../schema';
import { calendarOf } from '../schema';
import { endOfDay, localDay, monthsLater } from './local-day';
import { addWorkingDays, type Due } from './working-days';

export type Priority = Message['header']['priority'];

/** A length of time that passes everywhere alike. */
export interface Elapsed {
  readonly count: number;
  readonly unit: 'minutes' | 'hours' | 'days';
}

/** Days or months that are counted on the calendar of the responsible side, to the end of the last day there. */
export interface Counted {
  readonly count: number;
  readonly unit: 'workingDays' | 'months';
}

export type Term = Elapsed | Counted;

/** Where days are counted. */
export interface Place {
  /** Id of a working calendar (schemas/calendars). One that is not kept counts weekends only. */
  readonly calendar: string;
  /** IANA name of the time zone. */
  readonly timezone: string;
}

const MILLISECONDS: Record<Elapsed['unit'], number> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** Length in milliseconds. */
export const lengthOf = ({ count, unit }: Elapsed): number => count * MILLISECONDS[unit];

/** The end of a term that begins at `from`. */
export function dueAfter(term: Term, from: Date, place: Place): Due {
  return moved(term, from, place, 1);
}

/** The last moment that is still a term before `end`. */
export function dueBefore(term: Term, end: Date, place: Place): Due {
  return moved(term, end, place, -1);
}

function moved(term: Term, from: Date, { calendar, timezone }: Place, direction: 1 | -1): Due {
  switch (term.unit) {
    case 'workingDays':
      return addWorkingDays(from, direction * term.count, calendarOf(calendar), timezone);
    case 'months': {
      const day = monthsLater(localDay(from, timezone), direction * term.count);
      return { at: endOfDay(day, timezone), beyondData: false };
    }
    case 'minutes':
    case 'hours':
    case 'days':
      return { at: new Date(from.getTime() + direction * lengthOf(term)), beyondData: false };
  }
}
