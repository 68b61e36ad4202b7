import { fieldRule, type Lang } from '../schema';
import contactsEn from './labels/en/contacts.json';
import messagesEn from './labels/en/messages.json';
import recordsEn from './labels/en/records.json';
import referralEn from './labels/en/referral.json';
import sectionsEn from './labels/en/sections.json';
import wordsEn from './labels/en/words.json';
import contactsVi from './labels/vi/contacts.json';
import messagesVi from './labels/vi/messages.json';
import recordsVi from './labels/vi/records.json';
import referralVi from './labels/vi/referral.json';
import sectionsVi from './labels/vi/sections.json';
import wordsVi from './labels/vi/words.json';

/** What people read beside a control. A field of the matrix has its label there, and perhaps a hint here. */
export interface LabelEntry {
  readonly label?: string;
  readonly hint?: string;
  /** The label inside a sentence that asks for an answer, where it is not the label with an article. */
  readonly asked?: string;
}
type Labels = { readonly [key: string]: LabelEntry };

/** Words of the widgets themselves: "Day", "Add another". */
export type Words = typeof wordsEn;

export const LABELS: { readonly [language in Lang]: Labels } = {
  en: { ...contactsEn, ...referralEn, ...messagesEn, ...recordsEn },
  vi: { ...contactsVi, ...referralVi, ...messagesVi, ...recordsVi },
};

const WORDS: { readonly [language in Lang]: Words } = { en: wordsEn, vi: wordsVi };

const TITLES: { readonly [language in Lang]: { readonly [key: string]: string } } = { en: sectionsEn, vi: sectionsVi };

/** What people read of a field. */
export interface FieldWords {
  readonly label: string;
  readonly hint?: string;
  readonly asked: string;
}

/**
 * The label of a field, and its hint where there is one.
 * @param matrixPath where the field matrix may have the label
 */
export function labelFor(key: string, matrixPath: string | undefined, language: Lang): FieldWords {
  const entry = entryFor(key, language);
  const inMatrix = matrixPath === undefined ? undefined : fieldRule(matrixPath)?.label[language];
  // A field without a label is still asked for: it shows its own name, and labels.spec.ts fails.
  const label = entry?.label ?? inMatrix ?? key;
  const hint = entry?.hint;
  return { label, ...(hint !== undefined && { hint }), asked: entry?.asked ?? inSentence(label, language) };
}

/** The entry of a key, or the one that all members of that name share: `*.contact`. */
function entryFor(key: string, language: Lang): LabelEntry | undefined {
  return LABELS[language][key] ?? LABELS[language][`*${key.slice(key.lastIndexOf('.'))}`];
}

/** Words before which no article stands. */
const WITHOUT_ARTICLE = /^(?:what|who|how|when|where|why|your|an?|the|other|all|further) /;

/** A label inside a sentence. Names that begin with two capitals, such as SHA or NRM, stay. */
function inSentence(label: string, language: Lang): string {
  const lower = /^\p{Lu}(?!\p{Lu})/u.test(label) ? label.charAt(0).toLocaleLowerCase(language) + label.slice(1) : label;
  return language === 'vi' || WITHOUT_ARTICLE.test(lower) ? lower : `the ${lower}`;
}

export function wordsOf(language: Lang): Words {
  return WORDS[language];
}

/** The title of a section or of a page of questions (`person`, `person/name`). */
export function titleOf(key: string, language: Lang): string {
  return TITLES[language][key]!;
}
