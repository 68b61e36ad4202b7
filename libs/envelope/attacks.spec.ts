import { webcrypto } from 'node:crypto';
import { open, seal } from '.';
import { encodeBase64url } from './base64url';
import { craft, withHeader, withSegment } from '../../test/fakes/craft';
import { endOf } from '../../test/fakes/end-of';
import { encryptionPair, makeParties, nodeOf, signaturePair, type Parties } from '../../test/fakes/parties';
import { importEncryptionKey } from './keys';
import { generateKeyPair } from './generate';

const SUITES = ['hybrid', 'classic'] as const;
describe.each(SUITES)('a recipient who passes a message on (attack C-01, C-05), suite %s', (suite) => {
  /** The recipient of a genuine message seals its signed original, as it is, to `unit`. */
  async function passOn(parties: Parties, unit: string) {
    const pair = await encryptionPair('enc1', suite);
    const { original } = await open((await seal(parties.input)).token, parties.context);
    const node = nodeOf(unit);
    const input = { ...parties.input, senderNode: parties.input.recipientNode, recipientNode: node };
    const decryptionKey = () => Promise.resolve({ unit, key: pair.private });
    return {
      original,
      victim: { ...parties.context, node, peer: parties.input.recipientNode, decryptionKey },
      parties: { ...parties, input: { ...input, recipientKey: pair.public } },
    };
  }

  it('cannot pass it on in its own name', async () => {
    const { original, victim, parties } = await passOn(await makeParties(suite), 'la.police');
    const token = await craft(parties, { original: () => original });
    await expect(open(token, victim)).rejects.toMatchObject({ code: 'identity_mismatch' });
  });

  it('cannot pass it on in the name of the sender', async () => {
    const { original, victim, parties } = await passOn(await makeParties(suite), 'la.police');
    const token = await craft(parties, { original: () => original, outer: { iss: 'vn' } });
    // The peer is known from its certificate; and even with the sender's own node the signature says who it was for.
    await expect(open(token, victim)).rejects.toMatchObject({ code: 'identity_mismatch' });
    await expect(open(token, { ...victim, peer: 'vn' })).rejects.toMatchObject({ code: 'wrong_recipient' });
  });

  it('cannot pass it on to another unit of its own node', async () => {
    const genuine = await makeParties(suite);
    const { original, victim, parties } = await passOn(genuine, 'gb.nca');
    const token = await craft(parties, { original: () => original, outer: { iss: 'vn' } });
    await expect(open(token, { ...victim, peer: 'vn' })).rejects.toMatchObject({ code: 'wrong_recipient' });
  });
});

describe.each(SUITES)('somebody who only has the public key of a unit, suite %s', (suite) => {
  let parties: Parties;
  beforeAll(async () => {
    parties = await makeParties(suite);
  });

  it('cannot send plaintext that nobody signed (attack B-09)', async () => {
    const json = JSON.stringify(parties.message);
    expect(await endOf(await craft(parties, { original: () => json }), parties.context)).toBe('not_canonical');
    const unsigned = `${encodeBase64url(Buffer.from('{"alg":"none"}'))}.${encodeBase64url(Buffer.from(json))}.`;
    expect(await endOf(await craft(parties, { original: () => unsigned }), parties.context)).toBe('not_canonical');
    expect(await endOf(await craft(parties, { original: () => `${unsigned}AA` }), parties.context)).toBe('bad_header');
  });

  it('cannot send a message in a message (attack B-10)', async () => {
    const inside = await craft(parties);
    expect(await endOf(await craft(parties, { original: () => inside }), parties.context)).toBe('not_canonical');
    const wrapped = await craft(parties, { payload: () => inside });
    expect(await endOf(wrapped, parties.context)).toBe('malformed_json');
  });

  it('cannot sign with a key of its own under the name of a known one', async () => {
    const own = await signaturePair('sig1');
    const forged = { ...parties, input: { ...parties.input, signingKey: own.private } };
    expect(await endOf(await craft(forged), parties.context)).toBe('bad_signature');
  });

  it.each([
    ['zeros', Buffer.alloc(64)],
    ['ones', Buffer.alloc(64, 0xff)],
    ['half a signature', Buffer.alloc(32, 1)],
    ['a DER form', Buffer.from('3006020101020101', 'hex')],
  ])('cannot sign with %s (attack B-15)', async (_, signature) => {
    const original = (jws: string) => withSegment(jws, 2, () => encodeBase64url(signature));
    expect(await endOf(await craft(parties, { original }), parties.context)).toBe('bad_signature');
  });
});

