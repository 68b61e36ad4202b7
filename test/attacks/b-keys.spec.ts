import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import {
  digestOf,
  encodeBase64url,
  generateKeyPair,
  importEncryptionKey,
  importSigningKey,
  importVerificationKey,
  type Jwk,
} from '../../libs/envelope';
import { admitKey, type KeyUse } from '../../libs/trust';
import { craft, withHeader, type Craft } from '../fakes/craft';
import { encryptEcdhEs } from '../fakes/ecdh-es';
import { endOf } from '../fakes/end-of';
import { signaturePair, type Parties } from '../fakes/parties';
import { signers, type Edit } from './directories';
import { bothSuites, verdicts, verdictsOn, type BothSuites } from './verdicts';

/** Key ids, key material, and what a key may be used for. */
let suites: BothSuites;
beforeAll(async () => {
  suites = await bothSuites();
});

const USES: readonly KeyUse[] = ['governance', 'receipt', 'signing', 'encryption'];
const filled = (length: number, byte: number) => encodeBase64url(Buffer.alloc(length, byte));

/** The first unit of a node whose keys TLS could have too. */
const gb = (nodes: Parameters<Edit>[1]) => nodes.find(({ id }) => id === 'gb')!.units[0]!;
const spkiOf = (jwk: object) =>
  digestOf(createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'der' }));

/** The uses for which a key is admitted; any refusal is `bad_key`. */
function admittedFor(jwk: Jwk, uses: readonly KeyUse[] = USES): string[] {
  return uses.flatMap((use) => {
    try {
      admitKey('kid1', jwk, use);
      return [use];
    } catch (error) {
      const { code } = error as { code: string };
      return code === 'bad_key' ? [] : [`${use}: ${code}`];
    }
  });
}

describe('B-08 a key id that is more than a name', () => {
  const NO_NAMES = [
    '../enc1',
    '..\\enc1',
    'keys/enc1',
    '/etc/passwd',
    'file:///etc/passwd',
    "enc1' OR '1'='1",
    "enc1'; DROP TABLE inbox; --",
    '$(id)',
    '`id`',
    '{{7*7}}',
    '${jndi:ldap://attacker.example/a}',
    'enc1\0',
    'enc1\u202e',
    'enc1\r\nX: y',
    ' enc1',
    '*',
    '',
    'a'.repeat(129),
    'a'.repeat(1_000_000),
    ['enc1'],
    { $ne: null },
    null,
    1,
    true,
  ];
  /** Names by their form, which are nobody's key here. */
  const NOBODY = ['.', '..', '...', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'enc2', 'ENC1', 'sig1'];

  it('B-08 is refused as a header: a path, a query, a template, NUL, a megabyte', async () => {
    expect(
      await verdicts(
        suites,
        NO_NAMES.map((kid): Craft => ({ inner: { kid } })),
      ),
    ).toEqual(['bad_header']);
    expect(await verdictsOn(suites, (token) => NO_NAMES.map((kid) => withHeader(token, { kid })))).toEqual([
      'bad_header',
    ]);
  });

  it('B-08 finds nothing: names of prototypes, of folders, of other keys', async () => {
    expect(
      await verdicts(
        suites,
        NOBODY.map((kid): Craft => ({ outer: { kid } })),
      ),
    ).toEqual(['undecryptable']);
    const others = NOBODY.filter((kid) => kid !== 'sig1');
    expect(
      await verdicts(
        suites,
        others.map((kid): Craft => ({ inner: { kid } })),
      ),
    ).toEqual(['unknown_sender']);
  });

  it('B-08 with the id of another partner’s key is judged by that partner’s key', async () => {
    const [, parties] = suites;
    const { senderUnit } = parties.message.header;
    const other = await signaturePair('sig2');
    // Both units have a key of that id: only the one of the unit that is named counts.
    const verificationKey: Parties['context']['verificationKey'] = (unit) =>
      unit === senderUnit ? Promise.resolve(other.public) : parties.context.verificationKey(unit, 'sig1', new Date());
    const token = await craft(parties, { inner: { kid: 'sig2' } });
    expect(await endOf(token, { ...parties.context, verificationKey })).toBe('bad_signature');
  });
});

