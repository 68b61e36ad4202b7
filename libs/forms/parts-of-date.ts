import type { Leaf, Posted, Values } from './field';
import { textOf } from './posted-text';
import { instantFrom, partsOfInstant } from './points-in-time';

/** The controls that the answers of a kind are typed in, with what their names end in; years are last, as people here write them. */
export const DATE_PARTS = { day: '-day', month: '-month', year: '-year', time: '-time' } as const;
export type DatePart = keyof typeof DATE_PARTS;

const PARTS: {
  readonly date: readonly DatePart[];
  readonly month: readonly DatePart[];
  readonly instant: readonly DatePart[];
} = {
  date: ['day', 'month', 'year'],
  month: ['month', 'year'],
  instant: ['day', 'month', 'year', 'time'],
};
export type DateKind = keyof typeof PARTS;

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const ISO_MONTH = /^(\d{4})-(\d{2})$/;
/** Between the parts of what cannot be read as a date, so that each comes back to its own control. */
const BETWEEN = '/';

export function datePartsOf(kind: DateKind): readonly DatePart[] {
  return PARTS[kind];
}

export function isDateKind(kind: Leaf['kind']): kind is DateKind {
  return Object.hasOwn(PARTS, kind);
}

/** What the controls show for a value of a document: its parts, or the raw text as it was typed. */
export function dateValues(leaf: Leaf & { readonly kind: DateKind }, value: string): Values {
  const typed = shownParts(leaf, value) ?? value.split(BETWEEN);
  const parts = PARTS[leaf.kind];
  // What would not fit stays with the last part, rather than being lost.
  const shown = parts.map((_, i) => (i < parts.length - 1 ? typed[i] : typed.slice(i).join(BETWEEN)) ?? '');
  return Object.fromEntries(parts.map((part, i) => [leaf.name + DATE_PARTS[part], shown[i]!]));
}

/** The value of what was typed: in the form of a document where it is a date, else the raw parts; undefined when all are empty. */
export function readDate(leaf: Leaf & { readonly kind: DateKind }, posted: Posted): string | undefined {
  const typed = PARTS[leaf.kind].map((part) => textOf(posted, leaf.name + DATE_PARTS[part]) ?? '');
  if (typed.every((part) => part === '')) return undefined;
  return valueOf(leaf, typed) ?? typed.join(BETWEEN);
}

function shownParts(
  { kind, timeZone }: Leaf & { readonly kind: DateKind },
  value: string,
): readonly string[] | undefined {
  switch (kind) {
    case 'date': {
      const [, year, month, day] = ISO_DATE.exec(value) ?? [];
      return year === undefined ? undefined : [plain(day!), plain(month!), year];
    }
    case 'month': {
      const [, year, month] = ISO_MONTH.exec(value) ?? [];
      return year === undefined ? undefined : [plain(month!), year];
    }
    case 'instant':
      return partsOfInstant(value, timeZone!);
  }
}

function valueOf({ kind, timeZone }: Leaf & { readonly kind: DateKind }, typed: readonly string[]): string | undefined {
  switch (kind) {
    case 'date':
      return dateFrom(typed[0]!, typed[1]!, typed[2]!);
    case 'month':
      return dateFrom('1', typed[0]!, typed[1]!)?.slice(0, 7);
    case 'instant': {
      const date = dateFrom(typed[0]!, typed[1]!, typed[2]!);
      return date === undefined ? undefined : instantFrom(date, typed[3]!, timeZone!);
    }
  }
}

/** YYYY-MM-DD of numbers that are a day of the calendar; a year has four digits. */
function dateFrom(day: string, month: string, year: string): string | undefined {
  if (!/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month) || !/^\d{4}$/.test(year)) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  // The platform takes 31 February for 3 March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}

/** People do not write zeros in front. */
const plain = (number: string) => String(Number(number));
