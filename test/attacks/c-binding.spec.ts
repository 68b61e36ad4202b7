import { type SealInput } from '../../libs/envelope';
import { craft, type Craft } from '../fakes/craft';
import { pingDraft, type Draft } from '../fakes/documents';
import { sealingBy } from '../fakes/hand-made';
import type { InboxRow } from '../fakes/memory-tables';
import { fateOf, RECIPIENT, SENDER, THIRD, threeCountries, verdictOf, type Countries } from './countries';
import { signers } from './directories';

/** Who wrote to whom, where, and as what: names outside, inside, in the certificate and in the content must be one. */
let world: Countries;
beforeEach(async () => {
  world = await threeCountries();
});

const ping = (header: Draft['header'] = {}, sealing: Partial<SealInput> = {}) =>
  sealingBy(world.vn, pingDraft({ senderUnit: SENDER }), header, sealing);
const sealed = async (change: Craft, input?: SealInput) => craft({ input: input ?? (await ping()) }, change);

it('without an attack a message is filed', async () => {
  expect(await verdictOf(world.gb, await sealed({}), 'vn')).toBe('filed');
});

describe('C-01 a recipient who passes a signed message on', () => {
  /** The signed original of a message to the United Kingdom, as its worker has it in hand. */
  async function obtained() {
    let original = '';
    await sealed({ original: (jws) => (original = jws) });
    return original;
  }
  /** What the United Kingdom seals to somebody else, with another original in it. */
  const passOn = async (recipientUnit: string, sealing: Partial<SealInput> = {}) => {
    const original = await obtained();
    const input = await sealingBy(world.gb, pingDraft({ senderUnit: RECIPIENT, recipientUnit }), {}, sealing);
    return sealed({ original: () => original }, input);
  };

  it('C-01 to another country, in its own name', async () => {
    expect(await verdictOf(world.kh, await passOn(THIRD), 'gb')).toBe('identity_mismatch');
  });

  it('C-01 to another country, in the name of the sender', async () => {
    const token = await passOn(THIRD, { senderNode: 'vn' });
    expect(await verdictOf(world.kh, token, 'gb')).toBe('gateway: identity_mismatch');
    // Even if the sender's own node brought it: the signature says whom it was for.
    expect(await verdictOf(world.kh, token, 'vn')).toBe('identity_mismatch');
  });

  it('C-01 with all that can be copied from it', async () => {
    const original = await obtained();
    const inner = JSON.parse(Buffer.from(original.split('.')[0]!, 'base64url').toString()) as Record<string, unknown>;
    const { jti, iat, exp } = inner;
    const input = await sealingBy(world.vn, pingDraft({ senderUnit: SENDER, recipientUnit: THIRD }));
    const token = await sealed({ outer: { jti, iat, exp }, original: () => original }, input);
    expect(await verdictOf(world.kh, token, 'vn')).toBe('wrong_recipient');
  });

  it('C-01 back to its sender', async () => {
    expect(await verdictOf(world.vn, await passOn(SENDER), 'gb')).toBe('identity_mismatch');
  });

  it('C-01 to another unit of its own node', async () => {
    const recipientKey = await world.world.partners.sealingKey('gb.nca', world.clock.now());
    expect(await verdictOf(world.gb, await sealed({}, await ping({}, { recipientKey })), 'vn')).toBe('wrong_recipient');
  });
});

