import { hasAnswer } from '../../../../libs/forms';
import type { Language } from '../../../../libs/pages';
import { labelOf, type FieldRule, type Purpose } from '../../../../libs/schema';
import type { Written } from './lens';

/** A field of a referral that travels only with a yes of the person. */
export interface WithheldField {
  readonly path: string;
  readonly label: string;
  readonly scope: string;
  /** The person agrees to it for this recipient and purpose. */
  readonly agreed: boolean;
  /** There is something in it. */
  readonly answered: boolean;
}

/** Fields of a purpose that need a scope, in the order of a referral. */
export function consentScopes(
  { document }: Written,
  rules: readonly FieldRule[],
  purpose: Purpose,
  language: Language,
): WithheldField[] {
  const { scopes } = (document['consent'] ?? {}) as { readonly scopes?: unknown };
  const agreed: readonly unknown[] = Array.isArray(scopes) ? scopes : [];
  return rules
    .filter(({ scope, cells }) => scope !== undefined && cells[purpose] !== 'X')
    .map(({ path, label, scope }) => ({
      path,
      label: label[language],
      scope: labelOf('consentScope', scope!, language) ?? scope!,
      agreed: agreed.includes(scope),
      answered: hasAnswer(document, path),
    }));
}
