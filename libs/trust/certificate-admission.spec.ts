import { createPrivateKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { chainOf, faultOfChain, spkiDigest, TLS_SETTINGS, type TlsPins } from '.';
import {
  basicConstraints,
  CERT_SIGN,
  DIGITAL_SIGNATURE,
  keyUsage,
} from '../../test/integration/certificates-extensions';
import {
  authorityExtensions,
  days,
  derOf,
  issue,
  issuedWith,
  leafExtensions,
  makeAuthority,
  makeCertificate,
  makeIntermediate,
  makeKey,
  pinOf,
  type Certificate,
  type CertificateSpec,
} from '../../test/integration/certificates-fixture';
import { endOfChain, faultOfAuthority, isCertificate, MAX_CHAIN } from './certificate-admission';

const NOW = new Date();
const ca = makeAuthority('ca.vn');
const key = makeKey();
const pins: TlsPins = { ca: [ca.cert], spki: [pinOf(key)] };
const leafOf = (more: Partial<CertificateSpec> = {}) =>
  makeCertificate('vn', ca, days(30), { privateKey: key, ...more });
const ders = (...chain: readonly Certificate[]) => chain.map(({ cert }) => derOf(cert));
const judge = (chain: readonly Uint8Array[], more: Partial<TlsPins> = {}, at = NOW) =>
  faultOfChain({ ...pins, ...more }, chain, at);

/** A chain with an authority between that is pinned too. */
function judgeBelow(more: Partial<CertificateSpec>) {
  const between = makeIntermediate('i', ca, more);
  return judge(ders(leafOf(), between, ca), { ca: [ca.cert, between.cert] });
}

describe('a chain', () => {
  it('is taken when its key and its authority are pinned', () => {
    expect(judge(ders(leafOf(), ca))).toBeUndefined();
    const other = makeAuthority('ca.la');
    expect(
      judge(ders(leafOf(), ca), { ca: [other.cert, ca.cert], spki: [pinOf(makeKey()), ...pins.spki] }),
    ).toBeUndefined();
    expect(spkiDigest(derOf(leafOf().cert))).toBe(pinOf(key));
  });

  it('is taken with up to three authorities between, and not with one more', () => {
    const list = [ca];
    while (list.length < MAX_CHAIN) list.unshift(makeIntermediate(`i${list.length}`, list[0]!));
    const pinned = { ca: list.map(({ cert }) => cert) };
    const chainFrom = (at: number) =>
      ders(makeCertificate('vn', list[at]!, days(30), { privateKey: key }), ...list.slice(at));
    expect(judge(chainFrom(1), pinned)).toBeUndefined();
    expect(chainFrom(1)).toHaveLength(MAX_CHAIN);
    expect(judge(chainFrom(0), pinned)).toBe('chain_too_long');
  });

  it('is refused with an authority between that is only sent along', () => {
    const between = makeIntermediate('i', ca);
    const chain = ders(makeCertificate('vn', between, days(30), { privateKey: key }), between, ca);
    expect(judge(chain)).toBe('authority_not_pinned');
    expect(judge(chain, { ca: [between.cert] })).toBe('authority_not_pinned');
    expect(judge(chain, { ca: [between.cert, ca.cert] })).toBeUndefined();
  });

  it('is none without a certificate', () => {
    expect(judge([])).toBe('no_certificate');
  });

  it.each<[string, () => readonly Uint8Array[]]>([
    ['key_not_pinned', () => ders(leafOf({ privateKey: makeKey() }), ca)],
    ['authority_not_pinned', () => ders(leafOf(), makeAuthority('ca.vn'))],
    ['authority_not_pinned', () => ders(leafOf())],
    ['leaf_is_authority', () => ders(leafOf({ extensions: [basicConstraints({ ca: true })] }), ca)],
  ])('is refused as %s', (fault, chain) => {
    expect(judge(chain())).toBe(fault);
  });

  // OpenSSL takes a certificate for an authority when its usage says so, whatever its constraints leave out.
  it('is refused when the pinned authority does not say that it is one', () => {
    const privateKey = makeKey();
    const root = issue({ name: 'ca.vn', privateKey, extensions: [keyUsage(CERT_SIGN)] });
    const leaf = makeCertificate('vn', { name: 'ca.vn', privateKey }, days(30), { privateKey: key });
    expect(judge(ders(leaf, root), { ca: [root.cert] })).toBe('issuer_is_no_authority');
  });

  it('is in time from its first second to its last', () => {
    const leaf = leafOf({ from: new Date('2026-11-01T00:00:00Z'), until: new Date('2026-11-30T23:59:59Z') });
    const at = (time: string) => judge(ders(leaf, makeRoot()), { ca: [makeRoot().cert] }, new Date(time));
    expect(at('2026-10-31T23:59:59.999Z')).toBe('out_of_time');
    expect(at('2026-11-01T00:00:00Z')).toBeUndefined();
    expect(at('2026-11-30T23:59:59Z')).toBeUndefined();
    expect(at('2026-11-30T23:59:59.001Z')).toBe('out_of_time');
  });

  it('ends when the first of its certificates does', () => {
    const until = new Date(days(1).setMilliseconds(0));
    const between = makeIntermediate('i', ca, { until });
    expect(endOfChain(ders(leafOf(), between, ca))).toEqual(until);
  });

  it('is out of time when one of its issuers is', () => {
    expect(judgeBelow({ until: days(-1) })).toBe('out_of_time');
    expect(judgeBelow({ from: days(1) })).toBe('out_of_time');
    expect(judgeBelow({})).toBeUndefined();
  });
});

/** An authority that has been one for ever. */
function makeRoot(): Certificate {
  return (root ??= issue({
    name: 'ca.old',
    privateKey: ca.privateKey,
    from: new Date('2020-01-01T00:00:00Z'),
    until: new Date('2060-01-01T00:00:00Z'),
    extensions: authorityExtensions(ca.privateKey),
  }));
}
let root: Certificate | undefined;

describe('serial numbers', () => {
  const withSerial = (...octets: readonly number[]) => judge(ders(leafOf({ serial: Buffer.from(octets) }), ca));

  it('are positive numbers of at most 20 octets', () => {
    expect(withSerial(1)).toBeUndefined();
    expect(withSerial(0x10)).toBeUndefined();
    expect(withSerial(...Array.from({ length: 20 }, () => 0x7f))).toBeUndefined();
    expect(withSerial(0)).toBe('odd_serial');
    expect(withSerial(0x81, 2)).toBe('odd_serial');
    expect(withSerial(...Array.from({ length: 21 }, () => 1))).toBe('odd_serial');
  });

  it('are looked at in the issuers too', () => {
    expect(judgeBelow({ serial: Buffer.from([0]) })).toBe('odd_serial');
  });
});

describe('the strength of a key', () => {
  const rsa = (modulusLength: number, publicExponent = 65537) =>
    generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey;
  const pss = () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
  const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
  const judgeKey = (privateKey: KeyObject) => judge(ders(leafOf({ privateKey }), ca), { spki: [pinOf(privateKey)] });

  it.each<[string, () => KeyObject]>([
    ['P-256', () => curve('P-256')],
    ['P-384', () => curve('P-384')],
    ['P-521', () => curve('P-521')],
    ['Ed25519', () => generateKeyPairSync('ed25519').privateKey],
    ['Ed448', () => generateKeyPairSync('ed448').privateKey],
    ['RSA of 2048 bits', () => rsa(2048)],
    ['RSA-PSS of 2048 bits', pss],
  ])('is enough: %s', (_, made) => {
    expect(judgeKey(made())).toBeUndefined();
  });

  it.each<[string, () => KeyObject]>([
    ['RSA of 2047 bits, which OpenSSL rounds up', () => rsa(2047)],
    ['RSA of 1024 bits', () => rsa(1024)],
    ['RSA with the exponent 3', () => rsa(2048, 3)],
    ['secp256k1, which TLS 1.3 has not', () => curve('secp256k1')],
    ['X25519, which cannot sign', () => generateKeyPairSync('x25519').privateKey],
    ['DSA', () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey],
  ])('is not: %s', (_, made) => {
    expect(judgeKey(made())).toBe('weak_key');
  });

  it('counts in the issuers too', () => {
    const privateKey = rsa(1024);
    expect(judgeBelow({ privateKey })).toBe('weak_key');
  });
});

describe('an authority', () => {
  const between = makeIntermediate('i', ca);

  it('is one certificate that says so, self-signed or beside its issuer', () => {
    expect(faultOfAuthority(ca.cert, [])).toBeUndefined();
    expect(faultOfAuthority(between.cert, [between.cert, ca.cert])).toBeUndefined();
  });

  it.each<[string, () => string]>([
    ['unreadable', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['unreadable', () => ca.key],
    ['issuer_is_no_authority', () => issue({ name: 'ca', extensions: leafExtensions() }).cert],
    ['not_anchored', () => between.cert],
    ['not_anchored', () => makeIntermediate('ca.la', { ...ca, privateKey: makeKey() }).cert],
    ['weak_key', () => makeAuthority('ca', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey).cert],
  ])('is refused as %s', (fault, pem) => {
    expect(faultOfAuthority(pem(), [makeAuthority('ca.vn').cert])).toBe(fault);
  });

  it('is known byte by byte', () => {
    const renewed = issue({ name: 'ca.vn', privateKey: ca.privateKey, extensions: authorityExtensions(ca.privateKey) });
    expect(isCertificate(ca.cert, derOf(ca.cert))).toBe(true);
    expect(isCertificate(ca.cert.replaceAll('\n', '\r\n'), derOf(ca.cert))).toBe(true);
    expect(isCertificate(renewed.cert, derOf(ca.cert))).toBe(false);
  });
});

describe('the chain of a TLS peer', () => {
  interface Presented {
    readonly raw: Uint8Array;
    issuerCertificate?: Presented;
  }
  const presented = (...raws: readonly Uint8Array[]) =>
    raws.reduceRight<Presented | undefined>(
      (issuerCertificate, raw) => ({ raw, ...(issuerCertificate && { issuerCertificate }) }),
      undefined,
    );

  it('is read from the leaf to the root, which is its own issuer', () => {
    const [leaf, top] = ders(leafOf(), ca) as [Buffer, Buffer];
    const chain = presented(leaf, top)!;
    chain.issuerCertificate!.issuerCertificate = chain.issuerCertificate!;
    expect(chainOf(chain)).toEqual([leaf, top]);
    expect(chainOf(presented(leaf))).toEqual([leaf]);
  });

  it('is empty where nothing was presented', () => {
    expect(chainOf(undefined)).toEqual([]);
    expect(chainOf({} as Presented)).toEqual([]);
  });

  it('ends one above the longest that is followed, also in a loop', () => {
    const one: Presented = { raw: Buffer.from([1]) };
    one.issuerCertificate = { raw: Buffer.from([2]), issuerCertificate: one };
    expect(chainOf(one).map(([byte]) => byte)).toEqual([1, 2, 1, 2, 1, 2]);
  });
});

it('settles TLS for both sides, and by nothing that a header or the environment says', () => {
  expect(TLS_SETTINGS).toEqual({
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ciphers: 'DEFAULT@SECLEVEL=2',
    secureOptions: 0x4000,
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
});

it('reads what other tools write', () => {
  // The fixture writes DER by hand; a certificate of it is one for OpenSSL too.
  const { subject, issuer, ca: isCa } = new X509Certificate(leafOf().cert);
  expect({ subject, issuer, isCa }).toEqual({ subject: 'CN=vn', issuer: 'CN=ca.vn', isCa: false });
  expect(new X509Certificate(leafOf().cert).checkPrivateKey(createPrivateKey(leafOf().key))).toBe(true);
  expect([DIGITAL_SIGNATURE, issuedWith(ca).length > 0]).toEqual([0x80, true]);
});
