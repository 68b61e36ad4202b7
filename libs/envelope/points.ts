import { decodeBase64url } from './base64url';
import type { Jwk } from './algorithms';

const COORDINATE_BYTES = 32;

/** P-256 (SEC 2 §2.4.2): y² = x³ − 3x + b over the integers modulo p. */
const P256 = {
  p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
};

/** X25519 (RFC 7748 §4.1): coordinates modulo p, of which five lead to the secret zero whatever they are multiplied with. */
const X25519_P = 2n ** 255n - 19n;
const LOW_ORDER: readonly bigint[] = [
  0n,
  1n,
  X25519_P - 1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
];

/** True when `point` is one that a key on `curve` can agree on a secret with. OpenSSL checks again when it does. */
export function isPointOn(curve: string, point: Jwk | undefined): boolean {
  if (point?.crv !== curve) return false;
  try {
    if (curve === 'X25519') return point.kty === 'OKP' && contributes(decodeBase64url(point.x!));
    return point.kty === 'EC' && isOnP256(coordinate(point.x!), coordinate(point.y!));
  } catch {
    // A member that is missing or no base64url.
    return false;
  }
}

/** True when X25519 makes a secret of this coordinate, and not zero (RFC 7748 §6.1). */
export function contributes(u: Uint8Array): boolean {
  if (u.length !== COORDINATE_BYTES) return false;
  // The highest bit is not looked at (RFC 7748 §5).
  const value = BigInt(`0x${Buffer.from(u).reverse().toString('hex')}`) & (2n ** 255n - 1n);
  return !LOW_ORDER.includes(value % X25519_P);
}

function coordinate(text: string): bigint {
  const bytes = decodeBase64url(text);
  return bytes.length === COORDINATE_BYTES ? BigInt(`0x${Buffer.from(bytes).toString('hex')}`) : P256.p;
}

function isOnP256(x: bigint, y: bigint): boolean {
  const { p, b } = P256;
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}
