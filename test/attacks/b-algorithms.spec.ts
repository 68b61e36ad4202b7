import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import {
  encodeBase64url,
  importVerificationKey,
  SIGNATURE_ALGORITHMS,
  type Jwk,
  type VerificationKey,
} from '../../libs/envelope';
import { craft, rawJws, withHeader, type Craft } from '../fakes/craft';
import { endOf } from '../fakes/end-of';
import { signaturePair, type Parties } from '../fakes/parties';
import { bothSuites, verdicts, verdictsOn, type BothSuites } from './verdicts';

/** Algorithms that a header names, and headers that bring their own keys. The key alone decides what it is used with. */
let suites: BothSuites;
beforeAll(async () => {
  suites = await bothSuites();
});
afterEach(() => jest.restoreAllMocks());

/** Verdicts on the header members, genuinely encrypted and signed under each of them. */
const outer = (...headers: readonly object[]) =>
  verdicts(suites, headers.map((header) => ({ outer: header as Craft['outer'] })) as Craft[]);
const inner = (...headers: readonly object[]) =>
  verdicts(suites, headers.map((header) => ({ inner: header as Craft['inner'] })) as Craft[]);
const names = (...algs: readonly unknown[]) => algs.map((alg) => ({ alg }));

/** Replaces the signature of the JWS by another one over the same bytes. */
const resigned = (make: (input: Buffer) => Buffer) => (jws: string) => {
  const input = jws.slice(0, jws.lastIndexOf('.'));
  return `${input}.${encodeBase64url(make(Buffer.from(input)))}`;
};

/** The recipient's side where the sender unit has another key than the one in `parties`. */
const withKey = ({ context }: Parties, key: VerificationKey) => ({
  ...context,
  verificationKey: () => Promise.resolve(key),
});

describe('B-01 the algorithm none', () => {
  const NONE = ['none', 'None', 'NONE', 'nOnE', 'NoNe', ' none', 'none ', 'ｎone', ''];

  it('B-01 in any letter case, outside', async () => {
    expect(await outer(...names(...NONE))).toEqual(['bad_algorithm']);
  });

  it('B-01 in any letter case, inside, with and without a signature', async () => {
    expect(await inner(...names(...NONE))).toEqual(['bad_header']);
    const unsigned = NONE.map((alg): Craft => ({ inner: { alg }, original: (jws) => jws.replace(/[^.]*$/, '') }));
    expect(await verdicts(suites, unsigned)).toEqual(['not_canonical']);
  });
});

it('B-02 a public key taken as the secret of an HMAC', async () => {
  const [, parties] = suites;
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const rsa = await importVerificationKey('sig1', publicKey.export({ format: 'jwk' }) as unknown as Jwk);
  const ec = (await parties.context.verificationKey(parties.message.header.senderUnit, 'sig1', parties.context.now))!;
  for (const key of [rsa, ec]) {
    for (const secret of secretsOf(key.key)) {
      for (const [alg, hash] of [
        ['HS256', 'sha256'],
        ['HS384', 'sha384'],
        ['HS512', 'sha512'],
      ] as const) {
        const original = resigned((input) => createHmac(hash, secret).update(input).digest());
        expect(await endOf(await craft(parties, { inner: { alg }, original }), withKey(parties, key))).toBe(
          'bad_header',
        );
        // Under the name of the key's own algorithm it is merely a signature that does not verify.
        const named = await craft(parties, { inner: { alg: key.algorithm }, original });
        expect(await endOf(named, withKey(parties, key))).toBe('bad_signature');
      }
    }
  }
});

/** All forms in which a public key has been mistaken for a secret. */
function secretsOf(key: KeyObject): (string | Buffer)[] {
  const jwk = key.export({ format: 'jwk' }) as unknown as Jwk;
  const pem = key.export({ format: 'pem', type: 'spki' }).toString();
  return [pem, pem.trim(), key.export({ format: 'der', type: 'spki' }), JSON.stringify(jwk), jwk.x ?? jwk.n!, ''];
}

