import { faultAt } from '../errors';
import type { Consent, ConsentScope, LegalBasis, Referral } from '../schema';
import { dayOf } from './calendar';
import { effectiveScopes } from './consent';
import { recordedFor, TELLABLE, type Ground } from './consent-ground';
import { overrideFaults, REPLACED_BY_OVERRIDE } from './consent-override';
import { claimFaults, copyFaults, grantedTo, recordFaults, termFaults } from './consent-record';
import type { Disclosure } from './disclosure';

/** With a duty or a vital interest also what happened, without words of the person (Modern Slavery Act 2015, s. 52). */
const TELLABLE_BY_LAW: readonly ConsentScope[] = [...TELLABLE, 'exploitation_details'];

/** What a referral rests on: its consent, held against the record. */
export function groundOfReferral(disclosure: Disclosure, referral: Referral): Ground {
  const { consent } = referral;
  switch (consent?.status) {
    case 'given':
    case 'narrowed':
      return disclosure.records
        ? statedGround(disclosure, referral, consent)
        : givenGround(disclosure, referral, consent);
    case 'override':
      return overriddenGround(disclosure, referral, consent);
    case 'not_sought':
    case undefined:
      return unaskedGround(disclosure, referral);
  }
}

function givenGround(disclosure: Disclosure, referral: Referral, consent: Consent): Ground {
  const { record, now } = disclosure;
  // Without the record, the fields are held to what the message claims, so that all faults show at once.
  if (!record) return { agreed: consent.scopes, replaced: [], faults: [faultAt('/consent', 'consent_record_missing')] };
  const tie = tieOf(disclosure, referral);
  const broken = recordFaults(record, '/consent', now, bornOn(referral));
  const granted = grantedTo(tie, record);
  return {
    agreed: broken.length > 0 ? [] : consent.scopes.filter((scope) => granted.includes(scope)),
    replaced: [],
    faults: [...broken, ...copyFaults(consent, record), ...claimFaults(tie, consent.scopes, granted)],
  };
}

/** The other side's word. */
function statedGround({ now }: Disclosure, referral: Referral, consent: Consent): Ground {
  const born = bornOn(referral);
  return {
    agreed: effectiveScopes(consent, dayOf(now), born),
    replaced: [],
    faults: termFaults(consent, '/consent', now, born),
  };
}

function overriddenGround(disclosure: Disclosure, referral: Referral, consent: Consent): Ground {
  const expired = termFaults(consent, '/consent', disclosure.now, undefined);
  if (disclosure.records) return { agreed: consent.scopes, replaced: REPLACED_BY_OVERRIDE, faults: expired };
  const granted = recordedFor(disclosure, bornOn(referral));
  return {
    agreed: consent.scopes.filter((scope) => granted.includes(scope)),
    replaced: REPLACED_BY_OVERRIDE,
    faults: [
      ...overrideFaults(disclosure, '/consent'),
      ...expired,
      ...claimFaults(tieOf(disclosure, referral), consent.scopes, granted),
    ],
  };
}

function unaskedGround(disclosure: Disclosure, referral: Referral): Ground {
  const { consent, identityMode } = referral;
  return {
    agreed: [],
    replaced: mayTellByLaw(consent?.legalBasis) ? TELLABLE_BY_LAW : TELLABLE,
    faults: [
      ...(identityMode === 'anonymous' ? [] : [faultAt('/identityMode', 'not_anonymous')]),
      ...claimFaults(tieOf(disclosure, referral), consent?.scopes ?? [], []),
    ],
  };
}

const mayTellByLaw = (basis: LegalBasis | undefined) => basis !== undefined && basis !== 'consent';
const bornOn = ({ person }: Referral) => person?.birth?.date;
const tieOf = ({ recipient }: Disclosure, { header }: Referral) => ({ ...recipient, purpose: header.purpose });
