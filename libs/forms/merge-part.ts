import type { Field, Group, List } from './field';
import { rowOf } from './field';
import type { DocumentPart } from './read-form';
import { asObject, memberAt, stepsOf } from './walk';

type Members = { readonly [member: string]: unknown };

/**
 * The document with the answers of `part` in place of all that `fields` ask for: an answer that is gone is gone. Whatever no
 * field asks for stays as it is. Groups that have lost their last member are left out.
 */
export function mergePart(document: unknown, fields: readonly Field[], part: DocumentPart): Members {
  return fields.reduce<Members>(
    (merged, field) =>
      replaced(merged, stepsOf(field.pointer), (old) => mergedValue(field, old, memberAt(part, field.pointer))),
    asObject(document) ?? {},
  );
}

function replaced(owner: Members, steps: readonly string[], change: (old: unknown) => unknown): Members {
  const [step, ...below] = steps as readonly [string, ...string[]];
  const old = memberAt(owner, `/${step}`);
  const next = below.length === 0 ? change(old) : filled(replaced(asObject(old) ?? {}, below, change));
  const { [step]: _gone, ...others } = owner;
  // In its old place among the members, so that a save without a change changes nothing.
  if (next === undefined) return others;
  return Object.hasOwn(owner, step) ? { ...owner, [step]: next } : { ...others, [step]: next };
}

const filled = (members: Members) => (Object.keys(members).length > 0 ? members : undefined);

function mergedValue(field: Field, old: unknown, next: unknown): unknown {
  if (field.kind === 'group') return mergedGroup(field, old, next);
  if (field.kind === 'list') return mergedList(field, old, next);
  return next;
}

function mergedGroup(group: Group, old: unknown, next: unknown): Members | undefined {
  const merged = group.members.reduce<Members>(
    (members, member) => {
      const below = member.pointer.slice(group.pointer.length);
      return replaced(members, stepsOf(below), (value) => mergedValue(member, value, memberAt(next, below)));
    },
    asObject(old) ?? {},
  );
  return next === undefined ? filled(merged) : merged;
}

/** Rows of files are told apart by their digest: what the node wrote of a file stays with it. */
function mergedList(list: List, old: unknown, next: unknown): unknown {
  const { item } = list;
  const digest = item.kind === 'group' ? item.members.find(({ kind }) => kind === 'digest') : undefined;
  if (!digest || !Array.isArray(next) || !Array.isArray(old)) return next;
  const below = digest.pointer.slice(item.pointer.length);
  return next.map((row: unknown, index) => {
    const same = old.find(
      (other) => memberAt(other, below) !== undefined && memberAt(other, below) === memberAt(row, below),
    );
    return same === undefined ? row : mergedValue(rowOf(list, index), same, row);
  });
}