it('B-03 a signature of another algorithm than the key is for', async () => {
  const [, parties] = suites;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const rsa = await importVerificationKey('sig1', publicKey.export({ format: 'jwk' }) as unknown as Jwk);
  const context = withKey(parties, rsa);
  const pkcs1 = resigned((input) => sign('sha256', input, privateKey));
  const pss = (saltLength: number, hash = 'sha256') =>
    resigned((input) => sign(hash, input, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }));
  const end = async (alg: string, original: (jws: string) => string) =>
    endOf(await craft(parties, { inner: { alg }, original }), context);
  expect(await end('PS256', pss(32))).toBe('opened');
  expect(await end('PS256', pkcs1)).toBe('bad_signature');
  expect(await end('PS256', pss(0))).toBe('bad_signature');
  expect(await end('PS256', pss(64))).toBe('bad_signature');
  expect(await end('PS256', pss(32, 'sha512'))).toBe('bad_signature');
  for (const alg of ['RS256', 'RS512', 'PS384', 'PS512']) expect(await end(alg, pkcs1)).toBe('bad_header');
  for (const alg of ['ES256', 'Ed25519']) expect(await end(alg, pss(32))).toBe('bad_algorithm');
  expect(await inner(...names('Ed25519', 'PS256'))).toEqual(['bad_algorithm']);
  expect(await inner(...names('ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed448', 'ML-DSA-65'))).toEqual(['bad_header']);
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
  await expect(importVerificationKey('sig1', p384 as unknown as Jwk)).rejects.toMatchObject({ code: 'bad_key' });
});

it('B-04 a downgrade to weaker key management or encryption', async () => {
  const weak = [
    'RSA1_5',
    'RSA-OAEP',
    'RSA-OAEP-256',
    'dir',
    'A128KW',
    'A256GCMKW',
    'ECDH-ES+A128KW',
    'ECDH-1PU',
    'ecdh-es',
  ];
  expect(await outer(...names(...weak))).toEqual(['bad_algorithm']);
  const ciphers = ['A128CBC-HS256', 'A256CBC-HS512', 'A128GCM', 'A192GCM', 'C20P', 'a256gcm', '', null];
  expect(await outer(...ciphers.map((enc) => ({ enc })))).toEqual(['bad_header']);
  // The name of the other suite over the encryption of this one.
  expect(await verdictsOn([suites[0]], (token) => [withHeader(token, { alg: 'ECDH-ES', enc: 'A256GCM' })])).toEqual([
    'bad_header',
  ]);
  expect(await verdictsOn([suites[1]], (token) => [withHeader(token, { alg: 'HPKE-10' })])).toEqual(['bad_header']);
});

it('B-05 key derivation from a password with ten million rounds', async () => {
  const work = [jest.spyOn(globalThis.crypto.subtle, 'deriveBits'), jest.spyOn(globalThis.crypto.subtle, 'importKey')];
  const pbes2 = { alg: 'PBES2-HS512+A256KW', p2c: 10_000_000, p2s: encodeBase64url(Buffer.alloc(16, 1)) };
  const tokens = await Promise.all(suites.map(async (parties) => withHeader(await craft(parties), pbes2)));
  for (const spy of work) spy.mockClear();
  for (const [at, token] of tokens.entries()) expect(await endOf(token, suites[at]!.context)).toBe('bad_algorithm');
  for (const spy of work) expect(spy).not.toHaveBeenCalled();
  expect(await outer({ p2c: 10_000_000 }, { p2s: 'AAAA' })).toEqual(['bad_header']);
});

it('B-06 compressed content, also as a bomb of 64 MiB', async () => {
  const zip = (outerHeader: object, content: (padded: Uint8Array) => Uint8Array): Craft => ({
    outer: { ...outerHeader },
    plaintext: (padded) => deflateRawSync(content(padded)),
  });
  const bomb = () => Buffer.alloc(64 * 1024 * 1024);
  const changes = ['DEF', 'def', 'GZIP', ''].map((name) => zip({ zip: name }, (padded) => padded));
  expect(await verdicts(suites, [...changes, zip({ zip: 'DEF' }, bomb)])).toEqual(['bad_header']);
  expect(await inner({ zip: 'DEF' })).toEqual(['bad_header']);
  // Nothing is unfolded without being named either.
  expect(await verdicts(suites, [zip({}, (padded) => padded), zip({}, bomb)])).toEqual(['bad_padding']);
});

