import { followed, schemaPlace, type Lang, type Purpose } from '../schema';
import { rulingOf, truthOf, type Ruling } from './conditions';
import type { Field } from './field';
import { formOf, type FormChoice } from './form-of';
import { titleOf } from './labels';
import { isForbidden } from './matrix';
import { SECTIONS, type PagePlan } from './sections';
import { memberAt } from './walk';

export interface Page extends PagePlan {
  readonly title: string;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly pages: readonly Page[];
}

/** Rules of a referral that hang on its purpose, on an age, on an identity mode. */
const rules = () => followed({ ...schemaPlace('referral'), schema: { $ref: 'rules.schema.json' } });

/** The sections of a referral with this purpose, and all pages that it can have; sections without a page are left out. */
export function sectionsOf(purpose: Purpose, language: Lang): Section[] {
  return SECTIONS.map(({ id, pages }) => ({
    id,
    title: titleOf(id, language),
    pages: pages
      .map((page) => ({ ...page, paths: allowedPaths(page, purpose), title: titleOf(`${id}/${page.id}`, language) }))
      .filter(({ paths }) => paths.length > 0),
  })).filter(({ pages }) => pages.length > 0);
}

/** The paths of a page on which the purpose leaves anything to ask. */
function allowedPaths({ paths }: PagePlan, purpose: Purpose): readonly string[] {
  return paths.filter((path) => !isForbidden(path, purpose));
}

/** What a page asks, given the answers so far. */
export interface PageChoice extends Omit<FormChoice, 'paths' | 'purpose'> {
  readonly purpose: Purpose;
}

/**
 * The questions of a page, given the answers so far; none when the referral does not need the page. A question is there when
 * some valid referral with these answers could have it: unless a rule of the schema whose condition is decided forbids it, or
 * the page is for children and the person is of age. What was answered before the rule came into force stays on its page,
 * so that nothing is sent unseen. What the rules now ask for is marked as mandatory.
 */
export function questionsOf(page: PagePlan, document: unknown, choice: PageChoice): Field[] {
  const { purpose } = choice;
  // The purpose of the draft's head and the one of the page are the same; the rules read the former.
  const decided = { ...(document as object), header: { purpose } };
  const ruling = rulingOf(rules(), decided);
  const paths = page.paths.filter((path) => hasAnswer(document, path) || isPossible(path, page, ruling, decided));
  return formOf('referral', { ...choice, paths }).map((field) => marked(field, ruling));
}

function isPossible(path: string, { when }: PagePlan, { forbidden }: Ruling, document: unknown): boolean {
  if (forbidden.has(path)) return false;
  return when === undefined || truthOf({ ...rules(), schema: { $ref: `#/$defs/${when}` } }, document) !== 'no';
}

function marked(field: Field, { required }: Ruling): Field {
  return required.has(field.path) ? { ...field, obligation: 'mandatory' } : field;
}

/** True when the document has anything at a path. */
export function hasAnswer(document: unknown, path: string): boolean {
  return memberAt(document, `/${path.replaceAll('.', '/')}`) !== undefined;
}
