import { type Header } from './compact';
import { craft, withHeader, withHeaderText, withSegment } from '../../test/fakes/craft';
import { endOf } from '../../test/fakes/end-of';
import { makeParties, type Parties } from '../../test/fakes/parties';

/** Members that have opened holes elsewhere; each is refused wherever it stands (attacks A-15, B-05, B-06, B-07, B-11). */
const FORBIDDEN: readonly Header[] = [
  { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } },
  { jku: 'https://attacker.example/keys' },
  { x5u: 'https://attacker.example/certificate' },
  { x5c: ['MIIB'] },
  { x5t: 'AA' },
  { 'x5t#S256': 'AA' },
  { zip: 'DEF' },
  { p2c: 10_000_000, p2s: 'AAAAAAAA' },
  { b64: false },
  { crit: ['b64'], b64: false },
  { crit: ['exp', 'unknown'], unknown: 1 },
  { crit: [] },
  { crit: ['alg'] },
  { crit: 'exp' },
  { apu: 'AA', apv: 'AA' },
  { iv: 'AA', tag: 'AA' },
  { ek: 'AA' },
  { psk_id: 'AA' },
  { note: 'x' },
  { nbf: 1 },
];

/** Values of the wrong kind for a member that is a name. */
const NOT_A_NAME = [undefined, null, 1, true, '', 'a b', 'a/b', '../a', 'é', 'a\0', 'a'.repeat(129), ['a'], { a: 1 }];
const NOT_SECONDS = [undefined, null, '1763791200', 0, -1, 1.5, 9_007_199_254_740_992, true, [1]];
const textOf = (members: Header) => JSON.stringify(members) ?? 'undefined';
const wrong = (members: readonly string[], values: readonly unknown[]) =>
  members.flatMap((member) => values.map((value) => ({ [member]: value })));

const OUTER_WRONG: readonly Header[] = [
  ...FORBIDDEN,
  ...wrong(['kid', 'jti', 'iss', 'aud'], NOT_A_NAME),
  ...wrong(['iat', 'exp'], NOT_SECONDS),
  ...wrong(['typ', 'cty'], [undefined, null, 'JWT', 'JOSE', 'secevent+jwt', 'TRAO-ENVELOPE+JWE', 1]),
  ...wrong(['pri'], [undefined, 'low', 'Normal', 1, 'toString']),
  { suite: 'classic' },
];

const INNER_WRONG: readonly Header[] = [
  ...FORBIDDEN,
  ...wrong(['kid', 'jti', 'iss', 'aud', 'dom'], NOT_A_NAME),
  ...wrong(['iat', 'exp'], NOT_SECONDS),
  ...wrong(['typ'], [undefined, 'JWT', 'secevent+jwt', 'trao-directory+jws', 'trao-envelope+jwe']),
  ...wrong(['suite'], [undefined, 'Classic', 'toString', 1]),
  ...wrong(
    ['alg'],
    [undefined, 'none', 'None', 'NONE', 'HS256', 'RS256', 'ES384', 'EdDSA', 'es256', 'toString', 1, null],
  ),
  { cty: 'JWT' },
  { crit: ['aud', 'iss', 'jti', 'iat', 'exp', 'dom', 'suite'] },
  { crit: ['iss', 'aud', 'jti', 'iat', 'exp', 'dom'] },
  { crit: ['iss', 'aud', 'jti', 'iat', 'exp', 'dom', 'suite', 'suite'] },
  { crit: undefined },
];

/** Headers that are no JSON object, or one that two readers could read differently. */
const TEXTS: readonly (readonly [string, (header: string) => string])[] = [
  ['a member twice', (header) => header.replace('{', '{"typ":"JWT",')],
  ['a member twice, once escaped', (header) => header.replace('{', '{"\\u0061ud":"la",')],
  ['a prototype key', (header) => header.replace('{', '{"__proto__":{"alg":"none"},')],
  ['white space of another kind', (header) => header.replace('{', '{\u00a0')],
  ['a byte order mark', (header) => `\ufeff${header}`],
  ['something behind it', (header) => `${header}{}`],
  ['an array', (header) => `[${header}]`],
  ['a null', () => 'null'],
  ['a text', () => '"ES256"'],
  ['a number', () => '1'],
  ['three levels', (header) => header.replace('{', '{"x":[[1]],')],
  ['more than 4 KiB', (header) => header.replace('{', `{"x":"${'a'.repeat(4096)}",`)],
  ['a text that ends early', (header) => header.slice(0, -1)],
];

