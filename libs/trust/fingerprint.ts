import { decodeBase64url, digestOf, keyThumbprint, type Jwk } from '../envelope';

const DIGITS = 32;
const GROUP = 4;

/**
 * A fingerprint that people of two languages can read to each other over the telephone: digits only, 8 groups of 4. It is the SHA-256 as
 * one unsigned big-endian number, modulo 10^32, with leading zeros: 106 bits, so nobody finds a second document for one.
 * @param digest SHA-256, base64url
 */
export function fingerprintOf(digest: string): string {
  const number = BigInt(`0x${Buffer.from(decodeBase64url(digest)).toString('hex')}`) % 10n ** BigInt(DIGITS);
  const digits = number.toString().padStart(DIGITS, '0');
  return Array.from({ length: DIGITS / GROUP }, (_, at) => digits.slice(at * GROUP, (at + 1) * GROUP)).join(' ');
}

/** The fingerprint of a document: of its bytes as all sign them. */
export const documentFingerprint = (payload: Uint8Array): string => fingerprintOf(digestOf(payload));

/** The fingerprint of a public key: of its thumbprint (RFC 7638), the same for a private key. */
export const keyFingerprint = async (jwk: Jwk): Promise<string> => fingerprintOf(await keyThumbprint(jwk));

/** True when somebody read or typed this fingerprint, whatever stands between the digits. */
export function isFingerprint(typed: string, fingerprint: string): boolean {
  return typed.replaceAll(/[\s.,-]/g, '') === fingerprint.replaceAll(' ', '');
}
