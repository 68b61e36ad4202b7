import gbEng from '../../schemas/calendars/v1/gb-eng.json';
import gbNir from '../../schemas/calendars/v1/gb-nir.json';
import gbSct from '../../schemas/calendars/v1/gb-sct.json';
import vn from '../../schemas/calendars/v1/vn.json';

/** A text in both languages. */
interface Label {
  readonly en: string;
  readonly vi: string;
}

/** A day on which offices are closed. */
export interface Holiday {
  /** YYYY-MM-DD, a day of the calendar's own country. */
  readonly date: string;
  readonly name: Label;
  /** `announced`: fixed by law or published by the authority; `expected`: our reading of the rules, not published. */
  readonly status: 'announced' | 'expected';
  /** Id of an entry of `sources`. */
  readonly source: string;
}

/** The days on which a side does not work (schemas/calendars/v1). */
export interface Calendar {
  readonly calendar: string;
  readonly name: Label;
  /** What was announced by this day is taken into account. */
  readonly asOf: string;
  /** First and last day that the calendar speaks about. Outside, only weekends are known. */
  readonly covers: { readonly from: string; readonly to: string };
  /** Weekly rest days as ISO 8601 numbers: 1 is Monday, 7 is Sunday. */
  readonly weekend: readonly number[];
  readonly notes: readonly Label[];
  readonly sources: readonly { readonly id: string; readonly title: string }[];
  /** In order of date, each date once. */
  readonly holidays: readonly Holiday[];
}

const CALENDARS: ReadonlyMap<string, Calendar> = new Map(
  ([vn, gbEng, gbSct, gbNir] as readonly Calendar[]).map((calendar) => [calendar.calendar, calendar]),
);

/** The working calendar that a node of the directory names; undefined for one that is not kept here. */
export function calendarOf(id: string): Calendar | undefined {
  return CALENDARS.get(id);
}
