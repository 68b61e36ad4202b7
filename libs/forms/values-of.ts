import type { Field, Leaf, Values } from './field';
import { rowOf } from './field';
import { dateValues, isDateKind, type DateKind } from './parts-of-date';
import { memberAt } from './walk';

/** Posted for "none of these": an empty list, which is an answer, unlike nothing at all. No code is written like this. */
export const NONE = '-';
/** The control that says how many rows a list shows. */
export const ROWS = '-rows';

/**
 * What the controls of `fields` show for a document, also for one that is unfinished or wrong: what is not of the kind that a
 * field asks for is shown as it was typed.
 */
export function valuesOf(fields: readonly Field[], document: unknown): Values {
  return merged(fields.map((field) => fieldValues(field, memberAt(document, field.pointer))));
}

function fieldValues(field: Field, value: unknown): Values {
  if (field.kind === 'group') {
    const below = (pointer: string) => pointer.slice(field.pointer.length);
    return merged(field.members.map((member) => fieldValues(member, memberAt(value, below(member.pointer)))));
  }
  if (field.kind === 'list') {
    const rows: readonly unknown[] = Array.isArray(value) ? value : [];
    const shown = rows.map((row, index) => fieldValues(rowOf(field, index), row));
    return merged([{ [field.name + ROWS]: String(rows.length) }, ...shown]);
  }
  return leafValues(field, value);
}

const merged = (all: readonly Values[]): Values => Object.assign({}, ...all) as Values;

function leafValues(leaf: Leaf, value: unknown): Values {
  if (leaf.kind === 'choices') return { [leaf.name]: ticked(value) };
  if (isDateKind(leaf.kind)) return dateValues(leaf as Leaf & { kind: DateKind }, asText(value));
  return { [leaf.name]: asText(value) };
}

function ticked(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.length === 0 ? [NONE] : value.map(asText);
}

function asText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}
