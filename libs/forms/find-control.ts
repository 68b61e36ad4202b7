import type { Field } from './field';
import { rowOf } from './field';
import { DATE_PARTS, datePartsOf, isDateKind } from './parts-of-date';

/** The field that a pointer leads to, with the words that tell it from its namesakes. */
export interface Control {
  readonly field: Field;
  /** Groups and rows that it is part of, from the outside in; without the outermost group, which is the page itself. */
  readonly within: readonly string[];
}

/** The deepest of `fields` that `pointer` leads to or into; undefined for a place that none of them asks for. */
export function controlAt(fields: readonly Field[], pointer: string): Control | undefined {
  const field = fields.find((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`));
  return field && deepest(field, pointer, []);
}

function deepest(field: Field, pointer: string, within: readonly string[]): Control {
  if (field.kind === 'list') return rowAt(field, pointer, within);
  if (field.kind !== 'group') return { field, within };
  const member = field.members.find((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`));
  if (!member) return { field, within };
  return deepest(member, pointer, member.kind === 'group' ? [...within, member.label] : within);
}

function rowAt(list: Field & { readonly kind: 'list' }, pointer: string, within: readonly string[]): Control {
  const digits = /^\/(\d{1,5})(?=\/|$)/.exec(pointer.slice(list.pointer.length))?.[1];
  if (digits === undefined || Number(digits) > list.maxItems) return { field: list, within };
  const row = rowOf(list, Number(digits));
  const named = `${row.label} ${Number(digits) + 1}`;
  // The row of a list of single values is named by itself: "Other name 2".
  return row.kind === 'group' ? deepest(row, pointer, [...within, named]) : { field: { ...row, label: named }, within };
}

/** The id of the first control of a field: where a link of the error summary leads. */
export function anchorOf(field: Field): string {
  if (field.kind === 'group') return anchorOf(field.members[0]!);
  if (field.kind === 'list') return anchorOf(rowOf(field, 0));
  return isDateKind(field.kind) ? field.id + DATE_PARTS[datePartsOf(field.kind)[0]!] : field.id;
}
