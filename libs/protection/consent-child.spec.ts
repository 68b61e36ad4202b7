import { concernsChild, type Disclosure } from '.';
import type { ConsentRecord, Person, Referral } from '../schema';
import { childFaults } from './consent-child';
import { disclosureOf, example, listed, recordFor, referralExample } from './fixtures/examples';

const NOW = new Date('2026-11-20T12:00:00Z');
const faults = (disclosure: Disclosure) => listed(childFaults(disclosure));

describe('who counts as a child', () => {
  const about = (person: Person | undefined): Referral => {
    const { person: _replaced, ...rest } = referralExample('protect-adult');
    return person ? { ...rest, person } : rest;
  };

  it.each<[Person | undefined, boolean]>([
    [{ ageStatus: 'child' }, true],
    [{ ageStatus: 'unknown_treated_as_child' }, true],
    [{ ageStatus: 'adult' }, false],
    [{ gender: 'female' }, true],
    [undefined, true],
    [{ ageStatus: 'adult', birth: { date: '2008-11-20' } }, false],
    [{ ageStatus: 'adult', birth: { date: '2008-11-21' } }, true],
    [{ ageStatus: 'adult', birth: { year: 2008 } }, false],
    [{ ageStatus: 'adult', birth: { year: 2009 } }, true],
    [{ ageStatus: 'adult', birth: { ageBand: '0-8' } }, true],
    [{ ageStatus: 'adult', birth: { ageBand: '9-17' } }, true],
    [{ ageStatus: 'adult', birth: { ageBand: '18-20' } }, false],
    [{ ageStatus: 'child', birth: { date: '1990-01-01' } }, true],
  ])('%j: %s', (person, child) => {
    expect(concernsChild(about(person), undefined, NOW)).toBe(child);
  });

  it('of whom only the year is known are children until the year in which they come of age', () => {
    const message = about({ ageStatus: 'adult', birth: { year: 2008 } });
    expect(concernsChild(message, undefined, new Date('2025-12-31T23:59:59Z'))).toBe(true);
    expect(concernsChild(message, undefined, new Date('2026-01-01T00:00:00Z'))).toBe(false);
  });

  it('is in later messages whoever was one in the referral, or turns out to be one', () => {
    const ofChild = example('ack-return-child');
    expect(concernsChild(ofChild, disclosureOf(ofChild).state, NOW)).toBe(true);
    expect(concernsChild(ofChild, undefined, NOW)).toBe(false);
    const ofAdult = example('ack-protect-adult');
    expect(concernsChild(ofAdult, disclosureOf(ofAdult).state, NOW)).toBe(false);
    const told = example('update-protect-farm-safe');
    const { state } = disclosureOf(told);
    const telling = (person: Person) => ({ ...told, update: { disclosed: { person } } }) as typeof told;
    expect(concernsChild(telling({ ageStatus: 'child' }), state, NOW)).toBe(true);
    expect(concernsChild(telling({ ageStatus: 'adult' }), state, NOW)).toBe(false);
    expect(concernsChild(telling({ gender: 'male' }), state, NOW)).toBe(false);
  });
});

describe('the referral of a child', () => {
  const changed = (name: string, change: (referral: Referral) => void): Disclosure => {
    const message = referralExample(name);
    change(message);
    return { ...disclosureOf(message), record: message.consent?.scopes.length ? recordFor(message) : undefined };
  };
  const withRecord = (change: Partial<ConsentRecord>): Disclosure => {
    const message = referralExample('return-child');
    return { ...disclosureOf(message), record: { ...recordFor(message), ...change } };
  };

  it.each(['return-child', 'trace-child', 'verify-child', 'protect-child-cannabis', 'alert-anonymous-child'])(
    'is complete in %s',
    (name) => {
      expect(faults(disclosureOf(referralExample(name)))).toEqual([]);
    },
  );

  it('names a guardian', () => {
    expect(faults(changed('return-child', (message) => delete message.guardian))).toEqual([
      'guardian_missing /guardian',
    ]);
  });

  it('names a guardian who is safe, or none', () => {
    const unsafe = changed('return-child', ({ guardian }) => delete guardian!.safe);
    expect(faults(unsafe)).toEqual(['guardian_not_safe /guardian/safe']);
    const nobody = changed('alert-anonymous-child', ({ guardian }) => (guardian!.type = 'none'));
    expect(faults(nobody)).toEqual([]);
  });

  it('has no consent without a guardian', () => {
    for (const status of ['given', 'narrowed'] as const) {
      const nobody = changed('return-child', (message) => {
        message.guardian = { type: 'none' };
        message.consent!.status = status;
      });
      expect(faults(nobody)).toEqual(['guardian_cannot_consent /guardian/type']);
      expect(faults({ ...nobody, record: undefined })).toEqual(['guardian_cannot_consent /guardian/type']);
    }
    const overridden = changed('protect-child-cannabis', () => undefined);
    expect(faults(overridden)).toEqual([]);
  });

  it.each<[string, Partial<ConsentRecord>, string[]]>([
    ['no assent', { assent: undefined as never }, ['assent_missing /consent']],
    ['a refusal', { assent: { given: false, at: '2026-11-01' } }, ['assent_missing /consent']],
    ['no guardian', { guardianConsent: undefined as never }, ['guardian_consent_missing /consent']],
    [
      'nobody as guardian',
      { guardianConsent: { type: 'none', at: '2026-11-01', notSuspected: true } },
      ['guardian_cannot_consent /consent'],
    ],
    [
      'a suspected exploiter',
      { guardianConsent: { type: 'parent', at: '2026-11-01', notSuspected: false as never } },
      ['guardian_suspected /consent'],
    ],
    [
      'neither yes',
      { assent: undefined as never, guardianConsent: undefined as never },
      ['assent_missing /consent', 'guardian_consent_missing /consent'],
    ],
  ])('has a record of both yeses: %s', (_what, change, expected) => {
    expect(faults(withRecord(change))).toEqual(expected);
  });

  it.each(['return-child', 'trace-child'])('has a finished best-interests procedure: %s', (name) => {
    const fault = ['best_interests_missing /bestInterests'];
    expect(faults(changed(name, (message) => delete message.bestInterests))).toEqual(fault);
    expect(faults(changed(name, (message) => (message.bestInterests = { status: 'none' })))).toEqual(fault);
    for (const status of ['bia_done', 'bid_done'] as const) {
      expect(faults(changed(name, (message) => (message.bestInterests!.status = status)))).toEqual([]);
    }
  });

  it('needs no such procedure to identify or protect', () => {
    expect(faults(changed('verify-child', (message) => delete message.bestInterests))).toEqual([]);
  });
});

describe('others', () => {
  it('need none of this as adults', () => {
    const adult = referralExample('return-adult');
    expect(faults(disclosureOf(adult))).toEqual([]);
    adult.guardian = { type: 'parent' };
    expect(faults(disclosureOf(adult))).toEqual([]);
  });

  it('of later messages only the guardian counts', () => {
    const told = example('rfi-response-protect-child');
    expect(faults(disclosureOf(told))).toEqual([]);
    const unsafe = {
      ...told,
      rfiResponse: { answers: [], disclosed: { guardian: { type: 'parent' } } },
    } as typeof told;
    expect(faults({ ...disclosureOf(told), message: unsafe })).toEqual([
      'guardian_not_safe /rfiResponse/disclosed/guardian/safe',
    ]);
    expect(faults(disclosureOf(example('ack-return-child')))).toEqual([]);
  });
});