describe('points that are no good (attack B-13)', () => {
  it.each([
    [
      'not on the curve',
      { kty: 'EC', crv: 'P-256', x: encodeBase64url(Buffer.alloc(32, 1)), y: encodeBase64url(Buffer.alloc(32, 1)) },
    ],
    ['of another curve', { kty: 'OKP', crv: 'X25519', x: encodeBase64url(Buffer.alloc(32, 9)) }],
    ['of an unknown curve', { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' }],
    ['empty', { kty: 'EC', crv: 'P-256', x: '', y: '' }],
  ])('are refused in the header: %s', async (_, epk) => {
    const parties = await makeParties('classic');
    expect(await endOf(withHeader(await craft(parties), { epk }), parties.context)).toBe('undecryptable');
  });

  it.each([0, 1])('are refused in the header of X25519: low order %d', async (first) => {
    const pair = await generateX25519();
    const parties = await makeParties('classic');
    const decryptionKey = () => Promise.resolve({ unit: parties.message.header.recipientUnit, key: pair.private });
    const input = { ...parties.input, recipientKey: pair.public };
    const context = { ...parties.context, decryptionKey };
    const good = await craft({ ...parties, input });
    await expect(open(good, context)).resolves.toBeDefined();
    const epk = { kty: 'OKP', crv: 'X25519', x: encodeBase64url(Buffer.alloc(32).fill(first, 0, 1)) };
    await expect(open(withHeader(good, { epk }), context)).rejects.toMatchObject({ code: 'undecryptable' });
  });

  it('are refused in the encapsulated key of the suite hybrid', async () => {
    const parties = await makeParties('hybrid');
    const good = await craft(parties);
    const secret = Buffer.from(good.split('.')[1]!, 'base64url');
    for (const bad of [
      Buffer.concat([secret.subarray(0, -32), Buffer.alloc(32)]),
      secret.subarray(1),
      Buffer.alloc(1120),
    ]) {
      expect(
        await endOf(
          withSegment(good, 1, () => encodeBase64url(bad)),
          parties.context,
        ),
      ).toBe('undecryptable');
    }
  });
});

describe('the tag of AES-GCM (attack B-16)', () => {
  it.each([4, 8, 12, 15, 17])('is not taken with %d bytes', async (length) => {
    const parties = await makeParties('classic');
    const cut = (segment: string) =>
      encodeBase64url(Buffer.concat([Buffer.from(segment, 'base64url'), Buffer.alloc(1)]).subarray(0, length));
    expect(await endOf(withSegment(await craft(parties), 4, cut), parties.context)).toBe('undecryptable');
  });

  it.each([8, 11, 13, 16])('is not taken with an IV of %d bytes', async (length) => {
    const parties = await makeParties('classic');
    expect(
      await endOf(
        withSegment(await craft(parties), 2, () => encodeBase64url(Buffer.alloc(length))),
        parties.context,
      ),
    ).toBe('undecryptable');
  });
});

async function generateX25519() {
  const { subtle } = webcrypto;
  const pair = (await subtle.generateKey('X25519', true, ['deriveBits'])) as webcrypto.CryptoKeyPair;
  const jwkOf = async (key: webcrypto.CryptoKey) => {
    const { kty, crv, x, d } = await subtle.exportKey('jwk', key);
    return { kty: kty!, crv: crv!, x: x!, ...(d !== undefined && { d }) };
  };
  return {
    private: await importEncryptionKey('enc1', await jwkOf(pair.privateKey)),
    public: await importEncryptionKey('enc1', await jwkOf(pair.publicKey)),
  };
}

describe('the suite', () => {
  it('cannot be changed on the way: it is named in the signature (attack C-14)', async () => {
    const hybrid = await makeParties('hybrid');
    const { original } = await open((await seal(hybrid.input)).token, hybrid.context);
    const classic = await encryptionPair('enc1', 'classic');
    const stripped = { ...hybrid, input: { ...hybrid.input, recipientKey: classic.public } };
    const token = await craft(stripped, { original: () => original });
    const unit = hybrid.message.header.recipientUnit;
    const context = { ...hybrid.context, decryptionKey: () => Promise.resolve({ unit, key: classic.private }) };
    await expect(open(token, context)).rejects.toMatchObject({ code: 'suite_mismatch' });
    await expect(open(token, { ...context, suites: ['hybrid', 'classic'] })).rejects.toMatchObject({
      code: 'suite_mismatch',
    });
  });

  it('of a key is what it is made for', async () => {
    const { publicJwk } = await generateKeyPair('classic');
    await expect(importEncryptionKey('a', { ...publicJwk, crv: 'P-384' })).rejects.toMatchObject({ code: 'bad_key' });
  });
});
