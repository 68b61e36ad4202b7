import { faultAt, type Fault } from '../errors';
import { isChild, saysChild, type CaseState } from '../lifecycle';
import type { ConsentRecord, Guardian, Message, Referral } from '../schema';
import { dayOf } from './calendar';
import { contentOf } from './content';
import type { Disclosure } from './disclosure';

const ASSESSED: readonly unknown[] = ['bia_done', 'bid_done'];
const ASSESSED_FOR: readonly unknown[] = ['RETURN', 'TRACE'];

/** True when a message is about a child or about a person of uncertain age (domain §1.10), by itself or by its case. */
export function concernsChild(message: Message, state: CaseState | undefined, now: Date): boolean {
  if ('handling' in message) return isChild(message.person, dayOf(now));
  const person = contentOf(message)?.sections.person;
  return state?.child === true || (person !== undefined && saysChild(person, dayOf(now)));
}

/** Faults of what a child needs: a safe guardian, a finished best-interests procedure, and both yeses in the record. */
export function childFaults({ message, state, now, record }: Disclosure): Fault[] {
  const content = contentOf(message);
  if (!content || !concernsChild(message, state, now)) return [];
  const guardian = guardianFaults(content.sections.guardian, content.at);
  if (!('handling' in message)) return guardian;
  return [
    ...(message.guardian ? [] : [faultAt('/guardian', 'guardian_missing')]),
    ...guardian,
    ...bestInterestsFaults(message),
    ...consentFaults(message, record),
  ];
}

function guardianFaults(guardian: Guardian | undefined, at: string): Fault[] {
  if (!guardian || guardian.type === 'none' || guardian.safe) return [];
  return [faultAt(`${at}/guardian/safe`, 'guardian_not_safe')];
}

function bestInterestsFaults({ header, bestInterests }: Referral): Fault[] {
  if (!ASSESSED_FOR.includes(header.purpose) || ASSESSED.includes(bestInterests?.status)) return [];
  return [faultAt('/bestInterests', 'best_interests_missing')];
}

function consentFaults({ consent, guardian }: Referral, record: ConsentRecord | undefined): Fault[] {
  if (consent?.status !== 'given' && consent?.status !== 'narrowed') return [];
  const nobody = guardian?.type === 'none' ? [faultAt('/guardian/type', 'guardian_cannot_consent')] : [];
  if (!record) return nobody;
  const { assent, guardianConsent } = record;
  return [
    ...nobody,
    ...(assent?.given ? [] : [faultAt('/consent', 'assent_missing')]),
    ...(guardianConsent ? guardianConsentFaults(guardianConsent) : [faultAt('/consent', 'guardian_consent_missing')]),
  ];
}

function guardianConsentFaults({
  type,
  notSuspected,
}: {
  readonly type: string;
  readonly notSuspected: boolean;
}): Fault[] {
  return [
    ...(type === 'none' ? [faultAt('/consent', 'guardian_cannot_consent')] : []),
    ...(notSuspected ? [] : [faultAt('/consent', 'guardian_suspected')]),
  ];
}
