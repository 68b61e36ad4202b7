import { faultAt, type Fault } from '../errors';
import type { Consent, ConsentRecord, ConsentScope, Purpose } from '../schema';
import { dayOf, isFutureDay } from './calendar';
import { hasExpired, hasLapsed, type ConsentTerms } from './consent';
import { countryOf } from './country';
import type { UnitClass } from './scopes';

/** Members of a message's consent that must be those of the record. */
const COPIED = ['takenAt', 'expiresAt', 'formSha256', 'takenByUnit'] as const;

/** Faults of the record itself at `at`: whether it is in force now. */
export function recordFaults(record: ConsentRecord, at: string, now: Date, bornOn: string | undefined): Fault[] {
  return [
    ...(record.status === 'withdrawn' ? [faultAt(at, 'consent_withdrawn')] : []),
    ...(isFutureDay(record.takenAt, now) ? [faultAt(at, 'consent_not_yet_given')] : []),
    ...termFaults({ ...record, scopes: [] }, at, now, bornOn),
  ];
}

/** Faults of a consent whose time is over. */
export function termFaults(terms: ConsentTerms, at: string, now: Date, bornOn: string | undefined): Fault[] {
  const today = dayOf(now);
  return [
    ...(hasExpired(terms, today) ? [faultAt(at, 'consent_expired')] : []),
    ...(hasLapsed(terms, today, bornOn) ? [faultAt(at, 'consent_lapsed')] : []),
  ];
}

/** Faults of a message's consent that says something else than the record. */
export function copyFaults(consent: Consent, record: ConsentRecord): Fault[] {
  return COPIED.filter((member) => consent[member] !== record[member]).map((member) =>
    faultAt(`/consent/${member}`, 'consent_record_differs'),
  );
}

/** What a yes is tied to (domain §6). */
interface Tie {
  readonly node: string;
  readonly unitClass: UnitClass;
  readonly purpose: Purpose | undefined;
}

/** The scopes that a record grants to the recipient's country and class, for the purpose. */
export function grantedTo(
  { node, unitClass, purpose }: Tie,
  { grants }: Pick<ConsentRecord, 'grants'>,
): ConsentScope[] {
  const country = countryOf(node);
  return grants
    .filter((grant) => grant.country === country && grant.unitClass === unitClass && grant.purpose === purpose)
    .map((grant) => grant.scope);
}

/** Faults of scopes that a message claims and nobody has granted for this recipient and purpose. */
export function claimFaults(
  { node, unitClass, purpose }: Tie & { readonly purpose: Purpose },
  claimed: readonly ConsentScope[],
  granted: readonly ConsentScope[],
): Fault[] {
  const country = countryOf(node) ?? node;
  return claimed.flatMap((scope, i) =>
    granted.includes(scope) ? [] : [faultAt(`/consent/scopes/${i}`, 'scope_not_granted', country, unitClass, purpose)],
  );
}
