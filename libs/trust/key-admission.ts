import { createPublicKey, diffieHellman, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { TraoError } from '../errors';
import {
  decodeBase64url,
  digestOf,
  encodeBase64url,
  signatureAlgorithmOf,
  SUITES,
  suiteOf,
  type Jwk,
} from '../envelope';

/** What a key in the directory is for. A key serves exactly one use. */
export type KeyUse = 'governance' | 'receipt' | 'signing' | 'encryption';

const MIN_RSA_BITS = 3072;
const RSA_EXPONENT = 65537n;
/** ML-KEM-768 (1184 bytes), then X25519 (32 bytes). */
const HYBRID_BYTES = 1216;
const X25519_BYTES = 32;
/** What a key may say about itself besides being a key. */
const REMARKS = ['alg', 'use', 'kid'];

/**
 * Key admission: which public keys may enter the directory. A policy of its own, apart from the algorithm table.
 * - only the kinds of the table: no `oct` (RFC 8725 §2.1: algorithm confusion), no unknown curve;
 * - `alg` and `use`, where the key names them, are those that it is listed for (RFC 8725 §3.1);
 * - one spelling per key and no member too many: neither a private one, nor a second form that hides a key in two uses;
 * - RSA ≥ 3072 bits (NIST SP 800-57 part 1, 128-bit strength) with e = 65537 (small exponents have forged signatures);
 * - points must lie on their curve (invalid-curve attacks): OpenSSL checks that on import; none of low order.
 * That a hybrid key is a sound ML-KEM key is checked by the HPKE library on import.
 * @throws TraoError `bad_key`
 */
export function admitKey(kid: string, jwk: Jwk, use: KeyUse): void {
  let sound: boolean;
  try {
    sound = isOfUse(jwk, use) && (jwk.kty === 'AKP' ? isSoundHybrid(jwk) : isSound(jwk));
  } catch (cause) {
    throw new TraoError('bad_key', { detail: kid, cause });
  }
  if (!sound) throw new TraoError('bad_key', { detail: kid });
}

/** SHA-256 of the key's SubjectPublicKeyInfo, base64url, as TLS keys are pinned; undefined for kinds that TLS has not. */
export function pinOf(jwk: Jwk): string | undefined {
  return jwk.kty === 'AKP' ? undefined : digestOf(importKey(jwk).export({ type: 'spki', format: 'der' }));
}

function isOfUse(jwk: Jwk, use: KeyUse): boolean {
  const suite = suiteOf(jwk);
  const algorithm = use === 'encryption' ? suite && SUITES[suite].alg : signatureAlgorithmOf(jwk);
  const purpose = use === 'encryption' ? 'enc' : 'sig';
  const { alg = algorithm, use: named = purpose } = jwk;
  return algorithm !== undefined && alg === algorithm && named === purpose;
}

function isSound(jwk: Jwk): boolean {
  const key = importKey(jwk);
  if (jwk.kty === 'RSA') {
    const { modulusLength, publicExponent } = key.asymmetricKeyDetails!;
    if (modulusLength! < MIN_RSA_BITS || publicExponent !== RSA_EXPONENT) return false;
  }
  if (jwk.crv === 'X25519') assertContributes(key);
  return isCanonical(jwk, key.export({ format: 'jwk' }));
}

function isSoundHybrid(jwk: Jwk): boolean {
  const bytes = decodeBase64url(jwk.pub ?? '');
  const x = encodeBase64url(bytes.subarray(-X25519_BYTES));
  assertContributes(importKey({ kty: 'OKP', crv: 'X25519', x }));
  return bytes.length === HYBRID_BYTES && isCanonical(jwk, { kty: jwk.kty, pub: jwk.pub });
}

/** X25519 takes a few points to zero whatever the secret (RFC 7748 §6.1): OpenSSL throws, so nothing could be sealed. */
function assertContributes(publicKey: KeyObject): void {
  diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey });
}

/** Each member of the key is one of its canonical form, spelt as there. That none is missing is checked on import. */
function isCanonical(jwk: object, canonical: object): boolean {
  const spelling = new Map<string, unknown>(Object.entries(canonical));
  return Object.entries(jwk).every(([member, value]) => REMARKS.includes(member) || spelling.get(member) === value);
}

const importKey = (jwk: Jwk) => createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
