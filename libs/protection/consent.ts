import { adultFrom, factsOf, type CaseState } from '../lifecycle';
import type { ConsentScope } from '../schema';

/** A consent as far as its time matters. Days are YYYY-MM-DD. */
export interface ConsentTerms {
  readonly scopes: readonly ConsentScope[];
  readonly takenAt?: string | undefined;
  /** Last day on which it holds. */
  readonly expiresAt?: string | undefined;
}

/** What of a consent holds on `today` (YYYY-MM-DD): nothing once it has expired or the child that gave it is of age. */
export function effectiveScopes(consent: ConsentTerms, today: string, bornOn?: string): readonly ConsentScope[] {
  return hasExpired(consent, today) || hasLapsed(consent, today, bornOn) ? [] : consent.scopes;
}

export function hasExpired({ expiresAt }: ConsentTerms, today: string): boolean {
  return expiresAt !== undefined && today > expiresAt;
}

/**
 * True from the 18th birthday on for a consent from before that day: from then on the person decides alone (domain §6).
 * A consent of unknown date counts as one from before.
 */
export function hasLapsed({ takenAt = '' }: ConsentTerms, today: string, bornOn: string | undefined): boolean {
  if (bornOn === undefined) return false;
  const adult = adultFrom(bornOn);
  return today >= adult && takenAt < adult;
}

/** The consent that a case rests on now, after withdrawals. It was taken on the day of the referral at the latest. */
export function consentOfCase({
  consent,
  opening,
}: CaseState): ConsentTerms & { readonly bornOn?: string | undefined } {
  const { scopes, expiresAt } = consent;
  return { scopes, expiresAt, takenAt: opening?.at.slice(0, 10), bornOn: factsOf('referral', opening)?.bornOn };
}

/** What the person of a case agrees to on `today`: the same for both sides. */
export function scopesOfCase(state: CaseState, today: string): readonly ConsentScope[] {
  const consent = consentOfCase(state);
  return effectiveScopes(consent, today, consent.bornOn);
}
