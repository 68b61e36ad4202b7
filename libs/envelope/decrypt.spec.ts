import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { countWork } from '../../test/fakes/crypto-work';
import { craft, withHeader, withSegment } from '../../test/fakes/craft';
import { endOf } from '../../test/fakes/end-of';
import { makeParties, type Parties } from '../../test/fakes/parties';
import { encodeBase64url } from './base64url';
import { splitCompact } from './compact';
import { decryptCompact } from './decrypt';
import { importEncryptionKey, type EncryptionKey } from './keys';
import type { Jwk } from './algorithms';

/** What a refusal costs. The attack catalogue has all classes of failures (test/attacks/b-oracle.spec.ts). */
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as unknown as Jwk;
const ONE = { agreements: 1, decapsulations: 0, decryptions: 1 };

async function workOf(token: string, { context }: Parties) {
  const work = countWork();
  const end = await endOf(token, context);
  const { decryptedBytes, ...counts } = work;
  jest.restoreAllMocks();
  return { end, counts, decryptedBytes };
}

/** Parties whose recipient has an X25519 key. */
async function onX25519(): Promise<Parties> {
  const parties = await makeParties('classic');
  const pair = generateKeyPairSync('x25519');
  const key = await importEncryptionKey('enc1', jwkOf(pair.privateKey));
  const recipientKey = await importEncryptionKey('enc1', jwkOf(pair.publicKey));
  const decryptionKey = () => Promise.resolve({ unit: parties.message.header.recipientUnit, key });
  return { ...parties, input: { ...parties.input, recipientKey }, context: { ...parties.context, decryptionKey } };
}

describe('a refusal to decrypt', () => {
  let p256: Parties;
  let x25519: Parties;
  let hybrid: Parties;
  beforeAll(async () => {
    [p256, x25519, hybrid] = [await makeParties('classic'), await onX25519(), await makeParties('hybrid')];
    // The keys that are worked with in vain are made once.
    for (const parties of [p256, hybrid]) {
      const context = { ...parties.context, decryptionKey: () => Promise.resolve(undefined) };
      await endOf(await craft(parties), context);
    }
  });

  it('costs as much as opening where it fails at the tag, and no more', async () => {
    for (const parties of [p256, x25519]) {
      const token = await craft(parties);
      expect(await workOf(token, parties)).toMatchObject({ end: 'opened', counts: ONE });
      const other = withSegment(token, 4, () => encodeBase64url(Buffer.alloc(16)));
      expect(await workOf(other, parties)).toMatchObject({ end: 'undecryptable', counts: ONE });
    }
    const token = await craft(hybrid);
    const counts = { ...ONE, decapsulations: 1 };
    expect(await workOf(token, hybrid)).toMatchObject({ end: 'opened', counts });
    const other = withSegment(token, 3, (text) => text.slice(0, -4) + 'AAAA');
    expect(await workOf(other, hybrid)).toMatchObject({ end: 'undecryptable', counts });
  });

  it.each([
    ['of another curve', (x: string) => ({ kty: 'OKP', crv: 'X25519', x })],
    ['off the curve', (x: string) => ({ kty: 'EC', crv: 'P-256', x, y: x })],
  ])('costs a whole decryption also with a point %s', async (_, make) => {
    const token = await craft(p256);
    const epk = make(encodeBase64url(Buffer.alloc(32, 9)));
    const { end, counts, decryptedBytes } = await workOf(withHeader(token, { epk }), p256);
    expect([end, counts.agreements]).toEqual(['undecryptable', 1]);
    expect(decryptedBytes).toBeGreaterThan(2048);
  });

  it('costs the same whether the key that it names is ours or nobody’s', async () => {
    for (const parties of [p256, hybrid]) {
      const nobody = { ...parties, context: { ...parties.context, decryptionKey: () => Promise.resolve(undefined) } };
      const token = await craft(parties);
      const damaged = [
        withSegment(token, 3, (text) => `AAAA${text.slice(4)}`),
        withSegment(token, 3, () => 'AAAA'),
        withHeader(token, { pri: 'emergency' }),
        ...(parties === p256 ? [withHeader(token, { epk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } })] : []),
        ...(parties === hybrid ? [withSegment(token, 1, () => 'AAAA')] : []),
      ];
      for (const each of damaged) {
        const ours = await workOf(each, parties);
        expect(ours.end).toBe('undecryptable');
        expect(await workOf(each, nobody)).toEqual(ours);
      }
    }
  });

  it.each([
    ['of another curve', (x: string) => ({ kty: 'OKP', crv: 'X25519', x })],
    ['off the curve', (x: string) => ({ kty: 'EC', crv: 'P-256', x, y: x })],
  ])('is no dearer with a point %s than at the tag', async (_, make) => {
    const epk = make(encodeBase64url(Buffer.alloc(32, 9)));
    const { counts } = await workOf(withHeader(await craft(p256), { epk }), p256);
    expect(counts).toEqual(ONE);
  });

  it('is no dearer with a tag, a vector or an encapsulated key of another length', async () => {
    for (const [segment, length] of [
      [4, 12],
      [4, 17],
      [2, 8],
      [2, 16],
    ] as const) {
      const token = withSegment(await craft(p256), segment, () => encodeBase64url(Buffer.alloc(length, 1)));
      expect(await workOf(token, p256)).toMatchObject({ end: 'undecryptable', counts: ONE });
    }
    for (const length of [1, 1088, 1119, 1121]) {
      const token = withSegment(await craft(hybrid), 1, () => encodeBase64url(Buffer.alloc(length, 9)));
      expect(await workOf(token, hybrid)).toMatchObject({
        end: 'undecryptable',
        counts: { ...ONE, decapsulations: 1 },
      });
    }
  });

  it('says so too where nobody has looked at the header before', async () => {
    const { key } = (await p256.context.decryptionKey('enc1')) as { key: EncryptionKey };
    const segments = splitCompact(await craft(p256), 5, [1]);
    for (const text of ['', 'null', '{}', '{"epk":1}', 'no JSON']) {
      const header = { text: encodeBase64url(Buffer.from(text)), bytes: Buffer.from(text) };
      await expect(decryptCompact(segments.with(0, header), key)).rejects.toMatchObject({ code: 'undecryptable' });
    }
  });

  it('keeps what the library said', async () => {
    const { key } = (await p256.context.decryptionKey('enc1')) as { key: EncryptionKey };
    const token = withSegment(await craft(p256), 4, () => encodeBase64url(Buffer.alloc(16)));
    await expect(decryptCompact(splitCompact(token, 5, [1]), key)).rejects.toMatchObject({
      cause: { code: 'ERR_JWE_DECRYPTION_FAILED' },
    });
  });

  it.each([
    ['ECDH-ES+A256KW', 'A256GCM', []],
    ['ECDH-ES', 'A128GCM', [1]],
  ] as const)('stands for what the library could do besides: %s with %s', async (alg, enc, empty) => {
    const { key } = (await p256.context.decryptionKey('enc1')) as { key: EncryptionKey };
    const { recipientKey } = p256.input;
    const sealed = new CompactEncrypt(Buffer.from('content')).setProtectedHeader({ alg, enc });
    const token = await sealed.encrypt((recipientKey as EncryptionKey & { suite: 'classic' }).key);
    expect(Buffer.from((await compactDecrypt(token, key.key as never)).plaintext).toString()).toBe('content');
    await expect(decryptCompact(splitCompact(token, 5, empty), key)).rejects.toMatchObject({ code: 'undecryptable' });
  });
});