describe.each(['hybrid', 'classic'] as const)('the outer header of the suite %s', (suite) => {
  let parties: Parties;
  let good: string;
  beforeAll(async () => {
    parties = await makeParties(suite);
    good = await craft(parties);
  });
  const end = (token: string) => endOf(token, parties.context);

  it.each(OUTER_WRONG.map((members) => [textOf(members), members] as const))(
    'is refused with %s',
    async (_, members) => {
      expect(await end(withHeader(good, members))).toBe('bad_header');
    },
  );

  it.each(TEXTS)('is refused as %s', async (_, change) => {
    expect(await end(withHeaderText(good, change))).toBe('bad_header');
  });

  it.each([
    'none',
    'dir',
    'RSA1_5',
    'RSA-OAEP',
    'PBES2-HS256+A128KW',
    'A128KW',
    'ECDH-ES+A128KW',
    'HPKE-0',
    'HPKE-10-KE',
    'hpke-10',
    'toString',
    '',
    undefined,
    null,
    1,
    ['ECDH-ES'],
  ])('is refused with the algorithm %p', async (alg) => {
    expect(await end(withHeader(good, { alg }))).toBe('bad_algorithm');
  });

  it.each(['A128GCM', 'A256CBC-HS512', 'int', 'a256gcm', null, 1])('is refused with the encryption %p', async (enc) => {
    expect(await end(withHeader(good, { enc }))).toBe('bad_header');
  });

  it('is refused when it is that of the other suite', async () => {
    const other = suite === 'hybrid' ? 'ECDH-ES' : 'HPKE-10';
    expect(await end(withHeader(good, { alg: other }))).toBe('bad_header');
  });

  it('cannot be changed within what is allowed either: it is authenticated', async () => {
    expect(await end(withHeader(good, { pri: 'emergency' }))).toBe('undecryptable');
    expect(await end(withHeaderText(good, (header) => header.replace('{', '{ ')))).toBe('undecryptable');
  });

  it.each([
    ['none of its segments', () => ''],
    ['one segment', (token: string) => token.split('.')[0]!],
    ['four segments', (token: string) => token.slice(0, token.lastIndexOf('.'))],
    ['six segments', (token: string) => `${token}.AA`],
    ['a space before it', (token: string) => ` ${token}`],
    ['a line feed behind it', (token: string) => `${token}\n`],
    ['JSON serialisation', (token: string) => JSON.stringify({ protected: token.split('.')[0], ciphertext: 'AA' })],
    [
      'a segment filled that must be empty',
      (token: string) => withSegment(token, suite === 'hybrid' ? 2 : 1, () => 'AA'),
    ],
    ['a segment empty that must be filled', (token: string) => withSegment(token, 3, () => '')],
  ])('needs the canonical form: refused with %s', async (_, change) => {
    expect(await end(change(good))).toBe('not_canonical');
  });
});

describe('the point in the header of the suite classic', () => {
  it.each([
    ['missing', undefined],
    ['null', null],
    ['a text', 'AA'],
    ['a private key', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' }],
    ['with numbers', { kty: 'EC', crv: 'P-256', x: 1, y: 2 }],
    ['with an id', { kty: 'OKP', crv: 'X25519', x: 'AA', kid: 'a' }],
    ['symmetric', { kty: 'oct', k: 'AA' }],
  ])('is refused when %s', async (_, epk) => {
    const parties = await makeParties('classic');
    const token = withHeader(await craft(parties), { epk });
    expect(await endOf(token, parties.context)).toBe('bad_header');
  });
});

describe('the inner header', () => {
  let parties: Parties;
  beforeAll(async () => {
    parties = await makeParties('classic');
  });

  it.each(INNER_WRONG.map((inner) => [textOf(inner), inner] as const))('is refused with %s', async (_, inner) => {
    expect(await endOf(await craft(parties, { inner }), parties.context)).toBe('bad_header');
  });

  it.each(TEXTS)('is refused as %s', async (_, innerText) => {
    const token = await craft(parties, { innerText });
    expect(await endOf(token, parties.context)).toBe('bad_header');
  });
});
