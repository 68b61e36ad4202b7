import { clearanceFaults, type Disclosure } from '.';
import type { ConsentRecord, Referral } from '../schema';
import { consentFaults } from './consent-rules';
import { disclosureOf, listed, recordFor, referralExample } from './fixtures/examples';

const referral = (name: string, change: (referral: Referral) => void): Referral => {
  const message = referralExample(name);
  change(message);
  return message;
};
const faults = (message: Referral, more: Partial<Disclosure> = {}) =>
  listed(consentFaults({ ...disclosureOf(message), ...more }));
const on = (day: string) => ({ now: new Date(`${day}T12:00:00Z`) });

describe('a referral with consent', () => {
  const NAME = 'protect-adult';
  const message = referralExample(NAME);
  const record = recordFor(message);
  const withRecord = (change: Partial<ConsentRecord>) => ({ record: { ...record, ...change } });

  it('rests on the record of the unit that took it', () => {
    expect(faults(message)).toEqual([]);
    expect(faults(message, { record: undefined })).toEqual(['consent_record_missing /consent']);
    expect(faults(message, { side: 'recipient' })).toEqual([]);
  });

  it('is held to its own claims while there is no record, so that all faults show', () => {
    const claims = referral(NAME, ({ consent }) => consent!.scopes.splice(0, 2));
    expect(faults(claims, { record: undefined })).toEqual([
      'consent_record_missing /consent',
      'scope_missing /header/recipientUnit',
    ]);
  });

  it.each(['takenAt', 'expiresAt', 'formSha256', 'takenByUnit'] as const)(
    'says the same %s as the record',
    (member) => {
      const other = referral(NAME, ({ consent }) => {
        consent![member] = { takenAt: '2026-11-12', expiresAt: '2027-11-12' }[member as string] ?? 'other';
      });
      expect(faults(other, { record })).toEqual([`consent_record_differs /consent/${member}`]);
    },
  );

  it('has no ground once the consent was withdrawn', () => {
    const found = faults(message, withRecord({ status: 'withdrawn' }));
    expect(found).toContain('consent_withdrawn /consent');
    expect(found).toContain('scope_missing /health');
    expect(faults(message, withRecord({ status: 'narrowed' }))).toEqual([]);
  });

  it('has a ground from the day of the consent, wherever on Earth that day begins first', () => {
    expect(faults(message, { now: new Date('2026-11-12T10:00:00Z') })).toEqual([]);
    const early = faults(message, { now: new Date('2026-11-12T09:59:59Z') });
    expect(early).toContain('consent_not_yet_given /consent');
    expect(early).toContain('scope_missing /exploitation/narrative');
  });

  it('has a ground until the last day', () => {
    expect(faults(message, on('2027-11-13'))).toEqual([]);
    const late = faults(message, on('2027-11-14'));
    expect(late).toContain('consent_expired /consent');
    expect(late).toContain('scope_missing /header/recipientUnit');
  });

  it.each<[string, Partial<Disclosure['recipient']>]>([
    ['another country', { node: 'au' }],
    ['another class of units', { unitClass: 'hotline' }],
    ['an unknown country', { node: 'xx' }],
  ])('claims nothing for %s', (_which, change) => {
    const { recipient } = disclosureOf(message);
    const found = faults(message, { recipient: { ...recipient, ...change } });
    expect(found.filter((fault) => fault.startsWith('scope_not_granted'))).toEqual(
      message.consent!.scopes.map((_scope, i) => `scope_not_granted /consent/scopes/${i}`),
    );
    expect(found).toContain('scope_missing /health');
  });

  it('claims nothing for another purpose', () => {
    const grants = record.grants.map((grant) => ({ ...grant, purpose: 'RETURN' as const }));
    expect(faults(message, withRecord({ grants }))).toContain('scope_not_granted /consent/scopes/4');
  });

  it('names country, class and purpose of the claim that nobody granted', () => {
    const narrower = withRecord({ grants: record.grants.filter(({ scope }) => scope !== 'health') });
    const found = consentFaults({ ...disclosureOf(message), ...narrower });
    expect(found.map(({ pointer, rule, ruleVi }) => [pointer, rule, ruleVi])).toEqual([
      [
        '/consent/scopes/4',
        'is not granted for GBR, units of class competent_authority, purpose PROTECT',
        'chưa được đồng ý đối với GBR, đơn vị loại competent_authority, mục đích PROTECT',
      ],
      ['/health', 'needs the consent scope health', 'cần có phạm vi đồng ý health'],
    ]);
    const unknown = { recipient: { ...disclosureOf(message).recipient, node: 'xx' } };
    expect(consentFaults({ ...disclosureOf(message), ...unknown })[0]!.rule).toContain('for xx,');
  });

  it('shares nothing whose scope it does not claim, although the record grants it', () => {
    const silent = referral(NAME, ({ consent }) => {
      consent!.scopes = ['share_with_services', 'exploitation_details', 'narrative'];
    });
    expect(faults(silent, { record })).toEqual(['scope_missing /health']);
  });

  it('needs consent to a precise place even in a vital interest: that is what an override is for', () => {
    const precise = referral(NAME, ({ location }) => {
      location!.precise = { address: 'House', basis: 'vital_interest', expiresAt: '2026-11-17T00:00:00Z' };
    });
    expect(faults(precise)).toEqual(['scope_missing /location/precise']);
    precise.consent!.scopes.push('precise_location');
    expect(faults(precise, { record: recordFor(precise) })).toEqual([]);
  });

  it('may be about nobody in particular', () => {
    expect(faults(referral('follow', (message) => delete message.person))).toEqual([]);
  });

  it('says which scopes would do', () => {
    const trace = referral('trace-adult', ({ consent }) => consent!.scopes.splice(0, 1));
    const family = consentFaults(disclosureOf(trace)).find(({ pointer }) => pointer === '/familyContact')!;
    expect([family.rule, family.ruleVi]).toEqual([
      'needs the consent scope share_with_family or family_tracing',
      'cần có phạm vi đồng ý share_with_family hoặc family_tracing',
    ]);
  });
});

