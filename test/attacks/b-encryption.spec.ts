import { generateKeyPairSync } from 'node:crypto';
import {
  decryptCompact,
  encodeBase64url,
  encryptCompact,
  importEncryptionKey,
  splitCompact,
  SUITES,
  type Jwk,
} from '../../libs/envelope';
import { admitKey } from '../../libs/trust';
import { craft, withSegment } from '../fakes/craft';
import { bothSuites, verdicts, verdictsOn, type BothSuites } from './verdicts';

/** The bytes of the encryption: tags, vectors, encapsulated keys, wrapped keys. */
let suites: BothSuites;
beforeAll(async () => {
  suites = await bothSuites();
});

const bytesOf = (token: string, segment: number) => Buffer.from(token.split('.')[segment]!, 'base64url');
const replaced = (token: string, segment: number, bytes: Uint8Array) =>
  withSegment(token, segment, () => encodeBase64url(bytes));
const sized = (bytes: Buffer, length: number) => Buffer.concat([bytes, Buffer.alloc(length)]).subarray(0, length);

it('B-16 a tag or a vector of another length', async () => {
  const [, classic] = suites;
  const tags = (token: string) =>
    [1, 4, 8, 12, 13, 14, 15, 17, 32].map((length) => replaced(token, 4, sized(bytesOf(token, 4), length)));
  expect(await verdictsOn([classic], tags)).toEqual(['undecryptable']);
  const vectors = (token: string) =>
    [1, 8, 11, 13, 16, 64].map((length) => replaced(token, 2, sized(bytesOf(token, 2), length)));
  expect(await verdictsOn([classic], vectors)).toEqual(['undecryptable']);
  const inside = (token: string) => [1, 8, 15].map((less) => replaced(token, 3, bytesOf(token, 3).subarray(0, -less)));
  expect(await verdictsOn(suites, inside)).toEqual(['undecryptable']);
});

it('B-16 the same bytes, cut at another place', async () => {
  const moved = (token: string) =>
    [-17, -15, -12, -8, 0]
      .filter((at) => at !== 0)
      .map((at) => {
        const all = Buffer.concat([bytesOf(token, 3), bytesOf(token, 4)]);
        return replaced(replaced(token, 3, all.subarray(0, at)), 4, all.subarray(at));
      });
  expect(await verdictsOn([suites[1]], moved)).toEqual(['undecryptable']);
});

it('B-16 a vector that comes again', async () => {
  const [, classic] = suites;
  const [one, two] = [await craft(classic), await craft(classic)];
  // Each message has a key of its own, so a vector is never used twice with one key; and an exchanged one opens nothing.
  expect(bytesOf(one, 2).equals(bytesOf(two, 2))).toBe(false);
  const exchanged = [
    replaced(one, 2, bytesOf(two, 2)),
    replaced(one, 3, bytesOf(two, 3)),
    replaced(one, 4, bytesOf(two, 4)),
  ];
  expect(await verdictsOn([classic], () => exchanged)).toEqual(['undecryptable']);
});

it('B-17 a wrapped content key where there must be none', async () => {
  const wrapped = (segments: readonly number[]) => (token: string) =>
    segments.flatMap((segment) =>
      [1, 16, 24, 32, 40, 64].map((length) => replaced(token, segment, Buffer.alloc(length, 1))),
    );
  expect(await verdictsOn([suites[0]], wrapped([2, 4]))).toEqual(['not_canonical']);
  expect(await verdictsOn([suites[1]], wrapped([1]))).toEqual(['not_canonical']);
  // A content key of another length, agreed on as its header says.
  const changes = ['A128GCM', 'A192GCM'].map((enc) => ({ outer: { enc } }));
  expect(await verdicts(suites, changes)).toEqual(['bad_header']);
});

it('B-19 a second recipient, a second signature, a header that nobody protects', async () => {
  const general = (token: string) => {
    const [header, , iv, ciphertext, tag] = token.split('.');
    const shared = { protected: header, iv, ciphertext, tag };
    const recipient = { header: { alg: 'ECDH-ES', kid: 'enc1' }, encrypted_key: '' };
    return [
      { ...shared, recipients: [recipient, { ...recipient, header: { alg: 'RSA1_5', kid: 'other' } }] },
      { ...shared, unprotected: { alg: 'ECDH-ES' }, recipients: [recipient] },
      { ...shared, unprotected: { kid: 'enc1' } },
    ].map((form) => JSON.stringify(form));
  };
  expect(await verdictsOn(suites, general)).toEqual(['not_canonical']);
  const inside = (make: (header: string, signature: string) => object) => ({
    original: (jws: string) => {
      const [header, payload, signature] = jws.split('.') as [string, string, string];
      return JSON.stringify({ payload, ...make(header, signature) });
    },
  });
  const good = (header: string, signature: string) => ({ protected: header, signature });
  const changes = [
    inside((header, signature) => ({ signatures: [good(header, signature), good(header, 'AAAA')] })),
    inside((header, signature) => ({ signatures: [good(header, 'AAAA'), good(header, signature)] })),
    inside((header, signature) => ({ ...good(header, signature), header: { alg: 'ES256', kid: 'sig1' } })),
  ];
  expect(await verdicts(suites, changes)).toEqual(['not_canonical']);
});

