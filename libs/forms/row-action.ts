import type { Field, List, Posted } from './field';
import { postedRows } from './read-form';
import { textOf } from './posted-text';
import { ROWS } from './values-of';

/** Name of the buttons that say what a post is for. */
export const THEN = 'then';
const ACTION = /^(add|remove):(.+?)(?:\[(\d{1,5})\])?$/;

/**
 * What the controls show after "Add another" or "Remove" (`then=add:documents`, `then=remove:documents[1]`): the same answers
 * with one row more or less. Undefined when the post asks for no such thing; then it is to be saved and gone on from.
 */
export function afterRowAction(fields: readonly Field[], posted: Posted): Posted | undefined {
  const [, action, name, index] = ACTION.exec(textOf(posted, THEN) ?? '') ?? [];
  const list = name === undefined ? undefined : listNamed(fields, name);
  if (!list) return undefined;
  const rows = postedRows(list, posted);
  if (action === 'add')
    return { ...posted, [list.name + ROWS]: String(Math.min(Math.max(rows, 1) + 1, list.maxItems)) };
  return index === undefined ? undefined : without(list, Number(index), rows, posted);
}

function listNamed(fields: readonly Field[], name: string): List | undefined {
  for (const field of fields) {
    if (field.kind === 'list' && field.name === name) return field;
    const inside = field.kind === 'group' ? listNamed(field.members, name) : undefined;
    if (inside) return inside;
  }
  return undefined;
}

/** The rows after the one that goes move up. */
function without(list: List, gone: number, rows: number, posted: Posted): Posted {
  const prefix = `${list.name}[`;
  const moved = Object.entries(posted).flatMap(([name, value]): [string, unknown][] => {
    const [whole, digits] = (name.startsWith(prefix) && /^(\d{1,5})\]/.exec(name.slice(prefix.length))) || [];
    if (whole === undefined) return [[name, value]];
    const index = Number(digits);
    if (index === gone) return [];
    const now = index > gone ? index - 1 : index;
    return [[`${prefix}${now}]${name.slice(prefix.length + whole.length)}`, value]];
  });
  const left = gone < rows ? rows - 1 : rows;
  return { ...Object.fromEntries(moved), [list.name + ROWS]: String(left) };
}
