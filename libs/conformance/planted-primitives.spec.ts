import {
  constants,
  createCipheriv,
  createECDH,
  createHmac,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { checked, counted, wycheproof } from './fixtures/folder';

/** Planted faults: each primitive with a right result, a wrong one, and labels the wrong way round. */

interface Planted {
  readonly algorithm: string;
  readonly group: object;
  /** A right case, without its label. */
  readonly right: object;
  /** The same with something wrong that must not be accepted. */
  readonly wrong: object;
  /** It has a result that must be the right one, whatever the label says about taking the keys. */
  readonly differs?: boolean;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const flipped = (bytes: Uint8Array) => hex(Buffer.from(bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1)));
const msg = hex(Buffer.from('a message'));

const PLANTED: Readonly<Record<string, () => Planted | Promise<Planted>>> = {
  ECDSA() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const uncompressed = hex(Buffer.concat([Buffer.of(4), ...[x, y].map((part) => Buffer.from(part!, 'base64url'))]));
    const sig = sign('sha256', Buffer.from(msg, 'hex'), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const group = { type: 'EcdsaP1363Verify', sha: 'SHA-256', publicKey: { curve: 'secp256r1', uncompressed } };
    return { algorithm: 'ECDSA', group, right: { msg, sig: hex(sig) }, wrong: { msg, sig: flipped(sig) } };
  },
  EdDSA() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pk = hex(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
    const sig = sign(null, Buffer.from(msg, 'hex'), privateKey);
    const group = { type: 'EddsaVerify', publicKey: { curve: 'edwards25519', pk } };
    return { algorithm: 'EDDSA', group, right: { msg, sig: hex(sig) }, wrong: { msg, sig: flipped(sig) } };
  },
  'RSASSA-PSS'() {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const [modulus, publicExponent] = (['n', 'e'] as const).map((name) =>
      hex(Buffer.from(publicKey.export({ format: 'jwk' })[name]!, 'base64url')),
    );
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const sig = sign('sha256', Buffer.from(msg, 'hex'), { key: privateKey, padding, saltLength: 32 });
    const hashes = { sha: 'SHA-256', mgf: 'MGF1', mgfSha: 'SHA-256', sLen: 32 };
    const group = { type: 'RsassaPssVerify', ...hashes, publicKey: { modulus: `00${modulus}`, publicExponent } };
    return { algorithm: 'RSASSA-PSS', group, right: { msg, sig: hex(sig) }, wrong: { msg, sig: flipped(sig) } };
  },
  'ECDH with JWKs'() {
    const [ours, theirs] = [pairOf('ec'), pairOf('ec')];
    return agreement('EcdhWebcryptoTest', { curve: 'P-256' }, jwks(ours, theirs), secretOf(ours, theirs));
  },
  'X25519 with JWKs'() {
    const [ours, theirs] = [pairOf('x25519'), pairOf('x25519')];
    return agreement('XdhJwkComp', { curve: 'curve25519' }, jwks(ours, theirs), secretOf(ours, theirs));
  },
  'ECDH with points'() {
    const [ours, theirs] = [createECDH('prime256v1'), createECDH('prime256v1')];
    const keys = { public: theirs.generateKeys('hex'), private: (ours.generateKeys(), ours.getPrivateKey('hex')) };
    return agreement('EcdhEcpointTest', { curve: 'secp256r1' }, keys, ours.computeSecret(theirs.getPublicKey()));
  },
  X25519() {
    const [ours, theirs] = [pairOf('x25519'), pairOf('x25519')];
    const keys = { public: memberOf(theirs.publicKey, 'x'), private: memberOf(ours.privateKey, 'd') };
    return agreement('XdhComp', { curve: 'curve25519' }, keys, secretOf(ours, theirs));
  },
  'AES-GCM'() {
    const [key, iv] = [randomBytes(32), randomBytes(12)];
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from('aad'));
    const ct = Buffer.concat([cipher.update(Buffer.from(msg, 'hex')), cipher.final()]);
    const test = { key: hex(key), iv: hex(iv), aad: hex(Buffer.from('aad')), ct: hex(ct), msg };
    const tag = cipher.getAuthTag();
    const group = { type: 'AeadTest', keySize: 256, ivSize: 96, tagSize: 128 };
    return { algorithm: 'AES-GCM', group, right: { ...test, tag: hex(tag) }, wrong: { ...test, tag: flipped(tag) } };
  },
  HMAC() {
    const tag = createHmac('sha256', 'key').update(Buffer.from(msg, 'hex')).digest();
    const test = { key: hex(Buffer.from('key')), msg };
    const group = { type: 'MacTest', keySize: 24, tagSize: 256 };
    return { algorithm: 'HMACSHA256', group, right: { ...test, tag: hex(tag) }, wrong: { ...test, tag: flipped(tag) } };
  },
  HKDF() {
    const okm = new Uint8Array(hkdfSync('sha256', 'ikm', 'salt', 'info', 40));
    const [ikm, salt, info] = ['ikm', 'salt', 'info'].map((part) => hex(Buffer.from(part)));
    const test = { ikm, salt, info, size: 40 };
    return {
      algorithm: 'HKDF-SHA-256',
      group: { type: 'HkdfTest', keySize: 24 },
      right: { ...test, okm: hex(okm) },
      wrong: { ...test, okm: flipped(okm) },
    };
  },
  async 'ML-KEM decapsulation'() {
    const { seed, ek, ciphertext, shared } = await encapsulated();
    const test = { seed: hex(seed), ek: hex(ek), c: hex(ciphertext) };
    const group = { type: 'MLKEMTest', parameterSet: 'ML-KEM-768' };
    const [right, wrong] = [hex(shared), flipped(shared)].map((K) => ({ ...test, K })) as [object, object];
    return { algorithm: 'ML-KEM', group, right, wrong };
  },
  async 'ML-KEM key generation'() {
    const { seed, ek } = await encapsulated();
    const group = { type: 'MLKEMKeyGen', parameterSet: 'ML-KEM-768' };
    const test = { seed: hex(seed) };
    return { algorithm: 'ML-KEM', group, right: { ...test, ek: hex(ek) }, wrong: { ...test, ek: flipped(ek) } };
  },
  async 'ML-KEM encapsulation'() {
    const { ek } = await encapsulated();
    // A coefficient that is not below the modulus (FIPS 203 §7.2).
    const beyond = Buffer.concat([Buffer.of(0xff, 0xff, 0xff), ek.subarray(3)]);
    const group = { type: 'MLKEMEncapsTest', parameterSet: 'ML-KEM-768' };
    return { algorithm: 'ML-KEM', group, right: { ek: hex(ek) }, wrong: { ek: hex(beyond) } };
  },
};

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
const pairOf = (kind: 'ec' | 'x25519'): Pair =>
  kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('x25519');
