import type { ConsentFacts } from './step';
import { Conversation } from './fixtures/steps';
import { caseStateOf } from '.';

const ALL = ['followup', 'health', 'return_planning'] as const;
const GIVEN: ConsentFacts = { status: 'given', scopes: [...ALL], expiresAt: '2027-11-01' };
const opened = (consent: ConsentFacts | undefined) => new Conversation().say('sender', 'referral', { consent });
const consentOf = (conversation: Conversation) => caseStateOf(conversation.steps).consent;

describe('the consent machine', () => {
  it.each([
    ['given', GIVEN],
    ['narrowed', { status: 'narrowed', scopes: ['followup'] }],
    ['override', { status: 'override', scopes: [] }],
    ['not_sought', { status: 'not_sought', scopes: [] }],
  ] as const)('begins as the referral states it: %s', (state, consent) => {
    const { scopes, expiresAt } = { expiresAt: undefined, ...consent };
    expect(consentOf(opened(consent))).toMatchObject({ state, scopes, expiresAt });
  });

  it('is not sought where the referral says nothing', () => {
    expect(consentOf(opened(undefined))).toEqual({ state: 'not_sought', scopes: [] });
  });

  it('is narrowed by a withdrawal of scopes, from either side', () => {
    const narrowed = opened(GIVEN).say('recipient', 'consent_withdrawal', { scopes: ['health'] }, { seen: 1 });
    expect(consentOf(narrowed)).toMatchObject({
      state: 'narrowed',
      scopes: ['followup', 'return_planning'],
      expiresAt: '2027-11-01',
    });
    narrowed.say('sender', 'consent_withdrawal', { scopes: ['health', 'followup'] });
    expect(consentOf(narrowed)).toMatchObject({ state: 'narrowed', scopes: ['return_planning'] });
    expect(consentOf(narrowed).withdrawal).toBeUndefined();
  });

  it('ends when nothing is left', () => {
    const ended = opened(GIVEN).say('sender', 'consent_withdrawal', { scopes: [...ALL] });
    expect(consentOf(ended)).toMatchObject({ state: 'withdrawn', scopes: [], withdrawal: { id: 'sender-2' } });
  });

  it.each([GIVEN, { status: 'override', scopes: [] }, { status: 'not_sought', scopes: [] }] as const)(
    'ends with a withdrawal of everything: %j',
    (consent) => {
      const ended = opened(consent).say('sender', 'consent_withdrawal');
      expect(consentOf(ended)).toMatchObject({ state: 'withdrawn', scopes: [], withdrawal: { id: 'sender-2' } });
    },
  );

  it('loses scopes under an override too, and stands until everything is withdrawn', () => {
    const kept = opened({ status: 'override', scopes: ['narrative', 'health'] });
    kept.say('sender', 'consent_withdrawal', { scopes: ['narrative'] });
    expect(consentOf(kept)).toMatchObject({ state: 'override', scopes: ['health'] });
    kept.say('sender', 'consent_withdrawal', { scopes: ['health'] });
    expect(consentOf(kept)).toMatchObject({ state: 'override', scopes: [] });
    expect(caseStateOf(kept.steps).referral).toBe('sent');
    expect(consentOf(kept.say('recipient', 'consent_withdrawal')).state).toBe('withdrawn');
  });

  it.each(['override', 'not_sought'] as const)('has no scope to lose under %s', (status) => {
    const kept = opened({ status, scopes: [] }).say('sender', 'consent_withdrawal', { scopes: ['health'] });
    expect(consentOf(kept)).toMatchObject({ state: status, scopes: [] });
    expect(caseStateOf(kept.steps).referral).toBe('sent');
  });
});
