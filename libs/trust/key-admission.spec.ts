import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { encodeBase64url, generateKeyPair, type Jwk } from '../envelope';
import { admitKey, type KeyUse } from '.';

const refused = expect.objectContaining({ code: 'bad_key', detail: 'kid1' });
const filled = (length: number, byte: number) => encodeBase64url(Buffer.alloc(length, byte));
const rsa = (bits: number, exponent: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent }).publicKey.export({
    format: 'jwk',
  }) as unknown as Jwk;

/** The generator of P-256 (SEC 2 §2.4.2): a point that is on the curve. */
const POINT = {
  kty: 'EC',
  crv: 'P-256',
  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
};

const HSM = 'national_hsm_rsa_only';
const SIGNING_USES: readonly KeyUse[] = ['governance', 'receipt', 'signing'];

describe('key admission', () => {
  it.each(SIGNING_USES)('admits the kinds of the table as %s key', async (use) => {
    for (const kind of ['ES256', 'Ed25519'] as const) {
      const { publicJwk } = await generateKeyPair(kind);
      expect(() => admitKey('kid1', publicJwk, use)).not.toThrow();
    }
  });

  it('admits the kinds of the table as encryption key', async () => {
    for (const kind of ['hybrid', 'classic'] as const) {
      const { publicJwk } = await generateKeyPair(kind);
      expect(() => admitKey('kid1', publicJwk, 'encryption')).not.toThrow();
    }
    expect(() => admitKey('kid1', { kty: 'OKP', crv: 'X25519', x: filled(32, 9) }, 'encryption')).not.toThrow();
  });

  it('takes no key for the use of another', async () => {
    const { publicJwk: ed25519 } = await generateKeyPair('Ed25519');
    const { publicJwk: hybrid } = await generateKeyPair('hybrid');
    expect(() => admitKey('kid1', ed25519, 'encryption')).toThrow(refused);
    for (const use of SIGNING_USES) {
      expect(() => admitKey('kid1', hybrid, use)).toThrow(refused);
      expect(() => admitKey('kid1', { kty: 'OKP', crv: 'X25519', x: filled(32, 9) }, use)).toThrow(refused);
    }
  });

  it.each<[string, Jwk]>([
    ['symmetric', { kty: 'oct', k: filled(32, 1) }],
    ['symmetric and empty', { kty: 'oct', k: '' }],
    ['of no type', {} as Jwk],
    ['on P-384', { kty: 'EC', crv: 'P-384', x: filled(48, 1), y: filled(48, 1) }],
    ['on secp256k1', { kty: 'EC', crv: 'secp256k1', x: filled(32, 1), y: filled(32, 1) }],
    ['on Ed448', { kty: 'OKP', crv: 'Ed448', x: filled(57, 1) }],
    ['of ML-DSA', { kty: 'AKP', alg: 'ML-DSA-65', pub: filled(1952, 1) }],
    ['another hybrid', { kty: 'AKP', alg: 'HPKE-8', pub: filled(1216, 1) }],
    ['a point off the curve', { ...POINT, y: POINT.x }],
    ['a point with one bit flipped', { ...POINT, y: `U${POINT.y.slice(1)}` }],
    ['the point zero', { kty: 'EC', crv: 'P-256', x: filled(32, 0), y: filled(32, 0) }],
    ['half a point', { kty: 'EC', crv: 'P-256', x: POINT.x }],
    ['too short for its curve', { kty: 'OKP', crv: 'Ed25519', x: filled(31, 1) }],
    ['in a second spelling', { ...POINT, x: `${POINT.x.slice(0, -1)}Z` }],
    [
      'with a leading zero',
      { ...POINT, x: encodeBase64url(Buffer.concat([Buffer.of(0), Buffer.from(POINT.x, 'base64url')])) },
    ],
  ])('refuses a key that is %s', (_, jwk) => {
    for (const use of [...SIGNING_USES, 'encryption'] as const) {
      expect(() => admitKey('kid1', jwk, use)).toThrow(refused);
    }
  });

  it('refuses points of low order, to which nothing can be sealed (RFC 7748 §6.1)', async () => {
    // The canonical points of order 1, 2, 4 and 8 (Bernstein, "Curve25519", "May the public keys be zero?").
    const low = [
      '00'.repeat(32),
      `01${'00'.repeat(31)}`,
      'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
      '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    ].map((hex) => Buffer.from(hex, 'hex'));
    const { publicJwk } = await generateKeyPair('hybrid');
    const pub = Buffer.from(publicJwk.pub!, 'base64url');
    for (const x of low) {
      const classic = { kty: 'OKP', crv: 'X25519', x: encodeBase64url(x) };
      const hybrid = { ...publicJwk, pub: encodeBase64url(Buffer.concat([pub.subarray(0, -32), x])) };
      expect(() => admitKey('kid1', classic, 'encryption')).toThrow(refused);
      expect(() => admitKey('kid1', hybrid, 'encryption')).toThrow(refused);
    }
  });

  it('refuses a hybrid key of another length or spelling', async () => {
    const { publicJwk } = await generateKeyPair('hybrid');
    for (const pub of [undefined, '', filled(1215, 9), filled(1217, 9), `${publicJwk.pub}=`]) {
      expect(() => admitKey('kid1', { kty: 'AKP', alg: 'HPKE-10', pub: pub as string }, 'encryption')).toThrow(refused);
    }
  });

  it('refuses RSA below 3072 bits or with another exponent than 65537 (attack B-14)', () => {
    const good = rsa(3072, 65537);
    expect(() => admitKey('kid1', good, 'signing', HSM)).not.toThrow();
    for (const bits of [2048, 3071]) expect(() => admitKey('kid1', rsa(bits, 65537), 'signing', HSM)).toThrow(refused);
    for (const e of ['AQ', 'Aw', 'AQAA', 'AAEAAQ'])
      expect(() => admitKey('kid1', { ...good, e }, 'signing', HSM)).toThrow(refused);
  });

  it('refuses RSA whose modulus tells its factors (attack B-14)', () => {
    const good = rsa(3072, 65537) as Required<Jwk>;
    const n = Buffer.from(good.n, 'base64url');
    n[n.length - 1]! &= 0xfe;
    expect(() => admitKey('kid1', { ...good, n: encodeBase64url(n) }, 'signing', 'national_hsm_rsa_only')).toThrow(
      refused,
    );
  });

  it('takes RSA for nothing but signing messages, and only where the entry says that the national HSM has nothing else', async () => {
    const good = rsa(3072, 65537);
    expect(() => admitKey('kid1', good, 'signing')).toThrow(refused);
    for (const use of ['governance', 'receipt', 'encryption'] as const)
      expect(() => admitKey('kid1', good, use, HSM)).toThrow(refused);
    // The exception is for what needs it: an entry that claims it for another kind is a mistake.
    const { publicJwk } = await generateKeyPair('ES256');
    expect(() => admitKey('kid1', publicJwk, 'signing', HSM)).toThrow(refused);
  });

  it('refuses a key that says it is for something else (attack B-18)', async () => {
    const { publicJwk: signing } = await generateKeyPair('ES256');
    const { publicJwk: hybrid } = await generateKeyPair('hybrid');
    const says = (jwk: Jwk, more: object, use: KeyUse) => () => admitKey('kid1', { ...jwk, ...more }, use);
    expect(says(signing, { alg: 'ES256', use: 'sig' }, 'signing')).not.toThrow();
    expect(says(hybrid, { use: 'enc' }, 'encryption')).not.toThrow();
    expect(says(signing, { alg: 'ECDH-ES', use: 'enc' }, 'encryption')).not.toThrow();
    expect(says(signing, { alg: 'ES384' }, 'signing')).toThrow(refused);
    expect(says(signing, { alg: 'ECDH-ES' }, 'signing')).toThrow(refused);
    expect(says(signing, { use: 'enc' }, 'signing')).toThrow(refused);
    expect(says(signing, { alg: 'ES256' }, 'encryption')).toThrow(refused);
    expect(says(hybrid, { use: 'sig' }, 'encryption')).toThrow(refused);
  });

  it('refuses private members: a private key has no place in a directory', async () => {
    for (const kind of ['ES256', 'Ed25519'] as const) {
      const { privateJwk } = await generateKeyPair(kind);
      expect(() => createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' })).not.toThrow();
      expect(() => admitKey('kid1', privateJwk, 'signing')).toThrow(refused);
    }
    expect(() => admitKey('kid1', { ...rsa(3072, 65537), d: 'AQ' }, 'signing', HSM)).toThrow(refused);
    const { privateJwk } = await generateKeyPair('hybrid');
    expect(() => admitKey('kid1', privateJwk, 'encryption')).toThrow(refused);
  });
});