it('B-07 a key in the header: embedded, linked or certified', async () => {
  const fetched = jest.spyOn(globalThis, 'fetch');
  const attacker = await signaturePair('sig1');
  const jwk = attacker.public.key.export({ format: 'jwk' });
  const members = [
    { jwk },
    { jku: 'https://attacker.example/keys' },
    { jku: 'http://169.254.169.254/latest/meta-data' },
    { x5u: 'https://attacker.example/certificate' },
    { x5c: ['MIIB'] },
    { x5t: 'AAAA' },
    { 'x5t#S256': encodeBase64url(Buffer.alloc(32)) },
  ];
  const forged = suites.map((parties) => ({ ...parties, input: { ...parties.input, signingKey: attacker.private } }));
  const brought = members.map((member): Craft => ({ inner: member }));
  expect(await verdicts(forged, brought)).toEqual(['bad_header']);
  expect(await outer(...members)).toEqual(['bad_header']);
  // Without the member it is a signature of somebody else.
  expect(await verdicts(forged, [{}])).toEqual(['bad_signature']);
  expect(fetched).not.toHaveBeenCalled();
});

it('B-09 content that nobody signed, rightly encrypted', async () => {
  const wrapped = (make: (json: string, jws: string) => string): Craft[] => {
    let json = '';
    return [{ payload: (text) => (json = text), original: (jws) => make(json, jws) }];
  };
  const plain = (header: object) => (json: string) =>
    [Buffer.from(JSON.stringify(header)), Buffer.from(json)].map(encodeBase64url).join('.');
  for (const make of [
    (json: string) => json,
    (json: string) => `${plain({ alg: 'none' })(json)}.`,
    (json: string) => plain({ alg: 'none', typ: 'JWT' })(json),
    (json: string) => encodeBase64url(Buffer.from(json)),
    (json: string) => `.${encodeBase64url(Buffer.from(json))}.`,
  ]) {
    expect(await verdicts(suites, wrapped(make))).toEqual(['not_canonical']);
  }
  expect(
    await verdicts(
      suites,
      wrapped((json) => `${plain({ alg: 'none' })(json)}.AA`),
    ),
  ).toEqual(['bad_header']);
  const emptySignature: Craft = { original: (jws) => jws.replace(/[^.]*$/, 'AA') };
  expect(await verdicts(suites, [emptySignature])).toEqual(['bad_signature']);
});

it('B-10 a message in a message', async () => {
  for (const parties of suites) {
    const inside = await craft(parties);
    expect(await verdicts([parties], [{ original: () => inside }])).toEqual(['not_canonical']);
    expect(await verdicts([parties], [{ payload: () => inside }])).toEqual(['malformed_json']);
    // Signed again and again, up to what the limit of size lets pass.
    let jws = JSON.stringify(parties.message);
    for (let level = 2; level <= 12; level += 1) {
      const header = JSON.stringify({ alg: 'ES256', kid: 'sig1', typ: 'trao-message+jws', cty: 'JWT' });
      jws = await rawJws(header, jws, parties.input.signingKey);
      const nested = jws;
      expect(await verdicts([parties], [{ payload: () => nested }])).toEqual(['malformed_json']);
      expect(await verdicts([parties], [{ original: () => nested }])).toEqual(['bad_header']);
    }
  }
});

it('B-11 critical members: unknown, none, registered ones, another order', async () => {
  const own = ['iss', 'aud', 'jti', 'iat', 'exp', 'dom', 'suite'];
  const lists = [
    [],
    ['alg'],
    ['b64'],
    ['kid', ...own],
    [...own, 'unknown'],
    own.toReversed(),
    own.slice(1),
    [...own, 'suite'],
    'iss',
    null,
    {},
  ];
  expect(
    await inner(...lists.map((crit) => ({ crit })), { crit: [...own, 'unknown'], unknown: 1 }, { crit: undefined }),
  ).toEqual(['bad_header']);
  expect(await outer(...[...lists, own].map((crit) => ({ crit })), { crit: ['exp'] })).toEqual(['bad_header']);
});

it('B-20 certificates in any order in the header', async () => {
  const chain = ['MIIB', 'MIIC', 'MIID'];
  const orders = [chain, chain.toReversed(), [...chain, ...chain], [], [[]], chain[0]];
  expect(await inner(...orders.map((x5c) => ({ x5c })))).toEqual(['bad_header']);
  expect(await outer(...orders.map((x5c) => ({ x5c })))).toEqual(['bad_header']);
});

it('the table of signature algorithms is what these tests think it is', () => {
  expect(Object.keys(SIGNATURE_ALGORITHMS)).toEqual(['ES256', 'Ed25519', 'PS256']);
});