describe('the consent of a child', () => {
  const message = referralExample('return-child');

  it('lapses on the 18th birthday', () => {
    expect(faults(message, on('2027-04-29'))).toEqual([]);
    const grown = faults(message, on('2027-04-30'));
    expect(grown).toContain('consent_lapsed /consent');
    expect(grown).toContain('scope_missing /trace');
  });

  it('is replaced by one that the adult gives', () => {
    const renewed = referral('return-child', ({ consent }) => {
      consent!.takenAt = '2027-05-01';
    });
    expect(faults(renewed, { ...on('2027-05-02'), record: recordFor(renewed) })).toEqual([]);
  });
});

describe('a referral about somebody who was not asked', () => {
  const NAME = 'protect-anonymous-servitude';
  const unasked = (change: (referral: Referral) => void) => referral(NAME, change);

  it('tells by law what happened, of nobody in particular', () => {
    expect(faults(referralExample(NAME))).toEqual([]);
    expect(faults(referralExample('alert-anonymous-child'))).toEqual([]);
  });

  it.each(['pseudonymous', 'identified'] as const)('is not %s', (mode) => {
    expect(faults(unasked((message) => (message.identityMode = mode)))).toEqual(['not_anonymous /identityMode']);
    const alert = referral('alert-anonymous-child', (message) => (message.identityMode = mode));
    expect(faults(alert)).toEqual(['not_anonymous /identityMode']);
  });

  it('tells nothing that needs consent', () => {
    const told = unasked((message) => {
      message.exploitation!.narrative = 'x';
      message.health = {};
      message.location!.precise = { address: 'x', basis: 'vital_interest', expiresAt: '2026-11-19T00:00:00Z' };
    });
    expect(faults(told)).toEqual([
      'scope_missing /exploitation/narrative',
      'scope_missing /health',
      'scope_missing /location/precise',
    ]);
  });

  it('has no facts of exploitation on the ground of a consent that nobody gave', () => {
    const facts = [
      'scope_missing /exploitation/control',
      'scope_missing /exploitation/places',
      'scope_missing /exploitation/sector',
      'scope_missing /exploitation/stillInSituation',
    ];
    expect(faults(unasked(({ consent }) => (consent!.legalBasis = 'consent')))).toEqual(facts);
    expect(faults(unasked((message) => delete message.consent))).toEqual(facts);
    expect(faults(unasked(({ consent }) => (consent!.legalBasis = 'vital_interest')))).toEqual([]);
  });

  it('claims nothing, whatever record there is', () => {
    const claims = unasked(({ consent }) => (consent!.scopes = ['health']));
    const record = { ...recordFor(claims), takenAt: '2026-11-01', expiresAt: '2027-11-01' };
    claims.health = {};
    expect(faults(claims, { record })).toEqual(['scope_missing /health', 'scope_not_granted /consent/scopes/0']);
  });

  it('goes to services and police, not to a consulate', () => {
    const message = referralExample(NAME);
    const to = (unitClass: Disclosure['recipient']['unitClass']) =>
      faults(message, { recipient: { ...disclosureOf(message).recipient, unitClass } });
    expect(to('social')).toEqual([]);
    expect(to('border')).toEqual([]);
    expect(to('consular')).toEqual(['scope_missing /header/recipientUnit']);
  });
});

describe('a referral that has come in', () => {
  const come = { record: undefined, override: undefined, records: 'not_ours' } as const;

  it('is taken at its word', () => {
    expect(faults(referralExample('protect-adult'), come)).toEqual([]);
    expect(faults(referralExample('alert-imminent-movement'), come)).toEqual([]);
    const agreed = referral('alert-imminent-movement', ({ consent, exploitation }) => {
      consent!.scopes = ['narrative'];
      exploitation!.narrative = 'x';
    });
    expect(faults(agreed, come)).toEqual([]);
  });

  it('is held to its word', () => {
    const silent = referral('protect-adult', ({ consent }) => consent!.scopes.pop());
    expect(faults(silent, come)).toEqual(['scope_missing /health']);
    const late = faults(referralExample('protect-adult'), { ...come, ...on('2027-11-14') });
    expect(late).toContain('consent_expired /consent');
    expect(late).toContain('scope_missing /health');
    expect(faults(referralExample('alert-imminent-movement'), { ...come, ...on('2026-11-24') })).toEqual([
      'consent_expired /consent',
    ]);
    expect(faults(referralExample('return-child'), { ...come, ...on('2027-04-30') })).toContain(
      'consent_lapsed /consent',
    );
  });
});

describe('the whole clearance', () => {
  it('includes the rules of consent', () => {
    const message = referralExample('protect-adult');
    expect(listed(clearanceFaults({ ...disclosureOf(message), record: undefined }))).toEqual([
      'consent_record_missing /consent',
    ]);
  });
});
