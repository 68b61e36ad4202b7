import { OVERRIDE_REVIEW_HOURS, type Disclosure } from '.';
import type { ConsentScope, OverrideRecord, Referral } from '../schema';
import { REPLACED_BY_OVERRIDE } from './consent-override';
import { consentFaults } from './consent-rules';
import { disclosureOf, listed, overrideFor, recordFor, referralExample } from './fixtures/examples';

const referral = (name: string, change: (referral: Referral) => void): Referral => {
  const message = referralExample(name);
  change(message);
  return message;
};
const faults = (message: Referral, more: Partial<Disclosure> = {}) =>
  listed(consentFaults({ ...disclosureOf(message), ...more }));
const on = (day: string) => ({ now: new Date(`${day}T12:00:00Z`) });

describe('a referral without consent', () => {
  const ALERT = 'alert-imminent-movement';
  const alert = referralExample(ALERT);
  const decision = overrideFor(alert, alert.header.createdAt);
  const withDecision = (change: Partial<OverrideRecord>) => ({ override: { ...decision, ...change } });

  it('needs a decision on the same legal basis', () => {
    expect(faults(alert)).toEqual([]);
    expect(faults(alert, { override: undefined })).toEqual(['override_missing /consent']);
    expect(faults(alert, withDecision({ basis: 'legal_obligation' }))).toEqual(['override_missing /consent']);
  });

  it('needs a decision that is in force', () => {
    const { decidedAt, expiresAt } = decision;
    const just = (instant: string, ms: number) => ({ now: new Date(Date.parse(instant) + ms) });
    const stale = ['override_expired /consent'];
    expect(faults(alert, just(decidedAt, 0))).toEqual([]);
    expect(faults(alert, just(decidedAt, -1))).toEqual(stale);
    expect(faults(alert, just(expiresAt, -1))).toEqual([]);
    expect(faults(alert, just(expiresAt, 0))).toEqual(stale);
  });

  it('ends on the day that it names itself', () => {
    expect(faults(alert, { ...on('2026-11-23'), ...withDecision({ expiresAt: '2026-12-31T00:00:00Z' }) })).toEqual([]);
    expect(faults(alert, { ...on('2026-11-24'), ...withDecision({ expiresAt: '2026-12-31T00:00:00Z' }) })).toEqual([
      'consent_expired /consent',
    ]);
  });

  const protect = (change: (referral: Referral) => void = () => undefined) =>
    referral('protect-child-cannabis', change);
  const adult = protect((message) => {
    message.person = { ...message.person, ageStatus: 'adult', birth: { year: 1990 } };
  });
  const grown = (basis: OverrideRecord['basis']) => ({ ...adult, consent: { ...adult.consent!, legalBasis: basis } });
  const because = (basis: OverrideRecord['basis'], reason: OverrideRecord['reason']) => ({
    override: { ...overrideFor(adult, adult.header.createdAt), basis, reason },
  });

  it.each<[string, Referral, ReturnType<typeof because>, boolean]>([
    ['an adult', grown('vital_interest'), because('vital_interest', 'imminent_movement'), false],
    ['an adult by duty', grown('legal_obligation'), because('legal_obligation', 'court_order'), false],
    ['an adult under threat', grown('vital_interest'), because('vital_interest', 'threat_to_life'), true],
    ['an adult as a child', grown('child_best_interests'), because('child_best_interests', 'child_at_risk'), false],
    ['a child', protect(), because('child_best_interests', 'child_at_risk'), true],
    [
      'a child on another basis',
      protect(({ consent }) => (consent!.legalBasis = 'vital_interest')),
      because('vital_interest', 'child_at_risk'),
      false,
    ],
  ])('is for alerts, children and threats to life: %s', (_who, message, override, permitted) => {
    expect(faults(message, override)).toEqual(permitted ? [] : ['override_not_permitted /consent']);
  });

  it('shows both faults of a decision', () => {
    const late = { ...because('legal_obligation', 'court_order'), ...on('2026-12-01') };
    expect(faults(grown('legal_obligation'), late)).toEqual([
      'override_expired /consent',
      'override_not_permitted /consent',
    ]);
  });

  it('never replaces what only the person can say', () => {
    const never: ConsentScope[] = [
      'photo',
      'narrative',
      'share_with_family',
      'share_with_consulate',
      'family_tracing',
      'statistics',
    ];
    expect(REPLACED_BY_OVERRIDE).toEqual([
      'identity_verification',
      'share_with_services',
      'share_with_police',
      'return_planning',
      'health',
      'exploitation_details',
      'precise_location',
      'followup',
    ]);
    expect(REPLACED_BY_OVERRIDE.filter((scope) => never.includes(scope))).toEqual([]);
    const told = referral(ALERT, (message) => {
      message.exploitation!.narrative = 'x';
      message.familyContact = 'allowed';
      message.consularContact = 'allowed';
      message.health = {};
    });
    const consular = { recipient: { ...disclosureOf(told).recipient, unitClass: 'consular' as const } };
    expect(faults(told, consular)).toEqual([
      'scope_missing /consularContact',
      'scope_missing /exploitation/narrative',
      'scope_missing /familyContact',
      'scope_missing /header/recipientUnit',
    ]);
  });

  it('does not take the purpose for the word of the person', () => {
    const moved = referral('return-adult', (message) => {
      message.consent = { status: 'override', scopes: [], legalBasis: 'vital_interest', expiresAt: '2026-12-01' };
      message.consularContact = 'allowed';
    });
    const override = { ...decision, reason: 'threat_to_life', decidedAt: '2026-11-01T00:00:00Z' } as const;
    expect(faults(moved, { override })).toEqual(['scope_missing /consularContact']);
  });

  it('does not take its own word for that of the person', () => {
    const precise = referral(ALERT, ({ location }) => {
      location!.precise!.basis = 'consent';
    });
    expect(faults(precise)).toEqual(['scope_missing /location/precise']);
  });

  it('may add what the person did agree to, with a record', () => {
    const partly = referral(ALERT, ({ consent, exploitation }) => {
      consent!.scopes = ['narrative', 'photo'];
      exploitation!.narrative = 'x';
    });
    expect(faults(partly, { override: decision })).toEqual([
      'scope_missing /exploitation/narrative',
      'scope_not_granted /consent/scopes/0',
      'scope_not_granted /consent/scopes/1',
    ]);
    const record = { ...recordFor(partly), expiresAt: '2027-01-01' };
    expect(faults(partly, { override: decision, record })).toEqual([]);
    expect(faults(partly, { override: decision, record: { ...record, status: 'withdrawn' } })).toContain(
      'scope_missing /exploitation/narrative',
    );
    const silent = { ...partly, consent: { ...partly.consent!, scopes: [] } };
    expect(faults(silent, { override: decision, record })).toEqual(['scope_missing /exploitation/narrative']);
  });

  it('is reviewed within three days', () => {
    expect(OVERRIDE_REVIEW_HOURS).toBe(72);
  });
});
