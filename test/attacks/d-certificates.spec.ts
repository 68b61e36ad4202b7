import { generateKeyPairSync } from 'node:crypto';
import * as x from '../integration/certificates-extensions';
import {
  days,
  derOf,
  issue,
  issuedWith,
  keyOf,
  leafExtensions,
  makeAuthority,
  makeCertificate,
  makeKey,
  type CertificateSpec,
  type Hash,
} from '../integration/certificates-fixture';
import { authorities, honest, startTestGateway, type TestGateway } from '../integration/gateway-fixture';
import { signers } from './directories';
import { assertServed, handOver, HONEST, ofVn, presented } from './presented';

/** Attack catalogue D: what stands in one certificate. Each has the key that the directory pins, unless the attack is its key. */
let gateway: TestGateway;
const weak = {
  1024: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
  2047: generateKeyPairSync('rsa', { modulusLength: 2047 }).privateKey,
  'e = 3': generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey,
};
const rsaAuthority = makeAuthority('ca.vn.rsa', makeKey({ rsa: 2048 }));
const weakAuthority = makeAuthority('ca.vn.weak', makeKey({ rsa: 1024 }));
const withKey = (privateKey: CertificateSpec['privateKey']) =>
  makeCertificate('vn', authorities.vn, days(30), { privateKey });
beforeAll(async () => {
  const keys = Object.values(weak).map((key) => withKey(key).spki);
  const ca = [authorities.vn, rsaAuthority, weakAuthority].map(({ cert }) => cert);
  gateway = await startTestGateway({ vn: { ca, spki: [honest.vn.spki, ...keys] } });
});
afterAll(() => gateway?.close());
afterEach(async () => {
  await assertServed(gateway, honest.vn);
});

describe('D-07 times', () => {
  const now = () => Math.floor(Date.now() / 1000) * 1000;

  it('D-07 expired, by a day and by a second', async () => {
    expect(await presented(gateway, ofVn({ until: days(-1) }))).toBe('CERT_HAS_EXPIRED');
    expect(await presented(gateway, ofVn({ until: new Date(now() - 1000) }))).toBe('CERT_HAS_EXPIRED');
  });

  it('D-07 not yet valid, by a day and by a minute; valid since this second', async () => {
    expect(await presented(gateway, ofVn({ from: days(1) }))).toBe('CERT_NOT_YET_VALID');
    expect(await presented(gateway, ofVn({ from: new Date(now() + 60_000) }))).toBe('CERT_NOT_YET_VALID');
    expect(await presented(gateway, ofVn({ from: new Date(now()) }))).toBe('taken');
  });

  it('D-07 to the exact second, as each request is judged', () => {
    const leaf = ofVn({ from: new Date('2026-11-28T00:00:00Z'), until: new Date('2026-11-30T23:59:59Z') });
    const chain = [derOf(leaf.cert), derOf(authorities.vn.cert)];
    const judged = (at: string) => gateway.partners().identify(chain, new Date(at));
    expect(judged('2026-11-27T23:59:59.999Z')).toEqual({ fault: 'out_of_time', claimed: 'vn' });
    expect(judged('2026-11-28T00:00:00Z')).toMatchObject({ node: 'vn' });
    expect(judged('2026-11-30T23:59:59Z')).toMatchObject({ node: 'vn' });
    expect(judged('2026-11-30T23:59:59.001Z')).toEqual({ fault: 'out_of_time', claimed: 'vn' });
  });

  it('D-07 years written in both ways, up to the last that can be written', async () => {
    expect(await presented(gateway, ofVn({ until: new Date('2049-12-31T23:59:59Z') }))).toBe('taken');
    expect(await presented(gateway, ofVn({ until: new Date('9999-12-31T23:59:59Z') }))).toBe('taken');
  });
});

