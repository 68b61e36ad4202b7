import { generateKeyPairSync } from 'node:crypto';
import {
  encodeBase64url,
  generateKeyPair,
  importEncryptionKey,
  importSigningKey,
  importVerificationKey,
  keyThumbprint,
  open,
  seal,
  signatureAlgorithmOf,
  suiteOf,
  type Jwk,
} from '.';
import { makeParties } from '../../test/fakes/parties';

const badKey = { code: 'bad_key' };
const PRIVATE_MEMBERS = ['d', 'priv', 'k', 'p', 'q', 'dp', 'dq', 'qi'];

describe('key pairs', () => {
  it.each(['ES256', 'Ed25519', 'hybrid', 'classic'] as const)(
    'of %s have a public part without secrets',
    async (kind) => {
      const { publicJwk, privateJwk } = await generateKeyPair(kind);
      for (const member of PRIVATE_MEMBERS) expect(publicJwk).not.toHaveProperty(member);
      expect(privateJwk).toMatchObject(publicJwk);
      expect(Object.keys(privateJwk).filter((member) => PRIVATE_MEMBERS.includes(member))).toHaveLength(1);
    },
  );

  it('are known by their kind', async () => {
    const rows = await Promise.all(
      (['ES256', 'Ed25519', 'hybrid', 'classic'] as const).map(async (kind) => {
        const { publicJwk } = await generateKeyPair(kind);
        return [kind, signatureAlgorithmOf(publicJwk), suiteOf(publicJwk)];
      }),
    );
    expect(rows).toEqual([
      // Both on P-256: that one key serves one use is for the directory to see.
      ['ES256', 'ES256', 'classic'],
      ['Ed25519', 'Ed25519', undefined],
      ['hybrid', undefined, 'hybrid'],
      ['classic', 'ES256', 'classic'],
    ]);
    expect(suiteOf({ kty: 'OKP', crv: 'X25519' })).toBe('classic');
    expect(signatureAlgorithmOf({ kty: 'RSA' })).toBe('PS256');
  });

  it('have a thumbprint that is the same for both parts and another for another key', async () => {
    for (const kind of ['ES256', 'Ed25519', 'hybrid', 'classic'] as const) {
      const { publicJwk, privateJwk } = await generateKeyPair(kind);
      expect(await keyThumbprint(privateJwk)).toBe(await keyThumbprint(publicJwk));
      expect(await keyThumbprint((await generateKeyPair(kind)).publicJwk)).not.toBe(await keyThumbprint(publicJwk));
    }
  });

  it('have the thumbprint of RFC 8037 appendix A.3', async () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const thumbprint = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
    expect(await keyThumbprint({ kty: 'OKP', crv: 'Ed25519', x })).toBe(thumbprint);
  });
});

describe('importing a signature key', () => {
  it.each<[string, Jwk]>([
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['an empty key', { kty: 'oct', k: '' }],
    ['no key', {} as Jwk],
    ['an unknown curve', { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' }],
    ['a curve for other things', { kty: 'OKP', crv: 'X25519', x: encodeBase64url(Buffer.alloc(32, 9)) }],
    ['a hybrid key', { kty: 'AKP', alg: 'HPKE-10', pub: 'AA' }],
    ['half a key', { kty: 'EC', crv: 'P-256', x: 'AA' }],
    ['a short key', { kty: 'OKP', crv: 'Ed25519', x: 'AA' }],
  ])('refuses %s', async (_, jwk) => {
    await expect(importSigningKey('k', jwk)).rejects.toMatchObject({ ...badKey, detail: 'k' });
    await expect(importVerificationKey('k', jwk)).rejects.toMatchObject({ ...badKey, detail: 'k' });
  });

  it('takes PS256 where a national HSM offers nothing else', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const parties = await makeParties('classic');
    const signingKey = await importSigningKey('sig1', pair.privateKey.export({ format: 'jwk' }) as unknown as Jwk);
    const verifying = await importVerificationKey('sig1', pair.publicKey.export({ format: 'jwk' }) as unknown as Jwk);
    const { token } = await seal({ ...parties.input, signingKey });
    const verificationKey = () => Promise.resolve(verifying);
    expect((await open(token, { ...parties.context, verificationKey })).inner.alg).toBe('PS256');
  });
});

describe('importing an encryption key', () => {
  it.each<[string, Jwk]>([
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['a signature key', { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(Buffer.alloc(32, 9)) }],
    ['an RSA key', { kty: 'RSA', n: 'AA', e: 'AQAB' }],
    ['another hybrid', { kty: 'AKP', alg: 'HPKE-8', pub: 'AA' }],
    ['a hybrid key of another length', { kty: 'AKP', alg: 'HPKE-10', pub: encodeBase64url(Buffer.alloc(1215, 1)) }],
    ['a hybrid key without a key', { kty: 'AKP', alg: 'HPKE-10' }],
    ['a hybrid private key of another length', { kty: 'AKP', alg: 'HPKE-10', priv: 'AAAA' }],
    ['a hybrid key in another spelling', { kty: 'AKP', alg: 'HPKE-10', pub: 'AA==' }],
    ['half a key', { kty: 'EC', crv: 'P-256', x: 'AA' }],
  ])('refuses %s', async (_, jwk) => {
    await expect(importEncryptionKey('k', jwk)).rejects.toMatchObject({ ...badKey, detail: 'k' });
  });
});