const secretOf = (ours: Pair, theirs: Pair) =>
  diffieHellman({ privateKey: ours.privateKey, publicKey: theirs.publicKey });
const jwks = (ours: Pair, theirs: Pair) => ({
  public: theirs.publicKey.export({ format: 'jwk' }),
  private: ours.privateKey.export({ format: 'jwk' }),
});
const memberOf = (key: KeyObject, name: 'x' | 'd') =>
  hex(Buffer.from(key.export({ format: 'jwk' })[name]!, 'base64url'));

function agreement(type: string, group: object, keys: object, shared: Uint8Array): Planted {
  const [right, wrong] = [hex(shared), flipped(shared)].map((each) => ({ ...keys, shared: each })) as [object, object];
  return { algorithm: 'ECDH', group: { type, ...group }, right, wrong, differs: true };
}

async function encapsulated() {
  const { subtle } = crypto as unknown as { subtle: Record<string, (...args: readonly unknown[]) => Promise<never>> };
  const pair: { publicKey: object; privateKey: object } = await subtle['generateKey']!('ML-KEM-768', true, [
    'encapsulateBits',
    'decapsulateBits',
  ]);
  const seed: ArrayBuffer = await subtle['exportKey']!('raw-seed', pair.privateKey);
  const ek: ArrayBuffer = await subtle['exportKey']!('raw-public', pair.publicKey);
  const made: { ciphertext: ArrayBuffer; sharedKey: ArrayBuffer } = await subtle['encapsulateBits']!(
    'ML-KEM-768',
    pair.publicKey,
  );
  const bytes = (buffer: ArrayBuffer) => Buffer.from(buffer);
  return { seed: bytes(seed), ek: bytes(ek), ciphertext: bytes(made.ciphertext), shared: bytes(made.sharedKey) };
}