it('B-22 probes of RSA key transport: there is none, so there is nothing to probe', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const jwk = publicKey.export({ format: 'jwk' }) as unknown as Jwk;
  expect(() => admitKey('enc1', jwk, 'encryption')).toThrow(expect.objectContaining({ code: 'bad_key' }));
  await expect(importEncryptionKey('enc1', jwk)).rejects.toMatchObject({ code: 'bad_key' });
  expect(JSON.stringify(SUITES)).not.toContain('RSA');
  const probes = ['RSA1_5', 'RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-512'].map((alg) => ({ outer: { alg } }));
  expect(await verdicts(suites, probes)).toEqual(['bad_algorithm']);
});

it('B-23 a weak or unknown suite of HPKE, an encapsulated key of another length', async () => {
  const algs = [
    'HPKE-0',
    'HPKE-1',
    'HPKE-7',
    'HPKE-8',
    'HPKE-9',
    'HPKE-11',
    'HPKE-17',
    'HPKE-10-KE',
    'hpke-10',
    'HPKE-10 ',
  ];
  expect(
    await verdicts(
      suites,
      algs.map((alg) => ({ outer: { alg } })),
    ),
  ).toEqual(['bad_algorithm']);
  const lengths = (token: string) =>
    [1, 32, 65, 97, 1088, 1119, 1121, 1568, 65_536].map((length) =>
      replaced(token, 1, sized(bytesOf(token, 1), length)),
    );
  expect(await verdictsOn([suites[0]], lengths)).toEqual(['undecryptable']);
  expect(await verdictsOn([suites[0]], (token) => [withSegment(token, 1, () => '')])).toEqual(['not_canonical']);
  const others = [{ ek: 'AAAA' }, { psk_id: 'AAAA' }, { enc: 'A256GCM' }, { info: 'AAAA' }].map((outer) => ({ outer }));
  expect(await verdicts([suites[0]], others)).toEqual(['bad_header']);
});

it('B-24 a malformed ML-KEM key or ciphertext', async () => {
  // FIPS 203 §7.2: coefficients over the modulus 3329 are refused before anything is sealed to them.
  const x25519 = Buffer.alloc(32, 9);
  const malformed = [Buffer.alloc(1152, 0xff), Buffer.concat([Buffer.from([0x01, 0x0d, 0xd0]), Buffer.alloc(1149)])];
  for (const coefficients of malformed) {
    const pub = encodeBase64url(Buffer.concat([coefficients, Buffer.alloc(32), x25519]));
    const jwk = { kty: 'AKP', alg: 'HPKE-10', pub };
    await expect(importEncryptionKey('enc1', jwk)).rejects.toMatchObject({ code: 'bad_key' });
  }
  for (const length of [0, 1, 1215, 1217]) {
    const jwk = { kty: 'AKP', alg: 'HPKE-10', pub: encodeBase64url(Buffer.alloc(length, 1)) };
    await expect(importEncryptionKey('enc1', jwk)).rejects.toMatchObject({ code: 'bad_key' });
    expect(() => admitKey('enc1', jwk, 'encryption')).toThrow(expect.objectContaining({ code: 'bad_key' }));
  }
  // A ciphertext that is none decapsulates to a secret of its own (implicit rejection), which opens nothing.
  const ciphertexts = (token: string) => {
    const x = bytesOf(token, 1).subarray(1088);
    return [0, 0x55, 0xff].map((byte) => replaced(token, 1, Buffer.concat([Buffer.alloc(1088, byte), x])));
  };
  expect(await verdictsOn([suites[0]], ciphertexts)).toEqual(['undecryptable']);
});

it('B-24 an X25519 share with the bit set that X25519 does not look at', async () => {
  const masked = (token: string) => {
    const share = bytesOf(token, 1);
    share[share.length - 1]! ^= 0x80;
    return [replaced(token, 1, share)];
  };
  expect(await verdictsOn([suites[0]], masked)).toEqual(['undecryptable']);
});

it('without an attack the steps open what they sealed', async () => {
  for (const [at, { input, context }] of suites.entries()) {
    const recipient = await context.decryptionKey('enc1');
    const suite = (['hybrid', 'classic'] as const)[at]!;
    const token = await encryptCompact({ alg: SUITES[suite].alg }, Buffer.from('content'), input.recipientKey);
    const { key } = recipient as Exclude<typeof recipient, 'stale' | undefined>;
    const opened = await decryptCompact(splitCompact(token, 5, SUITES[suite].empty), key);
    expect(Buffer.from(opened).toString()).toBe('content');
  }
});
