import { rowOf, type Field, type Leaf } from '../forms';
import { labelOf } from '../schema';
import { formatDate, twoClocks } from '../text';
import type { TextPair } from './paper';
import type { PrintedRow, PrintedValue } from './referral-paper';
import { WORDS } from './words';

/** Whose clocks count; IANA names. */
export interface Zones {
  readonly ownZone: string;
  readonly partnerZone: string;
}

/** One question in both languages: the same place of the same form. */
export interface FieldPair {
  readonly vi: Field;
  readonly en: Field;
}

/** Rows of a document, and where the values are that stand in them. */
export interface Found {
  readonly rows: PrintedRow[];
  /** JSON pointers; everything below them is printed. */
  readonly pointers: Set<string>;
}

type Pointer = string;
type LeafPair = { readonly vi: Leaf; readonly en: Leaf };

export const pairs = (vi: readonly Field[], en: readonly Field[]): FieldPair[] =>
  vi.map((field, i) => ({ vi: field, en: en[i]! }));

/**
 * Adds the answers of a document at a field to `found`: a row for each answer, named by everything that it is part of. What was
 * not answered has no row.
 */
export function addRows(pair: FieldPair, document: unknown, zones: Zones, found: Found, within?: TextPair): void {
  const value = valueAt(document, pair.vi.pointer);
  if (value === undefined) return;
  const label = joined(within, { vi: pair.vi.label, en: pair.en.label });
  const { vi, en } = pair;
  if (vi.kind === 'group' && en.kind === 'group') {
    for (const member of pairs(vi.members, en.members)) addRows(member, document, zones, found, label);
  } else if (vi.kind === 'list' && en.kind === 'list') {
    // What is no list, where one is asked for, stays for those who print the rest.
    if (!Array.isArray(value)) return;
    if (vi.item.kind === 'group' && value.length > 0) {
      value.forEach((_, i) => {
        const row = { vi: numbered(rowOf(vi, i), i), en: numbered(rowOf(en, i), i) };
        addRows(row, document, zones, found, label);
      });
    } else {
      add(vi.pointer, label, valuesOf({ vi: vi.item as Leaf, en: en.item as Leaf }, value, zones), found);
    }
  } else if (vi.kind !== 'group' && vi.kind !== 'list') {
    add(vi.pointer, label, valuesOf({ vi, en: en as Leaf }, value, zones), found);
  }
}

function add(pointer: Pointer, label: TextPair, values: readonly PrintedValue[], { rows, pointers }: Found): void {
  rows.push({ label, values });
  pointers.add(pointer);
}

/** The value at a JSON pointer (RFC 6901) without escapes; undefined where there is none. */
export function valueAt(document: unknown, pointer: Pointer): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((owner, step) => {
      if (typeof owner !== 'object' || owner === null || !Object.hasOwn(owner, step)) return undefined;
      return (owner as Record<string, unknown>)[step];
    }, document);
}

function valuesOf(leaf: LeafPair, value: unknown, zones: Zones): PrintedValue[] {
  if (Array.isArray(value)) {
    return value.length === 0 ? both(WORDS.none) : value.flatMap((one) => valuesOf(leaf, one, zones));
  }
  if (typeof value === 'boolean') return both(value ? WORDS.yes : WORDS.no);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  const label = (language: 'vi' | 'en') =>
    leaf[language].options?.find((option) => option.value === text)?.label ??
    (leaf.vi.kind === 'unit' ? labelOf('units', text, language) : undefined);
  const [vi, en] = [label('vi'), label('en')];
  if (vi !== undefined && en !== undefined) return both({ vi, en });
  const { kind } = leaf.vi;
  if (kind === 'instant') return instant(text, zones);
  return [{ text: kind === 'date' || kind === 'month' ? formatDate(text) : text }];
}

/** A moment on both clocks, in both languages; what is no moment as it stands. */
export function instant(text: string, { ownZone, partnerZone }: Zones): PrintedValue[] {
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

function joined(within: TextPair | undefined, { vi, en }: TextPair): TextPair {
  return within ? { vi: `${within.vi} – ${vi}`, en: `${within.en} – ${en}` } : { vi, en };
}

const numbered = <F extends Field>(field: F, index: number): F => ({ ...field, label: `${field.label} ${index + 1}` });
