import type { Field, Group, Leaf, List, Posted } from './field';
import { rowOf } from './field';
import { isDateKind, readDate, type DateKind } from './parts-of-date';
import { textOf, textsOf } from './posted-text';
import { NONE, ROWS } from './values-of';
import { stepsOf } from './walk';

/** A part of a document: the answers of some fields, each at its place. */
export type DocumentPart = { readonly [member: string]: unknown };

const WHOLE_NUMBER = /^-?\d{1,15}$/;
const YES_NO: { readonly [answer: string]: boolean } = { yes: true, no: false };

/**
 * The answers that were posted, as a part of the document. Nothing is refused and nothing is lost: what cannot be read stays
 * as the text that was typed, at its place, and the schema says what is wrong with it. What was left empty is absent. Names
 * that are no control of these fields are not looked at.
 * @param posted flat names, as a plain form posts them
 */
export function readForm(fields: readonly Field[], posted: Posted): DocumentPart {
  const part: Record<string, unknown> = {};
  for (const field of fields) {
    const value = read(field, posted) ?? (field.needed ? empty(field) : undefined);
    if (value !== undefined) put(part, stepsOf(field.pointer), value);
  }
  return part;
}

/** How many rows of a list were posted: at most one more than it may have, so that the schema can say so. */
export function postedRows(list: List, posted: Posted): number {
  const named = Number(textOf(posted, list.name + ROWS) ?? 0);
  const prefix = `${list.name}[`;
  const indexes = Object.keys(posted).flatMap((name) =>
    name.startsWith(prefix) ? [Number(/^\d{1,5}(?=\])/.exec(name.slice(prefix.length))?.[0] ?? -1)] : [],
  );
  const rows = Math.max(Number.isInteger(named) ? named : 0, ...indexes.map((index) => index + 1), 0);
  return Math.min(rows, list.maxItems + 1);
}

function read(field: Field, posted: Posted): unknown {
  if (field.kind === 'group') return readGroup(field, posted);
  if (field.kind !== 'list') return readLeaf(field, posted);
  const rows = Array.from({ length: postedRows(field, posted) }, (_, index) => read(rowOf(field, index), posted));
  const filled = rows.filter((row) => row !== undefined);
  return filled.length > 0 ? filled : undefined;
}

/** What is needed of a group that has any answer is there, empty: its faults then name the controls and not the group. */
function readGroup(group: Group, posted: Posted): object | undefined {
  const answers = group.members.map((member) => read(member, posted));
  return answers.some((answer) => answer !== undefined) ? withNeeded(group, answers) : undefined;
}

function withNeeded({ members, pointer }: Group, answers: readonly unknown[]): object {
  const filled = members.map((member, i) => answers[i] ?? (member.needed ? empty(member) : undefined));
  const named = members.map((member, i): [string, unknown] => [member.pointer.slice(pointer.length + 1), filled[i]]);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

/** The answer that is no answer: an empty list where the schema allows one, a group without members. */
function empty(field: Field): unknown {
  if (field.kind === 'group') return withNeeded(field, []);
  const mayBeEmpty = field.kind === 'list' ? field.minItems === 0 : field.none;
  return mayBeEmpty ? [] : undefined;
}

function readLeaf(leaf: Leaf, posted: Posted): unknown {
  if (isDateKind(leaf.kind)) return readDate(leaf as Leaf & { kind: DateKind }, posted);
  if (leaf.kind === 'choices') return readChoices(leaf, posted);
  const text = textOf(posted, leaf.name);
  if (text === undefined) return undefined;
  // `-0` and `007` are numbers to people as well.
  if (leaf.numeric) return WHOLE_NUMBER.test(text) ? Number(text) + 0 : text;
  const asked = leaf.kind === 'yesno' || leaf.kind === 'confirm';
  return asked && Object.hasOwn(YES_NO, text) ? confirmed(leaf, YES_NO[text]!) : text;
}

/** A box that is not ticked is no answer. */
const confirmed = ({ kind }: Leaf, yes: boolean) => (kind === 'confirm' && !yes ? undefined : yes);

function readChoices({ name, none, options }: Leaf, posted: Posted): readonly string[] | undefined {
  const all = textsOf(posted, name);
  const codes = all.filter((code) => code !== NONE).slice(0, options!.length + 1);
  if (codes.length > 0) return codes;
  return none && all.length > 0 ? [] : undefined;
}

function put(part: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  const [step, ...below] = steps as readonly [string, ...string[]];
  if (below.length === 0) {
    part[step] = value;
    return;
  }
  part[step] ??= {};
  put(part[step] as Record<string, unknown>, below, value);
}
