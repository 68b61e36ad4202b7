import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bits, der, integer, NULL, octets, oid, sequence, tagged, time, utf8 } from './certificates-der';
import {
  authorityKeyId,
  basicConstraints,
  CERT_SIGN,
  CLIENT_AUTH,
  DIGITAL_SIGNATURE,
  extendedKeyUsage,
  keyUsage,
  SERVER_AUTH,
  subjectKeyId,
} from './certificates-extensions';

/**
 * X.509 certificates, written as DER by hand (RFC 5280 §4.1): node-forge knows RSA only, takes ten seconds for one under jest, and
 * would not write most of what an attacker writes.
 */
export interface Certificate {
  /** PEM, the leaf first where there are several. */
  readonly cert: string;
  readonly key: string;
  /** The pin of its public key. */
  readonly spki: string;
}

export interface Authority extends Certificate {
  readonly name: string;
  readonly privateKey: KeyObject;
}

type Issuer = Pick<Authority, 'name' | 'privateKey'>;
export type Hash = 'sha256' | 'sha384' | 'sha1' | 'md5';

export interface CertificateSpec {
  readonly name: string;
  /** Default: a new P-256 key. */
  readonly privateKey?: KeyObject | undefined;
  /** Default: itself. */
  readonly issuer?: Issuer;
  readonly hash?: Hash;
  readonly from?: Date;
  readonly until?: Date;
  /** The octets of its serial number. */
  readonly serial?: Uint8Array;
  /** All of them, in order. */
  readonly extensions: readonly Uint8Array[];
}

export const days = (number: number) => new Date(Date.now() + number * 86_400_000);

/** A new private key. */
export function makeKey(kind: 'P-256' | 'P-384' | 'Ed25519' | { readonly rsa: number } = 'P-256'): KeyObject {
  if (kind === 'Ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (typeof kind === 'string') return generateKeyPairSync('ec', { namedCurve: kind }).privateKey;
  return generateKeyPairSync('rsa', { modulusLength: kind.rsa }).privateKey;
}

/** A key id as RFC 5280 §4.2.1.2 proposes it, over the whole key instead of its bits alone. */
const keyIdOf = (key: KeyObject) => createHash('sha1').update(spkiOf(key)).digest();
const spkiOf = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** Extensions of an honest authority. */
export const authorityExtensions = (key: KeyObject, pathLength?: number) => [
  basicConstraints({ ca: true, ...(pathLength !== undefined && { pathLength }) }),
  keyUsage(CERT_SIGN),
  subjectKeyId(keyIdOf(key)),
];

/** Extensions of an honest certificate for TLS servers and clients, beside those that name its issuer's key. */
export const leafExtensions = (...uses: readonly string[]) => [
  basicConstraints({ ca: false }),
  keyUsage(DIGITAL_SIGNATURE),
  ...(uses.length > 0 ? [extendedKeyUsage(...uses)] : []),
];
export const issuedWith = (issuer: Issuer) => authorityKeyId(keyIdOf(issuer.privateKey));

/** A certificate authority of its own. */
export function makeAuthority(name: string, privateKey = makeKey()): Authority {
  return { ...issue({ name, privateKey, extensions: authorityExtensions(privateKey) }), name, privateKey };
}

/** An authority below another one; its certificate alone, as PEM in `cert`. */
export function makeIntermediate(name: string, issuer: Issuer, more: Partial<CertificateSpec> = {}): Authority {
  const privateKey = more.privateKey ?? makeKey();
  const extensions = [...authorityExtensions(privateKey), issuedWith(issuer)];
  return { ...issue({ name, privateKey, issuer, extensions, ...more }), name, privateKey };
}

/** A certificate for TLS servers and clients. @param until default in 30 days */
export function makeCertificate(
  name: string,
  issuer: Issuer,
  until = days(30),
  more: Partial<CertificateSpec> = {},
): Certificate {
  const extensions = [...leafExtensions(SERVER_AUTH, CLIENT_AUTH), issuedWith(issuer)];
  return issue({ name, issuer, until, extensions, ...more });
}

/** The certificate with those that lead to its authority behind it, as a TLS peer presents them. */
export const withChain = (leaf: Certificate, ...issuers: readonly Certificate[]): Certificate => ({
  ...leaf,
  cert: [leaf, ...issuers].map(({ cert }) => cert).join(''),
});

/** A certificate exactly as told, sound or not. */
export function issue(spec: CertificateSpec): Certificate {
  const { name, privateKey = makeKey(), hash = 'sha256', from = days(-60), until = days(30) } = spec;
  const issuer = spec.issuer ?? { name, privateKey };
  const algorithm = signatureAlgorithm(issuer.privateKey, hash);
  const toSign = sequence(
    tagged(0, integer(2)), // version 3
    der(0x02, spec.serial ?? Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer.name),
    sequence(time(from), time(until)),
    nameOf(name),
    spkiOf(privateKey),
    tagged(3, sequence(...spec.extensions)),
  );
  const raw = sequence(toSign, algorithm, bits(signed(toSign, issuer.privateKey, hash)));
  return {
    cert: pemOf(raw),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spki: pinOf(privateKey),
  };
}

/** The pin of a key: of its SubjectPublicKeyInfo, so of the key and not of a certificate. */
export const pinOf = (key: KeyObject) => createHash('sha256').update(spkiOf(key)).digest('base64url');

const nameOf = (text: string) => sequence(der(0x31, sequence(oid('2.5.4.3'), utf8(text))));

const RSA_HASHES = { md5: '4', sha1: '5', sha256: '11', sha384: '12' } as const;
const ECDSA_HASHES = { md5: '1', sha1: '1', sha256: '3.2', sha384: '3.3' } as const;

function signatureAlgorithm(key: KeyObject, hash: Hash): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sequence(oid('1.3.101.112'));
  if (key.asymmetricKeyType === 'rsa') return sequence(oid(`1.2.840.113549.1.1.${RSA_HASHES[hash]}`), NULL);
  return sequence(oid(`1.2.840.10045.4.${ECDSA_HASHES[hash]}`));
}

const signed = (bytes: Uint8Array, key: KeyObject, hash: Hash) =>
  sign(key.asymmetricKeyType === 'ed25519' ? null : hash, bytes, key);

function pemOf(raw: Uint8Array): string {
  const lines = Buffer.from(raw)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** The bytes of the first certificate of a PEM. */
export const derOf = (pem: string) =>
  Buffer.from(pem.split('-----END')[0]!.replace(/-----BEGIN CERTIFICATE-----/, ''), 'base64');

/** The private key of a certificate, to issue another one for it. */
export const keyOf = ({ key }: Certificate) => createPrivateKey(key);

const DATA = oid('1.2.840.113549.1.7.1');
const PKCS12 = '1.2.840.113549.1.12.10.1';
const content = (bytes: Uint8Array) => sequence(DATA, tagged(0, octets(bytes)));
const bag = (kind: number, value: Uint8Array) => sequence(sequence(oid(`${PKCS12}.${kind}`), tagged(0, value)));

/** A certificate with its key as PKCS#12 (RFC 7292), the key encrypted. */
export function makePkcs12(certificate: Certificate, passphrase: string): Buffer {
  const x509 = oid('1.2.840.113549.1.9.22.1');
  const cert = bag(3, sequence(x509, tagged(0, octets(derOf(certificate.cert)))));
  const key = bag(
    2,
    createPrivateKey(certificate.key).export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase }),
  );
  return sequence(integer(3), content(sequence(content(cert), content(key))));
}
