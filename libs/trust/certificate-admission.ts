import { X509Certificate, type AsymmetricKeyDetails } from 'node:crypto';
import { digestOf } from '../envelope';
import type { DirectoryNode } from '../schema';

/** What the directory pins for the TLS of a node. */
export type TlsPins = DirectoryNode['tls'];

/** Why a chain that OpenSSL has verified is still not that of a node. */
export type ChainFault =
  | 'no_certificate'
  | 'chain_too_long'
  | 'key_not_pinned'
  | 'authority_not_pinned'
  | 'leaf_is_authority'
  | 'issuer_is_no_authority'
  | 'weak_key'
  | 'odd_serial'
  | 'out_of_time';

/** Why a certificate cannot be the authority of a node. */
export type AuthorityFault = 'unreadable' | 'issuer_is_no_authority' | 'not_anchored' | 'weak_key';

/** The longest chain that is followed: leaf, three authorities, and the pinned one. */
export const MAX_CHAIN = 5;
const MIN_RSA_BITS = 2048;
const MIN_RSA_EXPONENT = 65537n;
/** RFC 5280 §4.1.2.2: positive, and at most 20 octets. */
const SERIAL = /^(?!0+$)[0-9A-F]{1,40}$/;
const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * Which TLS keys are taken: those for which TLS 1.3 has a signature scheme. Security level 2 alone lets RSA of 2047 bits pass, which
 * OpenSSL rounds up, and RSA with e = 3.
 */
const TLS_KEYS: ReadonlyMap<string, (details: AsymmetricKeyDetails) => boolean> = new Map([
  ['ec', ({ namedCurve }) => CURVES.includes(namedCurve)],
  ['ed25519', () => true],
  ['ed448', () => true],
  ['rsa', isStrongRsa],
  ['rsa-pss', isStrongRsa],
]);

/**
 * Judges a chain against what the directory pins for one node: its key is pinned there, and so is every authority above it. Authorities
 * that a peer only sends along count for nothing: nobody has signed for them, and Node.js 24.21 does not show them to a server
 * (nodejs/node#65579). OpenSSL has verified signatures, times and constraints; this adds what it leaves open outside of its strict mode:
 * an authority is no TLS peer, an issuer says that it is an authority, keys are strong, serials are such. Times are looked at again,
 * because a connection may outlive its certificate.
 * @param chain DER, leaf first
 */
export function faultOfChain(pins: TlsPins, chain: readonly Uint8Array[], at: Date): ChainFault | undefined {
  const certificates = chain.map((bytes) => new X509Certificate(bytes));
  const [leaf, ...issuers] = certificates;
  if (!leaf) return 'no_certificate';
  if (!pins.spki.includes(spkiDigest(leaf.raw))) return 'key_not_pinned';
  const pinned = issuers.filter(({ raw }) => pins.ca.some((pem) => isCertificate(pem, raw)));
  if (issuers.length === 0 || pinned.length < issuers.length) return 'authority_not_pinned';
  if (chain.length > MAX_CHAIN) return 'chain_too_long';
  if (leaf.ca) return 'leaf_is_authority';
  if (!issuers.every(({ ca }) => ca)) return 'issuer_is_no_authority';
  if (!certificates.every(isStrong)) return 'weak_key';
  if (!certificates.every(({ serialNumber }) => SERIAL.test(serialNumber))) return 'odd_serial';
  return certificates.every((one) => one.validFromDate <= at && at <= one.validToDate) ? undefined : 'out_of_time';
}

/** When the first certificate of a chain expires. */
export function endOfChain(chain: readonly Uint8Array[]): Date {
  return new Date(Math.min(...chain.map((bytes) => new X509Certificate(bytes).validToDate.getTime())));
}

/**
 * Judges the certificate of an authority, as PEM, before the directory pins it.
 * @param beside all that the directory pins for the same node: one that is not self-signed needs its issuer there
 */
export function faultOfAuthority(pem: string, beside: readonly string[]): AuthorityFault | undefined {
  try {
    const certificate = new X509Certificate(pem);
    if (!certificate.ca) return 'issuer_is_no_authority';
    if (![pem, ...beside].some((issuer) => isIssuedBy(certificate, new X509Certificate(issuer)))) return 'not_anchored';
    return isStrong(certificate) ? undefined : 'weak_key';
  } catch {
    return 'unreadable';
  }
}

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate) =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** True when a PEM holds exactly this certificate. */
export const isCertificate = (pem: string, certificate: Uint8Array) =>
  Buffer.from(pem.replaceAll(/-----[A-Z ]+-----/g, ''), 'base64').equals(certificate);

/** SHA-256 of the SubjectPublicKeyInfo of a DER certificate, base64url (RFC 7469 §2.4). */
export function spkiDigest(certificate: Uint8Array): string {
  return digestOf(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }));
}

/** A certificate as `getPeerCertificate(true)` of node:tls answers it; the root is its own issuer. */
interface PresentedCertificate {
  readonly raw: Uint8Array;
  readonly issuerCertificate?: PresentedCertificate;
}

/** The chain that a TLS peer has presented and OpenSSL has completed, as DER, leaf first; cut one above the longest that is followed. */
export function chainOf(presented: PresentedCertificate | undefined): Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let next = presented; next?.raw && chain.length <= MAX_CHAIN;) {
    chain.push(next.raw);
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}

function isStrong({ publicKey }: X509Certificate): boolean {
  // A public key has both.
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey;
  return TLS_KEYS.get(asymmetricKeyType!)?.(asymmetricKeyDetails!) ?? false;
}

function isStrongRsa({ modulusLength, publicExponent }: AsymmetricKeyDetails): boolean {
  return modulusLength! >= MIN_RSA_BITS && publicExponent! >= MIN_RSA_EXPONENT;
}