describe.each(Object.keys(PLANTED))('%s', (name) => {
  let planted: Planted;
  beforeAll(async () => {
    planted = await PLANTED[name]!();
  });

  const run = async (test: object, result: string) => {
    const file = wycheproof(planted.algorithm, planted.group, [{ ...test, result }]);
    return counted((await checked({ 'a.json': file }))[0]!);
  };

  it('passes with the right label', async () => {
    expect(await run(planted.right, 'valid')).toEqual({ cases: 1, passed: 1 });
    expect(await run(planted.right, 'acceptable')).toEqual({ cases: 1, passed: 1 });
    // A key that was to be refused and gives a result all the same was taken.
    const wrong = planted.differs ? { cases: 1, wronglyAccepted: 1 } : { cases: 1, passed: 1 };
    expect(await run(planted.wrong, 'invalid')).toEqual(wrong);
  });

  it('is wrongly accepted where the label says invalid, and wrongly rejected where it says valid', async () => {
    expect(await run(planted.right, 'invalid')).toEqual({ cases: 1, wronglyAccepted: 1 });
    expect(await run(planted.wrong, 'valid')).toEqual({ cases: 1, wronglyRejected: 1 });
  });

  it('is wrong where a result comes out that is not the one named, whatever the label', async () => {
    const verdict = await run(planted.wrong, 'acceptable');
    expect(verdict).toEqual(planted.differs ? { cases: 1, wronglyAccepted: 1 } : { cases: 1, passed: 1 });
  });

  it('cannot be read without its members, and that is no refusal', async () => {
    for (const label of ['valid', 'invalid']) expect(await run({}, label)).toEqual({ cases: 1, unreadable: 1 });
    expect(await run(planted.right, 'perhaps')).toEqual({ cases: 1, unreadable: 1 });
  });
});

describe('a file of Wycheproof', () => {
  it.each([
    ['an algorithm that is not in use', 'DSA', { type: 'DsaVerify' }],
    ['another curve', 'ECDSA', { type: 'EcdsaP1363Verify', sha: 'SHA-384', publicKey: { curve: 'secp384r1' } }],
    ['another size', 'AES-GCM', { type: 'AeadTest', keySize: 128, ivSize: 96, tagSize: 128 }],
    ['a name that every object has', 'AES-GCM', { type: 'constructor' }],
    ['an algorithm by such a name', 'toString', { type: 'AeadTest' }],
  ])('is refused by policy for %s, with all its cases', async (_, algorithm, group) => {
    const [suite] = await checked({
      'a.json': wycheproof(algorithm, group, [{ result: 'valid' }, { result: 'invalid' }]),
    });
    expect(counted(suite!)).toEqual({ cases: 2, refusedByPolicy: 2 });
  });

  it.each<[string, unknown]>([
    ['a group that is none', [7]],
    ['a group without tests', [{ type: 'MacTest' }]],
    ['a test that is none', [{ type: 'MacTest', tests: [null] }]],
  ])('cannot be read with %s', async (_, testGroups) => {
    const [suite] = await checked({ 'a.json': { algorithm: 'HMACSHA256', testGroups } });
    expect(counted(suite!)).toEqual({ cases: 1, unreadable: 1 });
  });
});
