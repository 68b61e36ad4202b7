import type { Fault, RuleCode } from '../errors';
import type { Lang } from '../schema';
import type { Field } from './field';
import { anchorOf, controlAt, type Control } from './find-control';
import { wordsOf, type Words } from './labels';
import { rowFor } from './matrix';

/** A fault as the page shows it. */
export interface FieldFault {
  readonly pointer: string;
  readonly code: RuleCode;
  /** A whole sentence that names the field. */
  readonly text: string;
  /** Where the error summary leads; undefined for what no control of the page asks for. */
  readonly href?: string;
}

export interface PageFaults {
  /** Faults by the name of their field. */
  readonly byField: ReadonlyMap<string, readonly FieldFault[]>;
  /** Faults of places that no field of the page asks for. */
  readonly ofPage: readonly FieldFault[];
  /** All faults, in the order of the page. */
  readonly all: readonly FieldFault[];
}

type Sentences = Words['sentences'];

/** Rules that say nothing but that an answer is missing. */
const MISSING: ReadonlySet<RuleCode> = new Set([
  'required',
  'required_for_purpose',
  'required_in_case',
  'too_few_entries',
  'too_few_fields',
  'too_short',
]);
/** Rules that say that an answer is none of those that there are. */
const NOT_AN_OPTION: ReadonlySet<RuleCode> = new Set([
  'code_not_listed',
  'code_not_listed_for_purpose',
  'code_not_listed_in_case',
  'not_the_value',
  'not_the_value_for_purpose',
  'not_the_value_in_case',
]);

/** The faults of a document at the fields of a page, in sentences of its language. Codes stay those of libs/errors. */
export function faultsByField(fields: readonly Field[], faults: readonly Fault[], language: Lang): PageFaults {
  const byField = new Map<string, FieldFault[]>();
  const ofPage: FieldFault[] = [];
  for (const fault of faults) {
    const control = controlAt(fields, fault.pointer);
    if (!control) {
      ofPage.push({ pointer: fault.pointer, code: fault.code, text: elsewhere(fault, language) });
      continue;
    }
    const { name } = control.field;
    const text = sentenceOf(control, fault, language);
    const shown = { pointer: fault.pointer, code: fault.code, text, href: `#${anchorOf(control.field)}` };
    byField.set(name, [...(byField.get(name) ?? []), shown]);
  }
  return { byField, ofPage, all: [...ofPage, ...inOrder(fields, byField)] };
}

/** In the order of the questions, which is the order in which people look for them. */
function inOrder(fields: readonly Field[], byField: ReadonlyMap<string, readonly FieldFault[]>): FieldFault[] {
  const place = (name: string) =>
    fields.findIndex(
      (field) => name === field.name || (/^[.[]/.test(name.slice(field.name.length)) && name.startsWith(field.name)),
    );
  return [...byField].toSorted(([a], [b]) => place(a) - place(b)).flatMap(([, faults]) => faults);
}

function elsewhere(fault: Fault, language: Lang): string {
  const row = rowFor(fault.pointer.split('/').slice(1).join('.'));
  const words = wordsOf(language);
  return filled(words.sentences.other, row?.label[language] ?? words.document, ruleOf(fault, language));
}

function sentenceOf({ field, within }: Control, fault: Fault, language: Lang): string {
  const { sentences } = wordsOf(language);
  const inside = within.length > 0 ? ` (${within.join(', ')})` : '';
  const label = field.label + inside;
  const own = templateOf(field, fault.code, sentences);
  return own === undefined
    ? filled(sentences.other, label, ruleOf(fault, language))
    : filled(own, label, asked(field) + inside);
}

function templateOf({ kind, ...field }: Field, code: RuleCode, sentences: Sentences): string | undefined {
  const picked = 'options' in field && field.options !== undefined;
  if (MISSING.has(code)) return missing(kind, picked, sentences);
  if (NOT_AN_OPTION.has(code)) return kind === 'confirm' ? sentences.confirm : sentences.option;
  if (code === 'wrong_type' && kind === 'integer') return sentences.number;
  if (code === 'wrong_type' && kind === 'yesno') return sentences.yesno;
  if (code === 'wrong_format' || (code === 'wrong_form' && kind === 'instant')) {
    return kind === 'instant' ? sentences.instant : sentences.date;
  }
  return code === 'wrong_form' ? (sentences.form[kind as keyof Sentences['form']] ?? sentences.form.text) : undefined;
}

/** Kinds that are asked for in words of their own when they are missing. */
const ASKED_FOR: { readonly [kind in Field['kind']]?: 'group' | 'list' | 'yesno' | 'confirm' | 'select' } = {
  group: 'group',
  list: 'list',
  yesno: 'yesno',
  confirm: 'confirm',
  choices: 'select',
};

function missing(kind: Field['kind'], picked: boolean, sentences: Sentences): string {
  return sentences[ASKED_FOR[kind] ?? (picked ? 'select' : 'enter')];
}

/** A yes or no, and a confirmation, are no nouns: they are asked for in their own words. */
const asked = ({ kind, label, asked: phrase }: Field) =>
  kind === 'yesno' || kind === 'confirm' ? `“${label}”` : phrase;

const ruleOf = (fault: Fault, language: Lang) => (language === 'vi' ? fault.ruleVi : fault.rule);

/** `{0}`: the label, or the label inside a sentence for `{1}`, or the words of the rule. */
function filled(template: string, label: string, second: string): string {
  return template.replace('{0}', () => label).replace('{1}', () => second);
}