it('B-12 an empty key, or none', async () => {
  const empty: Jwk[] = [
    { kty: 'oct', k: '' },
    { kty: 'oct', k: filled(32, 1) },
    { kty: '' },
    {} as Jwk,
    { kty: 'EC', crv: 'P-256', x: '', y: '' },
    { kty: 'OKP', crv: 'Ed25519', x: '' },
    { kty: 'OKP', crv: 'X25519', x: '' },
    { kty: 'AKP', alg: 'HPKE-10', pub: '' },
  ];
  const emptyRsa = { kty: 'RSA', n: '', e: '' };
  for (const jwk of [...empty, emptyRsa]) expect(admittedFor(jwk)).toEqual([]);
  for (const jwk of empty) {
    for (const load of [importSigningKey, importVerificationKey, importEncryptionKey]) {
      await expect(load('kid1', jwk)).rejects.toMatchObject({ code: 'bad_key' });
    }
  }
  // OpenSSL has an RSA key of no bits, which has signed nothing.
  const nothing = await importVerificationKey('sig1', emptyRsa);
  const blank = ['AA', filled(384, 0)].map((signature): Craft => ({
    inner: { alg: 'PS256' },
    original: (jws) => jws.replace(/[^.]*$/, signature),
  }));
  expect(await verdicts(suites, blank, { verificationKey: () => Promise.resolve(nothing) })).toEqual(['bad_signature']);
  const noKey = { verificationKey: () => Promise.resolve(undefined) };
  expect(await verdicts(suites, [{}, { original: (jws) => jws.replace(/[^.]*$/, 'AA') }], noKey)).toEqual([
    'unknown_sender',
  ]);
  const noDecryption = { decryptionKey: () => Promise.resolve(undefined) };
  expect(await verdicts(suites, [{}], noDecryption)).toEqual(['undecryptable']);
  const { edited, signAny, adopt } = await signers();
  for (const jwk of [...empty, emptyRsa]) {
    const directory = edited((_, __, [unit]) => Object.assign(unit!.signingKeys[0]!, { jwk }));
    expect(await adopt(await signAny(directory))).toBe('directory_malformed');
  }
});

/** Points to which X25519 answers zero (RFC 7748 §6.1). */
const LOW_ORDER = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
].map((hex) => Buffer.from(hex, 'hex'));

describe('B-13 a point that is no good', () => {
  it('B-13 off its curve, of another curve, zero, or doubled in its spelling', async () => {
    const [, parties] = suites;
    const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      format: 'jwk',
    }) as Required<Jwk>;
    const points = [
      { kty: 'EC', crv: 'P-256', x, y: x },
      { kty: 'EC', crv: 'P-256', x: filled(32, 0), y: filled(32, 0) },
      { kty: 'EC', crv: 'P-256', x: filled(32, 0xff), y: filled(32, 0xff) },
      { kty: 'EC', crv: 'P-256', x, y: filled(0, 0) },
      { kty: 'EC', crv: 'P-256', x: `${x}AA`, y },
      { kty: 'EC', crv: 'P-384', x, y },
      { kty: 'EC', crv: 'secp256k1', x, y },
      { kty: 'OKP', crv: 'X25519', x },
      { kty: 'OKP', crv: 'X448', x: filled(56, 9) },
      { kty: 'OKP', crv: 'Ed25519', x },
    ];
    // Rightly encrypted otherwise: the header with the bad point is the one that is authenticated.
    expect(
      await verdicts(
        [parties],
        points.map((epk): Craft => ({ outer: { epk } })),
      ),
    ).toEqual(['undecryptable']);
    for (const jwk of points.slice(0, 7)) expect(admittedFor(jwk)).toEqual([]);
    const malformed = [{ kty: 'EC', crv: 'P-256', x, y, d: x }, { kty: 'oct', k: x }, 'point', null];
    expect(
      await verdicts(
        [parties],
        malformed.map((epk): Craft => ({ outer: { epk } })),
      ),
    ).toEqual(['bad_header']);
  });

  it('B-13 the mirrored point, which agrees on the same secret', async () => {
    const mirrored = (token: string) => {
      const { epk } = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { epk: Required<Jwk> };
      const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
      const y = p - BigInt(`0x${Buffer.from(epk.y, 'base64url').toString('hex')}`);
      const other = { ...epk, y: encodeBase64url(Buffer.from(y.toString(16).padStart(64, '0'), 'hex')) };
      expect(createPublicKey({ key: other, format: 'jwk' }).asymmetricKeyType).toBe('ec');
      return [withHeader(token, { epk: other })];
    };
    expect(await verdictsOn([suites[1]], mirrored)).toEqual(['undecryptable']);
  });

  it('B-13 of low order: the attacker knows the secret, which is zero, and encrypts under it', async () => {
    const [, parties] = suites;
    const pair = generateKeyPairSync('x25519');
    const jwkOf = (key: typeof pair.publicKey) => key.export({ format: 'jwk' }) as unknown as Jwk;
    const recipient = await importEncryptionKey('enc1', jwkOf(pair.privateKey));
    const own = await importEncryptionKey('enc1', jwkOf(pair.publicKey));
    const decryptionKey = () => Promise.resolve({ unit: parties.message.header.recipientUnit, key: recipient });
    const context = { ...parties.context, decryptionKey };
    const input = { ...parties.input, recipientKey: own };
    expect(await endOf(await craft({ input }), context)).toBe('opened');

    let plaintext: Uint8Array = Buffer.alloc(0);
    const honest = await craft({ input }, { plaintext: (padded) => (plaintext = padded) });
    const { epk: _, ...header } = JSON.parse(Buffer.from(honest.split('.')[0]!, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    for (const point of LOW_ORDER) {
      const epk = { kty: 'OKP', crv: 'X25519', x: encodeBase64url(point) };
      const forged = await encryptEcdhEs({ ...header, epk }, plaintext, own.key as never, Buffer.alloc(32));
      expect(await endOf(forged, context)).toBe('undecryptable');
      expect(admittedFor(epk)).toEqual([]);
    }
  });

  it('B-13 of low order in the hybrid suite: in the encapsulated share and in a key', async () => {
    const shares = (token: string) => {
      const segments = token.split('.');
      const encapsulated = Buffer.from(segments[1]!, 'base64url');
      return LOW_ORDER.map((point) =>
        segments.with(1, encodeBase64url(Buffer.concat([encapsulated.subarray(0, -32), point]))).join('.'),
      );
    };
    expect(await verdictsOn([suites[0]], shares)).toEqual(['undecryptable']);
    const { publicJwk } = await generateKeyPair('hybrid');
    const pub = Buffer.from(publicJwk.pub!, 'base64url');
    for (const point of LOW_ORDER) {
      expect(admittedFor({ ...publicJwk, pub: encodeBase64url(Buffer.concat([pub.subarray(0, -32), point])) })).toEqual(
        [],
      );
    }
  });
});

