import type { Lang } from '../schema';
import { formatDate, formatInstant } from '../text';
import type { Field, Leaf } from './field';
import { rowOf } from './field';
import { wordsOf } from './labels';
import { asObject, memberAt } from './walk';

/** A part of a document for reading: an answer, or answers that belong together. */
export interface ShownAnswer {
  /** Path in the document with dots and without positions. */
  readonly path: string;
  readonly pointer: string;
  readonly label: string;
  /** What was answered, each entry of a list on its own; absent for a group. */
  readonly values?: readonly string[];
  /** Long texts keep their lines. */
  readonly long?: true;
  /** Members of a group; of a list one group for each row. */
  readonly parts?: readonly ShownAnswer[];
  /** The parts are rows of a list. */
  readonly rows?: true;
}

/** How answers are read. */
export interface Reading {
  readonly language: Lang;
  /** Names of units, by their id. */
  readonly unit: (id: string) => string;
  /** A moment in words; on the clock of the form when absent. */
  readonly moment?: (at: Date) => string;
}

/**
 * A document as people read it: labels and answers in words, in the order of its questions; what was not answered is left out.
 * What stands where no such answer can stand is shown as it is, so that nothing is hidden.
 */
export function shownAnswers(fields: readonly Field[], document: unknown, reading: Reading): ShownAnswer[] {
  return fields.flatMap((field) => shownField(field, memberAt(document, field.pointer), reading));
}

function shownField(field: Field, value: unknown, reading: Reading): ShownAnswer[] {
  if (value === undefined) return [];
  const { path, pointer, label } = field;
  if (field.kind === 'group' && asObject(value)) {
    const below = (member: Field) => memberAt(value, member.pointer.slice(pointer.length));
    const parts = field.members.flatMap((member) => shownField(member, below(member), reading));
    return parts.length === 0 ? [] : [{ path, pointer, label, parts }];
  }
  if (field.kind === 'list' && Array.isArray(value)) {
    const rows = value.map((row, index) => rowAnswer(rowOf(field, index), row, `${label} ${index + 1}`, reading));
    const plain = rows.every(({ parts }) => parts === undefined);
    // An empty list is an answer too.
    if (rows.length === 0) return [{ path, pointer, label, values: [wordsOf(reading.language).none] }];
    return [
      plain
        ? { path, pointer, label, values: rows.flatMap(({ values }) => values!) }
        : { path, pointer, label, parts: rows, rows: true },
    ];
  }
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const none = entries.length === 0 ? [wordsOf(reading.language).none] : [];
  const long = field.kind === 'textarea' ? ({ long: true } as const) : {};
  return [
    {
      path,
      pointer,
      label,
      ...long,
      values: [...entries.map((entry) => inWords(field as Leaf, entry, reading)), ...none],
    },
  ];
}

function rowAnswer(row: Field, value: unknown, label: string, reading: Reading): ShownAnswer {
  const [answer] = shownField(row, value, reading);
  // A row without an answer still counts: the next one keeps its number.
  return answer ? { ...answer, label } : { path: row.path, pointer: row.pointer, label, values: [] };
}

/** One answer in words. */
function inWords(leaf: Leaf, value: unknown, { language, unit, moment }: Reading): string {
  const words = wordsOf(language);
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  const { kind, timeZone = 'UTC', options } = leaf;
  if (kind === 'unit') return unit(text);
  if (kind === 'date' || kind === 'month') return formatDate(text);
  if (kind !== 'instant') return options?.find((option) => option.value === text)?.label ?? text;
  if (Number.isNaN(Date.parse(text))) return text;
  return moment?.(new Date(text)) ?? `${formatInstant(new Date(text), timeZone, language)} ${text.slice(0, 4)}`;
}

/** A row of a list in one line: `Service: Safe accommodation; Urgency: Normal`. */
export function rowInWords({ values = [], parts }: ShownAnswer): string {
  return parts ? parts.map((part) => `${part.label}: ${rowInWords(part)}`).join('; ') : values.join(', ');
}
