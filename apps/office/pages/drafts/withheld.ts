import { hasAnswer } from '../../../../libs/forms';
import type { Language } from '../../../../libs/pages';
import { labelOf, type FieldRule } from '../../../../libs/schema';
import type { Written } from './lens';

/** A part of a referral that travels only with a yes of the person. */
export interface WithheldField {
  readonly path: string;
  readonly label: string;
  readonly scope: string;
  /** There is something in it. */
  readonly answered: boolean;
}

/**
 * Parts of a referral that its recipient does not get, because the person has not agreed to them for this recipient and purpose, in the
 * order of a referral.
 * @param asked paths that the pages of the referral ask about
 */
export function withheldFields(
  { document }: Written,
  rules: readonly FieldRule[],
  asked: readonly string[],
  language: Language,
): WithheldField[] {
  const { scopes } = (document['consent'] ?? {}) as { readonly scopes?: unknown };
  const agreed: readonly unknown[] = Array.isArray(scopes) ? scopes : [];
  return rules
    .filter(({ path, scope }) => scope !== undefined && !agreed.includes(scope) && asked.includes(path))
    .map(({ path, label, scope }) => ({
      path,
      label: label[language],
      scope: labelOf('consentScope', scope!, language) ?? scope!,
      answered: hasAnswer(document, path),
    }));
}

/** The same by the yes that is missing: one line for each. */
export function byScope(fields: readonly WithheldField[]): { readonly scope: string; readonly parts: string }[] {
  const scopes = [...new Set(fields.map(({ scope }) => scope))];
  return scopes.map((scope) => ({
    scope,
    parts: fields
      .filter((field) => field.scope === scope)
      .map(({ label }) => label)
      .join(', '),
  }));
}
