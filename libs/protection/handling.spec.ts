import type { UnitClass } from '.';
import type { Caveat } from '../schema';
import { disclosureOf, example, listed, referralExample } from './fixtures/examples';
import { handlingFaults } from './handling';

function faults(caveats: Caveat[], unitClass: UnitClass, contact: Partial<ReturnType<typeof referralExample>> = {}) {
  const message = {
    ...referralExample('protect-adult'),
    familyContact: 'forbidden',
    consularContact: 'forbidden',
  } as const;
  const changed = { ...message, handling: { ...message.handling, caveats }, ...contact };
  const disclosure = disclosureOf(changed);
  return listed(handlingFaults({ ...disclosure, recipient: { ...disclosure.recipient, unitClass } }));
}

describe('the handling of a referral', () => {
  it.each<[Caveat, UnitClass[]]>([
    ['no_immigration_enforcement', []],
    ['no_judicial_use', []],
    ['no_family_contact', []],
    ['no_consular_contact', ['consular']],
    ['victim_services_only', ['police', 'border']],
  ])('%s keeps out %j', (caveat, kept) => {
    const classes: UnitClass[] = [
      'police',
      'border',
      'consular',
      'social',
      'child_protection',
      'hotline',
      'competent_authority',
    ];
    for (const unitClass of classes) {
      const expected = kept.includes(unitClass) ? ['caveat_bars_unit /handling/caveats/1'] : [];
      expect(faults(['no_judicial_use', caveat], unitClass)).toEqual(expected);
    }
  });

  it.each([
    ['no_family_contact', 'familyContact', 'only_if_safe'],
    ['no_family_contact', 'familyContact', 'allowed'],
    ['no_consular_contact', 'consularContact', 'with_consent'],
    ['no_consular_contact', 'consularContact', 'allowed'],
  ] as const)('%s forbids %s to be %s', (caveat, field, value) => {
    expect(faults([caveat], 'social', { [field]: value })).toEqual([`caveat_contradicted /${field}`]);
    expect(faults(['no_judicial_use'], 'social', { [field]: value })).toEqual([]);
    expect(faults([caveat], 'social', { [field]: undefined })).toEqual([]);
  });

  it('stands in referrals only', () => {
    expect(handlingFaults(disclosureOf(example('update-return-child-scheduled')))).toEqual([]);
  });
});
