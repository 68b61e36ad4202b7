import { effectiveScopes, scopesOfCase } from '.';
import { caseStateOf, toStep } from '../lifecycle';
import { consentOfCase, hasExpired, hasLapsed } from './consent';
import { referralExample } from './fixtures/examples';

const TERMS = { scopes: ['health', 'photo'] as const, takenAt: '2026-03-01', expiresAt: '2027-03-01' };
const BORN = '2008-06-15';

describe('what of a consent holds', () => {
  it.each([
    ['before its last day', '2027-02-28', true],
    ['on its last day', '2027-03-01', true],
    ['the day after', '2027-03-02', false],
  ])('%s', (_when, today, holds) => {
    expect(effectiveScopes(TERMS, today)).toEqual(holds ? TERMS.scopes : []);
    expect(hasExpired(TERMS, today)).toBe(!holds);
  });

  it('for ever when no last day is named', () => {
    expect(effectiveScopes({ scopes: ['health'] }, '9999-12-31')).toEqual(['health']);
  });

  it.each([
    ['the day before the 18th birthday', '2026-03-01', '2026-06-14', true],
    ['on the 18th birthday', '2026-03-01', '2026-06-15', false],
    ['later', '2026-03-01', '2026-09-01', false],
    ['when it was renewed on the birthday', '2026-06-15', '2026-06-15', true],
    ['when it was renewed after the birthday', '2026-06-16', '2026-09-01', true],
    ['when it was renewed the day before the birthday', '2026-06-14', '2026-09-01', false],
    ['from a day that nobody knows, of a child', undefined, '2026-06-14', true],
    ['from a day that nobody knows, of an adult', undefined, '2026-06-15', false],
  ])('of a child: %s', (_when, takenAt, today, holds) => {
    const terms = { ...TERMS, takenAt };
    expect(effectiveScopes(terms, today, BORN)).toEqual(holds ? TERMS.scopes : []);
    expect(hasLapsed(terms, today, BORN)).toBe(!holds);
  });

  it('does not lapse when no birthday is known', () => {
    expect(hasLapsed(TERMS, '2099-01-01', undefined)).toBe(false);
  });
});

describe('the consent of a case', () => {
  const child = referralExample('return-child');
  const state = caseStateOf([toStep(child, 'sender', 'digest', [])]);

  it('is what the referral says, taken on its day at the latest', () => {
    expect(consentOfCase(state)).toEqual({
      scopes: child.consent!.scopes,
      expiresAt: '2027-11-01',
      takenAt: '2026-11-14',
      bornOn: '2009-04-30',
    });
  });

  it('holds until the child is of age', () => {
    expect(scopesOfCase(state, '2027-04-29')).toEqual(child.consent!.scopes);
    expect(scopesOfCase(state, '2027-04-30')).toEqual([]);
  });

  it('holds until it expires', () => {
    const adult = referralExample('return-adult');
    const opened = caseStateOf([toStep(adult, 'sender', 'digest', [])]);
    expect(scopesOfCase(opened, '2027-11-06')).toEqual(adult.consent!.scopes);
    expect(scopesOfCase(opened, '2027-11-07')).toEqual([]);
  });

  it('has no day and no birthday without a referral', () => {
    const { opening: _none, ...rest } = state;
    expect(consentOfCase(rest)).toEqual({ scopes: child.consent!.scopes, expiresAt: '2027-11-01' });
  });
});
