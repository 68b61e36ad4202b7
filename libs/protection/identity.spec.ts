import type { CaseState } from '../lifecycle';
import type { Disclosed, IdentityMode, Message, Referral } from '../schema';
import { disclosureOf, example, listed, referralExample } from './fixtures/examples';
import { identityFaults } from './identity';

const PLACE = { country: 'VNM' };
const NAME = { full: 'Lê Văn Bịa', latin: 'LE VAN BIA' };
const CONTACT = [{ channel: 'none', safe: true, verifiedNotExploiter: true }] as const;
const PERSON = {
  name: NAME,
  documents: [{ type: 'passport' as const }],
  photo: 'digest',
  aliases: ['Lily'],
  birthplace: PLACE,
  gender: 'female' as const,
};
const NAMING = ['documents', 'name', 'photo'];
const TELLING = ['aliases', 'birthplace', ...NAMING];

describe('a referral', () => {
  const telling = (identityMode: IdentityMode): string[] => {
    const message: Referral = { ...referralExample('protect-adult'), identityMode, person: PERSON };
    message.safeContact = [...CONTACT];
    message.attachments = (['other', 'photo', 'identity_document', 'travel_document'] as const).map((type) => ({
      type,
      sha256: type,
      mime: 'image/png',
    }));
    return listed(identityFaults(disclosureOf(message)));
  };
  const FILES = [1, 2, 3].map((i) => `identifies_person /attachments/${i}/type`);
  const fields = (names: string[]) => names.map((name) => `identifies_person /person/${name}`);

  it('tells who the person is only when the person is identified', () => {
    expect(telling('identified')).toEqual([]);
    expect(telling('pseudonymous')).toEqual([...FILES, ...fields(NAMING)]);
    expect(telling('anonymous')).toEqual([...FILES, ...fields(TELLING), 'identifies_person /safeContact']);
  });

  it('is told why', () => {
    const message = { ...referralExample('verify-adult'), identityMode: 'pseudonymous' as const };
    expect(identityFaults(disclosureOf(message))[0]).toMatchObject({
      rule: 'must not travel while the person is pseudonymous',
      ruleVi: 'không được gửi đi khi người này dùng bí danh',
    });
  });
});

describe('a later message', () => {
  const update = example('update-protect-farm-safe');
  const { state } = disclosureOf(update);
  const told = (disclosed: Disclosed, identityMode?: IdentityMode): string[] => {
    const message = { ...update, update: { disclosed } } as Message;
    const opening = state!.opening!;
    const facts = { ...opening.facts, identityMode } as typeof opening.facts;
    const opened: CaseState | undefined = identityMode && { ...state!, opening: { ...opening, facts } };
    return listed(identityFaults({ ...disclosureOf(update), message, state: opened }));
  };
  const fields = (names: string[]) => names.map((name) => `identifies_person /update/disclosed/person/${name}`);

  it('is held to the mode of the referral', () => {
    expect(told({ person: PERSON }, 'identified')).toEqual([]);
    expect(told({ person: PERSON }, 'pseudonymous')).toEqual(fields(NAMING));
    expect(told({ person: PERSON }, 'anonymous')).toEqual(fields(TELLING));
    expect(told({ safeContact: [...CONTACT] }, 'pseudonymous')).toEqual([]);
    expect(told({ safeContact: [...CONTACT] }, 'anonymous')).toEqual([
      'identifies_person /update/disclosed/safeContact',
    ]);
  });

  it('is held to the strictest outside of a case', () => {
    expect(told({ person: PERSON })).toEqual(fields(TELLING));
  });

  it('without content tells nothing', () => {
    expect(identityFaults(disclosureOf(example('ack-verify-child')))).toEqual([]);
  });
});