describe('C-02 another sender', () => {
  it.each<[string, Craft, string]>([
    ['outside: another node than that of the certificate', { outer: { iss: 'kh' } }, 'gateway: identity_mismatch'],
    ['outside: the recipient itself', { outer: { iss: 'gb' } }, 'gateway: identity_mismatch'],
    ['outside: nobody', { outer: { iss: 'xx' } }, 'gateway: identity_mismatch'],
    ['inside: a unit of another country', { inner: { iss: THIRD } }, 'unknown_sender'],
    ['inside: another unit of its own', { inner: { iss: 'vn.mofa-london' } }, 'unknown_sender'],
    ['inside: nobody', { inner: { iss: 'vn.nobody' } }, 'unknown_sender'],
    [
      'in the content: another unit of its own',
      { message: headed({ senderUnit: 'vn.mofa-london' }) },
      'identity_mismatch',
    ],
    ['in the content: a unit of another country', { message: headed({ senderUnit: THIRD }) }, 'identity_mismatch'],
  ])('C-02 %s', async (_, change, code) => {
    expect(await verdictOf(world.gb, await sealed(change), 'vn')).toBe(code);
  });

  it('C-02 two partners together: one signs, the other delivers', async () => {
    const signingKey = await world.kh.keys.signingKey(THIRD);
    const input = await ping({ senderUnit: THIRD }, { signingKey });
    expect(await verdictOf(world.gb, await sealed({}, input), 'vn')).toBe('identity_mismatch');
    expect(await verdictOf(world.gb, await sealed({}, input), 'kh')).toBe('gateway: identity_mismatch');
  });

  it('C-02 a unit under a key that no directory lists: it waits a day for one that does, and no longer', async () => {
    const key = await world.vn.keys.signingKey(SENDER);
    const token = await sealed({}, await ping({}, { signingKey: { ...key, kid: `${SENDER}.sig9` } }));
    expect(await verdictOf(world.gb, token, 'vn')).toBe('held');
    world.clock.advance(25 * 3_600_000);
    await world.gb.file();
    const [{ message }] = [...world.gb.tables.inbox.values()] as [InboxRow];
    expect(fateOf(world.gb, 'vn', message.id)).toBe('unknown_sender');
  });

  it('C-02 a unit signs with the key of another unit of its node', async () => {
    const input = await ping({}, { signingKey: await world.vn.keys.signingKey('vn.mofa-london') });
    expect(await verdictOf(world.gb, await sealed({}, input), 'vn')).toBe('unknown_sender');
    const { sign } = await world.vn.keys.signingKey('vn.mofa-london');
    const named = await ping({}, { signingKey: { ...(await world.vn.keys.signingKey(SENDER)), sign } });
    expect(await verdictOf(world.gb, await sealed({}, named), 'vn')).toBe('bad_signature');
  });
});

describe('C-03 another recipient, node or environment', () => {
  it.each<[string, Craft, string]>([
    ['outside: another node', { outer: { aud: 'kh' } }, 'gateway: wrong_recipient'],
    ['outside: the sender itself', { outer: { aud: 'vn' } }, 'gateway: wrong_recipient'],
    ['inside: another unit of the node', { inner: { aud: 'gb.nca' } }, 'wrong_recipient'],
    ['inside: a unit of another country', { inner: { aud: THIRD } }, 'wrong_recipient'],
    ['in the content: another unit of the node', { message: headed({ recipientUnit: 'gb.nca' }) }, 'identity_mismatch'],
    ['inside: production', { inner: { dom: 'production' } }, 'wrong_domain'],
    ['inside: the demonstration', { inner: { dom: 'demo' } }, 'wrong_domain'],
    [
      'inside: another id than outside',
      { inner: { jti: '01a1c0a0-91d8-7f7c-8fa6-000000000000' } },
      'identity_mismatch',
    ],
    [
      'in the content: another id',
      { message: headed({ messageId: '01a1c0a0-91d8-7f7c-8fa6-000000000000' }) },
      'identity_mismatch',
    ],
    ['outside: a more urgent lane than inside', { outer: { pri: 'emergency' } }, 'identity_mismatch'],
  ])('C-03 %s', async (_, change, code) => {
    expect(await verdictOf(world.gb, await sealed(change), 'vn')).toBe(code);
  });

  it('C-03 a directory of another environment', async () => {
    const { edited, signAny, adopt } = await signers();
    const other = edited((directory) => (directory.trustDomain = 'production'));
    expect(await adopt(await signAny(other))).toBe('wrong_domain');
  });
});

function headed(change: Readonly<Record<string, unknown>>) {
  return (message: Record<string, unknown>) => ({
    ...message,
    header: { ...(message['header'] as object), ...change },
  });
}
