import { generateKeyPairSync } from 'node:crypto';
import { encodeBase64url, open, type OpenContext } from '../../libs/envelope';
import { wireCodeOf, type TraoError } from '../../libs/errors';
import { countWork } from '../fakes/crypto-work';
import { craft, withHeader, withSegment, type Craft } from '../fakes/craft';
import { encryptionPair, makeParties, signaturePair, type Parties } from '../fakes/parties';

/**
 * B-21: nobody learns from a refusal why it was one. All failures to decrypt have one code, one sentence, and at least the work of the
 * one that fails last, at the tag. Work is counted here; `npm run bench -- --only timing` measures the time.
 */
interface Failure {
  readonly what: string;
  readonly token?: (token: string) => string;
  readonly context?: (context: OpenContext) => Promise<Partial<OpenContext>>;
}

const bytes = (segment: string) => Buffer.from(segment, 'base64url');
const changed = (segment: number, change: (old: Buffer) => Buffer) => (token: string) =>
  withSegment(token, segment, (text) => encodeBase64url(change(bytes(text))));
const flipped = (at: number) => (old: Buffer) => {
  const copy = Buffer.from(old);
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
};
const cut = (length: number) => (old: Buffer) => old.subarray(0, length);
const withShare = (share: Buffer) => (old: Buffer) => Buffer.concat([old.subarray(0, -32), share]);

const unknownKid: Failure = {
  what: 'a key id that nobody has',
  context: () => Promise.resolve({ decryptionKey: () => Promise.resolve(undefined) }),
};
const keyOf = (what: string, suite: 'hybrid' | 'classic'): Failure => ({
  what,
  context: async (context) => {
    const other = await encryptionPair('enc1', suite);
    return { decryptionKey: () => Promise.resolve({ unit: context.node, key: other.private }) };
  },
});

const HYBRID: readonly Failure[] = [
  { what: 'a wrong tag', token: changed(3, flipped(-1)) },
  unknownKid,
  keyOf('another key under the same id', 'hybrid'),
  keyOf('a key of the other suite', 'classic'),
  { what: 'another header', token: (token) => withHeader(token, { pri: 'emergency' }) },
  { what: 'a changed ciphertext', token: changed(3, flipped(0)) },
  { what: 'a ciphertext cut off', token: changed(3, cut(1000)) },
  { what: 'a ciphertext of the tag alone', token: changed(3, cut(16)) },
  { what: 'a ciphertext shorter than a tag', token: changed(3, cut(3)) },
  { what: 'a changed ML-KEM ciphertext', token: changed(1, flipped(5)) },
  {
    what: 'an ML-KEM ciphertext of zeros',
    token: changed(1, (old) => Buffer.concat([Buffer.alloc(1088), old.subarray(-32)])),
  },
  { what: 'an encapsulated key too short', token: changed(1, cut(1119)) },
  { what: 'an encapsulated key of one byte', token: changed(1, cut(1)) },
  { what: 'an encapsulated key too long', token: changed(1, (old) => Buffer.concat([old, Buffer.of(0)])) },
  { what: 'a share of low order', token: changed(1, withShare(Buffer.alloc(32))) },
  { what: 'a share that is no coordinate', token: changed(1, withShare(Buffer.alloc(32, 0xff))) },
];

const { x } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const withPoint = (epk: object) => (token: string) => withHeader(token, { epk });
const CLASSIC: readonly Failure[] = [
  { what: 'a wrong tag', token: changed(4, flipped(0)) },
  unknownKid,
  keyOf('another key under the same id', 'classic'),
  keyOf('a key of the other suite', 'hybrid'),
  { what: 'another header', token: (token) => withHeader(token, { pri: 'emergency' }) },
  { what: 'a changed ciphertext', token: changed(3, flipped(0)) },
  { what: 'a ciphertext cut off', token: changed(3, cut(1000)) },
  { what: 'a tag too short', token: changed(4, cut(12)) },
  { what: 'a vector too short', token: changed(2, cut(8)) },
  { what: 'a changed vector', token: changed(2, flipped(0)) },
  { what: 'a point off the curve', token: withPoint({ kty: 'EC', crv: 'P-256', x, y: x }) },
  { what: 'a point of another curve', token: withPoint({ kty: 'OKP', crv: 'X25519', x }) },
  { what: 'a point of an unknown curve', token: withPoint({ kty: 'EC', crv: 'P-999', x, y: x }) },
  { what: 'half a point', token: withPoint({ kty: 'EC', crv: 'P-256', x }) },
  { what: 'a point of no length', token: withPoint({ kty: 'EC', crv: 'P-256', x: '', y: '' }) },
];