describe('B-18 a key in another use than its own', () => {
  it('B-18 as its members `use`, `key_ops`, `alg` say', async () => {
    const { publicJwk: signing } = await generateKeyPair('ES256');
    const { publicJwk: hybrid } = await generateKeyPair('hybrid');
    for (const says of [
      { use: 'enc' },
      { alg: 'ES384' },
      { alg: 'ECDH-ES' },
      { key_ops: ['verify'] },
      { key_ops: ['encrypt'] },
    ]) {
      expect(admittedFor({ ...signing, ...says }, ['governance', 'receipt', 'signing'])).toEqual([]);
    }
    for (const says of [{ use: 'sig' }, { alg: 'HPKE-8' }, { key_ops: ['deriveBits'] }]) {
      expect(admittedFor({ ...hybrid, ...says }, ['encryption'])).toEqual([]);
    }
    expect(admittedFor(hybrid, ['governance', 'receipt', 'signing'])).toEqual([]);
  });

  it.each<[string, Edit]>([
    ['signing and receipts', (_, [vn], [unit]) => (unit!.signingKeys[0]!.jwk = vn!.receiptKeys[0]!.jwk)],
    ['signing and encryption', (_, nodes) => (gb(nodes).encryptionKeys[0]!.jwk = gb(nodes).signingKeys[0]!.jwk)],
    ['governance and signing', ({ governance }, _, [unit]) => (unit!.signingKeys[0]!.jwk = governance.keys[0]!.jwk)],
    ['two partners', (_, [vn, other]) => (other!.receiptKeys[0]!.jwk = vn!.receiptKeys[0]!.jwk)],
    ['TLS of two partners', (_, [vn, other]) => (other!.tls.spki = vn!.tls.spki)],
    ['TLS and signing', (_, [vn], [unit]) => (vn!.tls.spki = [...vn!.tls.spki, spkiOf(unit!.signingKeys[0]!.jwk)])],
    ['TLS and receipts', (_, [vn]) => (vn!.tls.spki = [...vn!.tls.spki, spkiOf(vn!.receiptKeys[0]!.jwk)])],
    ['TLS and encryption', (_, nodes) => nodes[0]!.tls.spki.push(spkiOf(gb(nodes).encryptionKeys[0]!.jwk))],
  ])('B-18 one public key for %s', async (_, edit) => {
    const { edited, signAny, adopt } = await signers();
    expect(await adopt(await signAny(edited(edit)))).toBe('directory_key_reused');
  });
});
