import { shownAnswers, type Field, type ShownAnswer } from '../forms';
import { labelOf } from '../schema';
import { twoClocks, type Language } from '../text';
import type { TextPair } from './paper';
import type { PrintedRow, PrintedValue } from './referral-paper';

/** Whose clocks count; IANA names. */
export interface Zones {
  readonly ownZone: string;
  readonly partnerZone: string;
}

/** The same fields in both languages. */
export type Fields = Readonly<Record<Language, readonly Field[]>>;

/** Rows of a document, and the pointers of the values that stand in them. */
export interface Found {
  readonly rows: readonly PrintedRow[];
  readonly pointers: readonly string[];
}

/** The answers of a document, a row each, named by what they are part of. What was not answered has no row. */
export function fieldRows(fields: Fields, document: unknown, zones: Zones): Found {
  const read = (language: Language) =>
    shownAnswers(fields[language], document, {
      language,
      unit: (id) => labelOf('units', id, language) ?? id,
      moment: (at) => twoClocks(at, zones.ownZone, zones.partnerZone, language),
    });
  const found = { rows: [] as PrintedRow[], pointers: [] as string[] };
  collect(read('vi'), read('en'), undefined, found);
  return found;
}

/** Both readings are of one document by one form, so they have the same shape. */
function collect(
  vi: readonly ShownAnswer[],
  en: readonly ShownAnswer[],
  within: TextPair | undefined,
  found: { readonly rows: PrintedRow[]; readonly pointers: string[] },
): void {
  vi.forEach((answer, i) => {
    const other = en[i]!;
    const label = { vi: answer.label, en: other.label };
    if (answer.parts) {
      const whole = within ? { vi: `${within.vi} – ${label.vi}`, en: `${within.en} – ${label.en}` } : label;
      return collect(answer.parts, other.parts!, whole, found);
    }
    const values = answer.values!.flatMap((value, at) => both({ vi: value, en: other.values![at]! }));
    found.rows.push({ label, within, values });
    found.pointers.push(answer.pointer);
  });
}

/** A moment on both clocks, in both languages; what is no moment as it stands. */
export function moment(text: string, { ownZone, partnerZone }: Zones): PrintedValue[] {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return [{ text }];
  return both({ vi: twoClocks(at, ownZone, partnerZone, 'vi'), en: twoClocks(at, ownZone, partnerZone, 'en') });
}

/** Both languages below each other; once where they do not differ. */
export function both({ vi, en }: TextPair): PrintedValue[] {
  if (vi === en) return [{ text: vi }];
  return [
    { text: vi, lang: 'vi' },
    { text: en, lang: 'en' },
  ];
}