describe('D-10 weak keys and signatures', () => {
  it.each([
    [1024, 'UNSPECIFIED'],
    // OpenSSL rounds it up, and asks nothing of the exponent.
    [2047, 'weak_key'],
    ['e = 3', 'weak_key'],
  ] as const)('D-10 RSA of %s', async (kind, verdict) => {
    expect(await presented(gateway, withKey(weak[kind]))).toBe(verdict);
  });

  it.each<[Hash, CertificateSpec['issuer']]>([
    ['sha1', authorities.vn],
    ['sha1', rsaAuthority],
    ['md5', rsaAuthority],
  ])('D-10 signed over %s', async (hash, issuer) => {
    const extensions = leafExtensions(x.CLIENT_AUTH);
    const forged = issue({ name: 'vn', privateKey: keyOf(honest.vn), issuer: issuer!, hash, extensions });
    expect(await presented(gateway, forged)).toBe('UNSPECIFIED');
  });

  it('D-10 a weak authority: TLS refuses what it signs, and no directory can pin it', async () => {
    const below = makeCertificate('vn', weakAuthority, days(30), { privateKey: keyOf(honest.vn) });
    expect(await presented(gateway, below)).toBe('UNSPECIFIED');
    const { adopt, edited, signAny } = await signers();
    for (const authority of [
      weakAuthority,
      makeAuthority('ca.vn', weak[2047]),
      makeAuthority('ca.vn', weak['e = 3']),
    ]) {
      const pinned = edited((_, [vn]) => (vn!.tls.ca = [authority.cert]));
      expect(await adopt(await signAny(pinned))).toBe('directory_malformed');
    }
  });
});

it.each([
  ['zero', Buffer.from([0])],
  ['negative', Buffer.from([0x81, 2])],
  ['21 octets long', Buffer.alloc(21, 1)],
])('D-11 a serial number that is %s', async (_, serial) => {
  expect(await presented(gateway, ofVn({ serial }))).toBe('odd_serial');
});

describe('D-12 extensions', () => {
  it('D-12 twice the same, whichever of them is the honest one', async () => {
    const double = (...more: readonly Buffer[]) => ofVn({ extensions: [...HONEST, ...more] });
    for (const twice of [
      double(x.basicConstraints({ ca: true })),
      double(x.extendedKeyUsage(x.CLIENT_AUTH)),
      double(x.subjectAltName('a.example'), x.subjectAltName('b.example')),
    ])
      expect(await presented(gateway, twice)).toMatch(
        /^(ERR_SSL_INVALID_CERTIFICATE|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/,
      );
  });

  it('D-12 unknown and critical', async () => {
    expect(await presented(gateway, ofVn({ extensions: [...HONEST, x.unknownCritical()] }))).toBe('UNSPECIFIED');
  });
});

describe('D-13 names', () => {
  const NAMES = [
    'gateway.gb.example\0.evil.example',
    '*',
    '*.example',
    'xn--gateway-1za.example',
    'g\u0430teway.gb.example',
    'gateway.gb.example.',
    'a'.repeat(5_000),
    '',
  ];

  it.each(NAMES)('D-13 name nobody: %j', async (name) => {
    const extensions = [...HONEST, x.subjectAltName(name)];
    // With the pinned key it is Viet Nam, whatever it calls itself; with another key it is nobody, however right the name.
    expect(await presented(gateway, ofVn({ extensions }))).toBe('taken');
    expect(await presented(gateway, makeCertificate('vn', authorities.vn, days(30), { extensions }))).toBe(
      'key_not_pinned',
    );
    expect(await handOver(gateway, 'kh', ofVn({ extensions, name: 'kh' }))).toMatchObject({
      problem: { code: 'identity_mismatch' },
    });
  });
});

describe('D wrong use', () => {
  it.each([
    ['server only', x.SERVER_AUTH],
    ['code signing', x.CODE_SIGNING],
    ['time stamping', '1.3.6.1.5.5.7.3.8'],
    ['a use of somebody', '1.3.6.1.4.1.55555.9'],
  ])('D wrong EKU: %s', async (_, use) => {
    expect(await presented(gateway, ofVn({ extensions: leafExtensions(use) }))).toBe('INVALID_PURPOSE');
  });

  it('D wrong key usage, and an authority that presents itself', async () => {
    expect(await presented(gateway, ofVn({ extensions: [x.keyUsage(x.CERT_SIGN)] }))).toBe('INVALID_PURPOSE');
    expect(
      await presented(gateway, ofVn({ extensions: [x.basicConstraints({ ca: true }), issuedWith(authorities.vn)] })),
    ).toBe('leaf_is_authority');
    gateway.adopt({ vn: { ca: [authorities.vn.cert], spki: [authorities.vn.spki, honest.vn.spki] } });
    expect(await presented(gateway, authorities.vn)).toBe('INVALID_PURPOSE');
  });
});
