import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { encodeBase64url, generateKeyPair, importEncryptionKey, type Jwk } from '../../libs/envelope';
import { craft, headerOf, withHeader, type Craft } from '../fakes/craft';
import { encryptEcdhEs } from '../fakes/ecdh-es';
import { endOf } from '../fakes/end-of';
import { admissionOf } from './admitted';
import { bothSuites, verdicts, verdictsOn, type BothSuites } from './verdicts';

/** Points that an attacker chooses, to learn something of the key that they are multiplied with. */
let suites: BothSuites;
beforeAll(async () => {
  suites = await bothSuites();
});

const filled = (length: number, byte: number) => encodeBase64url(Buffer.alloc(length, byte));

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
    for (const jwk of points.slice(0, 7)) expect(admissionOf(jwk)).toEqual(['bad_key']);
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
      const { epk } = headerOf(token) as { epk: Required<Jwk> };
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
    const { epk: _, ...header } = headerOf(honest);
    for (const point of LOW_ORDER) {
      const epk = { kty: 'OKP', crv: 'X25519', x: encodeBase64url(point) };
      const forged = await encryptEcdhEs({ ...header, epk }, plaintext, own.key as never, Buffer.alloc(32));
      expect(await endOf(forged, context)).toBe('undecryptable');
      expect(admissionOf(epk)).toEqual(['bad_key']);
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
      expect(admissionOf({ ...publicJwk, pub: encodeBase64url(Buffer.concat([pub.subarray(0, -32), point])) })).toEqual(
        ['bad_key'],
      );
    }
  });
});
