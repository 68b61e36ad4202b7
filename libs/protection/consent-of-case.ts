import { faultAt } from '../errors';
import type { CaseState } from '../lifecycle';
import { dayOf } from './calendar';
import { consentOfCase, scopesOfCase } from './consent';
import { NO_GROUND, recordedFor, TELLABLE, type Ground } from './consent-ground';
import { overrideFaults, REPLACED_BY_OVERRIDE } from './consent-override';
import { recordFaults, termFaults } from './consent-record';
import type { Disclosure } from './disclosure';

/**
 * What a later message rests on: the consent that the referral named, after withdrawals.
 * @param at where the message shares something; undefined when it shares nothing
 * @param scoped whether anything in it needs a scope
 */
export function groundOfCase(disclosure: Disclosure, at: string | undefined, scoped: boolean): Ground {
  const { state, now, records } = disclosure;
  if (!state || at === undefined) return NO_GROUND;
  switch (state.consent.state) {
    case 'given':
    case 'narrowed':
      return givenGround(disclosure, state, at);
    case 'override':
      return {
        agreed: scopesOfCase(state, dayOf(now)),
        replaced: REPLACED_BY_OVERRIDE,
        faults: [
          ...(scoped && !records ? overrideFaults(disclosure, at) : []),
          ...termFaults(consentOfCase(state), at, now, undefined),
        ],
      };
    case 'not_sought':
      return { ...NO_GROUND, replaced: TELLABLE };
    case 'withdrawn':
      return { ...NO_GROUND, faults: [faultAt(at, 'consent_withdrawn')] };
  }
}

function givenGround(disclosure: Disclosure, state: CaseState, at: string): Ground {
  const { side, record, records, now } = disclosure;
  const consent = consentOfCase(state);
  const agreed = scopesOfCase(state, dayOf(now));
  const over = termFaults(consent, at, now, consent.bornOn);
  // Who received the referral holds no record, and goes by what it was told.
  if (side === 'recipient' || records) return { agreed, replaced: [], faults: over };
  if (!record) return { agreed, replaced: [], faults: [...over, faultAt(at, 'consent_record_missing')] };
  const granted = recordedFor(disclosure, consent.bornOn);
  return {
    agreed: agreed.filter((scope) => granted.includes(scope)),
    replaced: [],
    faults: [...over, ...recordFaults(record, at, now, consent.bornOn)],
  };
}