async function refusalOf(token: string, context: OpenContext): Promise<TraoError> {
  return open(token, context).then(
    () => {
      throw new Error('opened');
    },
    (error: TraoError) => error,
  );
}

const ROWS = [
  ...HYBRID.map((failure) => ['hybrid', failure.what, failure] as const),
  ...CLASSIC.map((failure) => ['classic', failure.what, failure] as const),
];

describe('B-21 a refusal to decrypt', () => {
  const parties = new Map<string, Parties>();
  beforeAll(async () => {
    for (const suite of ['hybrid', 'classic'] as const) {
      const made = await makeParties(suite);
      parties.set(suite, made);
      // The first refusal makes the key that later ones work with in vain.
      await refusalOf(await craft(made), { ...made.context, ...(await unknownKid.context!(made.context)) });
    }
  });
  afterEach(() => jest.restoreAllMocks());

  it.each(ROWS)(
    'B-21 looks the same and costs a whole decryption: %s, %s',
    async (suite, _, { token: change, context: make }) => {
      const made = parties.get(suite)!;
      const honest = await craft(made);
      const token = change?.(honest) ?? honest;
      const context = { ...made.context, ...(await make?.(made.context)) };
      const work = countWork();
      const { code, message, detail, faults } = await refusalOf(token, context);
      expect({ code, message, detail, faults, outside: wireCodeOf(code) }).toEqual({
        code: 'undecryptable',
        message: 'The message could not be decrypted.',
        detail: undefined,
        faults: [],
        outside: 'undecryptable',
      });
      expect(work.agreements).toBeGreaterThanOrEqual(1);
      expect(work.decapsulations).toBeGreaterThanOrEqual(suite === 'hybrid' ? 1 : 0);
      expect(work.decryptions).toBeGreaterThanOrEqual(1);
      expect(work.decryptedBytes).toBeGreaterThanOrEqual(bytes(token.split('.')[3]!).length);
    },
  );

  it('B-21 without an attack costs exactly that', async () => {
    for (const [suite, made] of parties) {
      const token = await craft(made);
      const work = countWork();
      await open(token, made.context);
      const { decryptedBytes, ...counts } = work;
      expect(counts).toEqual({ agreements: 1, decapsulations: suite === 'hybrid' ? 1 : 0, decryptions: 1 });
      expect(decryptedBytes).toBeGreaterThan(2048);
      jest.restoreAllMocks();
    }
  });
});

describe('B-21 a refusal to believe a signer', () => {
  const crypto = jest.requireActual<typeof import('node:crypto')>('node:crypto');
  afterEach(() => jest.restoreAllMocks());

  const none = () => Promise.resolve(undefined);
  const cases: readonly [string, string, Craft, () => Promise<Partial<OpenContext>>][] = [
    ['a signature of another key', 'bad_signature', {}, async () => ({ verificationKey: await another() })],
    ['a unit that nobody knows', 'unknown_sender', { inner: { iss: 'vn.nobody' } }, () => Promise.resolve({})],
    ['a key id that nobody has', 'unknown_sender', { inner: { kid: 'sig9' } }, () => Promise.resolve({})],
    ['a unit without keys', 'unknown_sender', {}, () => Promise.resolve({ verificationKey: none })],
    [
      'another algorithm than the key is for',
      'bad_algorithm',
      { inner: { alg: 'Ed25519' } },
      () => Promise.resolve({}),
    ],
  ];
  const another = async () => {
    const pair = await signaturePair('sig1');
    return () => Promise.resolve(pair.public);
  };

  it.each(cases)('B-21 costs one verification and looks the same outside: %s', async (_, inside, change, context) => {
    const made = await makeParties('classic');
    const token = await craft(made, change);
    const all = { ...made.context, ...(await context()) };
    const verified = jest.spyOn(crypto, 'verify');
    const { code } = await refusalOf(token, all);
    expect([code, wireCodeOf(code)]).toEqual([inside, 'undecryptable']);
    expect(verified).toHaveBeenCalledTimes(1);
  });
});

describe('B-21 outside the node', () => {
  it('B-21 all that fails before the sender is proven has one code', () => {
    const before = [
      'not_canonical',
      'bad_header',
      'bad_algorithm',
      'bad_key',
      'undecryptable',
      'bad_padding',
      'bad_signature',
      'unknown_sender',
      'identity_mismatch',
      'suite_mismatch',
    ] as const;
    expect(new Set(before.map(wireCodeOf))).toEqual(new Set(['undecryptable']));
  });
});
