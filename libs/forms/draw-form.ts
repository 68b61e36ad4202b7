import type { Lang } from '../schema';
import type { Field, Group, Leaf, List, Posted, Values } from './field';
import { cityOf } from '../text';
import { rowOf } from './field';
import type {
  DrawnBase,
  DrawnField,
  DrawnForm,
  DrawnGroup,
  DrawnLeaf,
  DrawnList,
  DrawnOption,
  DrawnPart,
  DrawnRow,
} from './drawn';
import { faultsByField, type PageFaults } from './faults-by-field';
import { wordsOf, type Words } from './labels';
import { DATE_PARTS, datePartsOf, isDateKind } from './parts-of-date';
import { NONE, ROWS } from './values-of';
import type { Fault } from '../errors';

/** More answers than these are picked from a menu. */
const MOST_RADIOS = 8;
/** A value at least this long gets the whole width. */
const WIDE = 60;

interface Drawing {
  readonly values: Values | Posted;
  readonly faults: PageFaults;
  readonly words: Words;
  readonly language: Lang;
}

/** The form with the values of its controls and the faults of its document. */
export function drawForm(
  fields: readonly Field[],
  values: Values | Posted,
  faults: readonly Fault[],
  language: Lang,
): DrawnForm {
  const words = wordsOf(language);
  const found = faultsByField(fields, faults, language);
  const drawing = { values, faults: found, words, language };
  return { fields: fields.map((field) => drawn(field, drawing)), summary: found.all, words };
}

function drawn(field: Field, drawing: Drawing): DrawnField {
  if (field.kind === 'list') return drawnList(field, drawing);
  return field.kind === 'group' ? drawnGroup(field, drawing) : drawnLeaf(field, drawing);
}

function drawnGroup(group: Group, drawing: Drawing): DrawnGroup {
  return { ...base(group, drawing), widget: 'group', members: group.members.map((member) => drawn(member, drawing)) };
}

function drawnList(list: List, drawing: Drawing): DrawnList {
  const named = Number(textIn(drawing.values, list.name + ROWS));
  // There is always a row to write in; one that stays empty is no row of the document.
  const count = Math.max(Number.isInteger(named) ? Math.min(named, list.maxItems + 1) : 0, 1);
  const rows = Array.from({ length: count }, (_, index): DrawnRow => {
    const row = rowOf(list, index);
    const label = `${row.label} ${index + 1}`;
    // Each row is there because somebody wants it: none is optional.
    const field = { ...row, label, obligation: 'conditional' as const };
    const shown = field.kind === 'group' ? drawnGroup(field, drawing) : drawnLeaf(field, drawing);
    return { label, remove: `remove:${list.name}[${index}]`, field: shown };
  });
  return {
    ...base(list, drawing),
    widget: 'list',
    rows,
    rowsName: list.name + ROWS,
    ...(count < list.maxItems && { add: `add:${list.name}` }),
  };
}

function drawnLeaf(leaf: Leaf, drawing: Drawing): DrawnLeaf {
  const value = textIn(drawing.values, leaf.name);
  const widget = widgetOf(leaf);
  return {
    ...base(leaf, drawing),
    ...hintOf(leaf, drawing),
    widget,
    type: leaf.kind === 'phone' ? 'tel' : leaf.kind === 'email' ? 'email' : 'text',
    value,
    options: optionsOf(leaf, widget, drawing),
    parts: partsOf(leaf, drawing),
    inline: leaf.kind === 'yesno',
    wide: leaf.kind !== 'integer' && (leaf.maxLength ?? 0) > WIDE,
    ...(leaf.maxLength !== undefined && { maxLength: leaf.maxLength }),
    autocomplete: leaf.autocomplete,
    spellcheck: leaf.spellcheck,
    ...(leaf.inputMode !== undefined && { inputMode: leaf.inputMode }),
  };
}

/** The hint of a question, with what its widget needs to say: whose clock is meant, that several boxes can be ticked. */
function hintOf({ kind, hint, timeZone }: Leaf, { words, language }: Drawing): { readonly hint?: string } {
  const clock = timeZone === undefined ? [] : [words.clock.replace('{0}', () => cityOf(timeZone, language))];
  const parts = [hint ?? [], clock, kind === 'choices' ? words.several : []].flat();
  return parts.length > 0 ? { hint: parts.join(' ') } : {};
}

function widgetOf({ kind, options }: Leaf): DrawnLeaf['widget'] {
  if (kind === 'yesno') return 'radios';
  if (kind === 'choices') return 'checkboxes';
  if (kind === 'confirm' || kind === 'textarea') return kind;
  if (isDateKind(kind)) return 'date';
  if (options === undefined) return 'input';
  return options.length > MOST_RADIOS ? 'select' : 'radios';
}

function optionsOf(leaf: Leaf, widget: DrawnLeaf['widget'], { values, words }: Drawing): readonly DrawnOption[] {
  const chosen = textsIn(values, leaf.name).filter((value) => value !== '');
  const known =
    leaf.kind === 'yesno'
      ? [
          { value: 'yes', label: words.yes },
          { value: 'no', label: words.no },
        ]
      : (leaf.options ?? []);
  if (leaf.kind === 'confirm') return [{ value: 'yes', label: leaf.label, selected: chosen.includes('yes') }];
  if (known.length === 0) return [];
  const none = leaf.none ? [{ value: NONE, label: words.none, exclusive: true as const }] : [];
  // What was typed elsewhere, or comes from a newer version, is shown as it is.
  const strange = chosen
    .filter((value) => ![...known, ...none].some((option) => option.value === value))
    .map((value) => ({ value, label: value }));
  const blank = blankOf(leaf, widget, chosen.length > 0, words);
  return [...blank, ...known, ...strange, ...none].map((option) => ({
    ...option,
    selected: option.value === '' ? chosen.length === 0 : chosen.includes(option.value),
  }));
}

/** How an answer is taken back: a menu begins with no answer; of radio buttons none can be unpressed. */
function blankOf(
  leaf: Leaf,
  widget: DrawnLeaf['widget'],
  answered: boolean,
  words: Words,
): { readonly value: string; readonly label: string }[] {
  if (widget === 'select') return [{ value: '', label: words.choose }];
  return widget === 'radios' && answered && leaf.obligation !== 'mandatory'
    ? [{ value: '', label: words.noAnswer }]
    : [];
}

function partsOf({ kind, id, name }: Leaf, { values, words }: Drawing): readonly DrawnPart[] {
  if (!isDateKind(kind)) return [];
  return datePartsOf(kind).map((part) => ({
    part,
    id: id + DATE_PARTS[part],
    name: name + DATE_PARTS[part],
    label: words[part],
    value: textIn(values, name + DATE_PARTS[part]),
  }));
}

function base(field: Field, { faults, words }: Drawing): DrawnBase {
  const optional = field.obligation === 'optional' && field.kind !== 'confirm' ? ` ${words.optional}` : '';
  return {
    id: field.id,
    name: field.name,
    label: field.label + optional,
    ...(field.hint !== undefined && { hint: field.hint }),
    errors: (faults.byField.get(field.name) ?? []).map(({ text }) => text),
  };
}

function textIn(values: Values | Posted, name: string): string {
  return textsIn(values, name)[0] ?? '';
}

function textsIn(values: Values | Posted, name: string): readonly string[] {
  const held: unknown = Object.hasOwn(values, name) ? values[name] : undefined;
  return (Array.isArray(held) ? held : [held]).filter((value) => typeof value === 'string');
}
