import type { ConsentGrant, ConsentRecord, ConsentScope, OverrideRecord } from '../../libs/schema';
import type { Draft } from './documents';

/** A member of the consent or the header of a document that nobody has checked yet. */
type Consent = { readonly [name: string]: unknown } & { readonly scopes?: readonly ConsentScope[] };

const consentOf = (document: Draft) => document['consent'] as Consent | undefined;
const QUESTIONS = {
  who: true,
  what: true,
  why: true,
  how_long: true,
  right_to_refuse: true,
  right_to_withdraw: true,
  consequences: true,
} as const;

/**
 * The consent that the sender's unit took, granting a class of units in a country exactly the scopes that the document
 * claims; undefined when the document claims none.
 * @param country ISO 3166-1 alpha-3
 */
export function recordFor(
  document: Draft,
  unitClass: ConsentGrant['unitClass'],
  country: string,
): ConsentRecord | undefined {
  const consent = consentOf(document);
  if (consent?.['status'] !== 'given' && consent?.['status'] !== 'narrowed') return undefined;
  const purpose = document.header['purpose'] as ConsentGrant['purpose'];
  const { takenAt, expiresAt, language, interpreterUsed, formVersion, formSha256, takenByUnit } = consent;
  const common = { takenAt, expiresAt, language, interpreterUsed, formVersion, formSha256, takenByUnit };
  const { ageStatus } = (document['person'] ?? {}) as { readonly ageStatus?: string };
  return {
    ...(common as Pick<ConsentRecord, keyof typeof common>),
    status: consent['status'],
    grants: (consent.scopes ?? []).map((scope) => ({ scope, country, unitClass, purpose })),
    explainedBy: { role: 'caseworker', unit: takenByUnit as string },
    questions: QUESTIONS,
    wayToWithdraw: 'any_unit',
    ...(ageStatus !== 'adult' && forChild(takenAt as string)),
  };
}

const forChild = (at: string): Pick<ConsentRecord, 'assent' | 'guardianConsent'> => ({
  assent: { given: true, at },
  guardianConsent: { type: 'court_appointed', at, notSuspected: true },
});

/** The decision to share without consent that a document rests on; undefined when it rests on none. */
export function overrideFor(document: Draft, now: Date): OverrideRecord | undefined {
  const consent = consentOf(document);
  if (consent?.['status'] !== 'override') return undefined;
  const basis = consent['legalBasis'] as OverrideRecord['basis'];
  return {
    basis,
    reason: basis === 'child_best_interests' ? 'child_at_risk' : 'threat_to_life',
    decidedAt: new Date(now.getTime() - 3_600_000).toISOString(),
    expiresAt: new Date(now.getTime() + 30 * 86_400_000).toISOString(),
  };
}
