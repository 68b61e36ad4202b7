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
import { isFactorable, modulusOf } from './weak-rsa';

/** What a key in the directory is for. A key serves exactly one use. */
export type KeyUse = 'governance' | 'receipt' | 'signing' | 'encryption';

/** Why a key of a kind that is otherwise not taken is taken all the same; stands in the directory, where all partners see it. */
export type KeyException = 'national_hsm_rsa_only';

interface Admission {
  readonly kty: string;
  /** The curve, or the algorithm of a key that has none; undefined where `kty` says all. */
  readonly kind: string | undefined;
  readonly uses: readonly KeyUse[];
  readonly exception?: KeyException;
  /** What import alone does not check. */
  readonly sound: (key: KeyObject) => boolean;
}

const MIN_RSA_BITS = 3072;
const RSA_EXPONENT = 65537n;
/** ML-KEM-768 (1184 bytes), then X25519 (32 bytes). */
const HYBRID_BYTES = 1216;
const X25519_BYTES = 32;
/** What a key may say about itself besides being a key. */
const REMARKS = ['alg', 'use', 'kid'];
const SIGNING = ['governance', 'receipt', 'signing'] as const;
const always = () => true;

/**
 * Key admission: which public keys may enter the directory, a row per kind. A policy of its own, apart from the algorithm tables.
 * No row, no key: no `oct` (RFC 8725 §2.1: algorithm confusion), no unknown curve.
 */
const ADMISSIONS: readonly Admission[] = [
  /** The default. That the point lies on the curve (invalid-curve attacks) OpenSSL checks on import. */
  { kty: 'EC', kind: 'P-256', uses: [...SIGNING, 'encryption'], sound: always },
  { kty: 'OKP', kind: 'Ed25519', uses: SIGNING, sound: always },
  /** A few points go to zero whatever the secret is (RFC 7748 §6.1). */
  { kty: 'OKP', kind: 'X25519', uses: ['encryption'], sound: contributes },
  /** ML-KEM-768 and X25519. The X25519 half stands for the key here; that the other is sound the HPKE library checks on import. */
  { kty: 'AKP', kind: SUITES.hybrid.alg, uses: ['encryption'], sound: contributes },
  /**
   * Only where the directory entry says that a national HSM offers nothing else (protocol §1), and only to sign messages. At least
   * 3072 bits (NIST SP 800-57 part 1: 128-bit strength) and e = 65537 (small exponents have forged signatures), and a modulus that
   * does not itself tell its factors: modules have made such keys.
   */
  { kty: 'RSA', kind: undefined, uses: ['signing'], exception: 'national_hsm_rsa_only', sound: isStrongRsa },
];

/**
 * Checks a public key against the table, and that it has one spelling and no member too many: neither a private one, nor a second
 * form that hides a key in two uses; and that `alg` and `use`, where the key names them, are those that it is listed for
 * (RFC 8725 §3.1).
 * @param exception what the directory entry says about the key
 * @throws TraoError `bad_key`
 */
export function admitKey(kid: string, jwk: Jwk, use: KeyUse, exception?: KeyException): void {
  const row = ADMISSIONS.find(({ kty, kind }) => kty === jwk.kty && kind === (jwk.kty === 'AKP' ? jwk.alg : jwk.crv));
  if (!row?.uses.includes(use) || row.exception !== exception) throw new TraoError('bad_key', { detail: kid });
  let sound: boolean;
  try {
    sound = says(jwk, use) && row.sound(classicPart(jwk)) && isCanonical(jwk);
  } catch (cause) {
    throw new TraoError('bad_key', { detail: kid, cause });
  }
  if (!sound) throw new TraoError('bad_key', { detail: kid });
}

/** SHA-256 of the key's SubjectPublicKeyInfo, base64url, as TLS keys are pinned; undefined for kinds that TLS has not. */
export function pinOf(jwk: Jwk): string | undefined {
  return jwk.kty === 'AKP' ? undefined : digestOf(importKey(jwk).export({ type: 'spki', format: 'der' }));
}

/** What the key says of itself is what it is listed for. */
function says(jwk: Jwk, use: KeyUse): boolean {
  const forEncryption = use === 'encryption';
  const algorithm = forEncryption ? SUITES[suiteOf(jwk)!].alg : signatureAlgorithmOf(jwk);
  const { alg = algorithm, use: named = forEncryption ? 'enc' : 'sig' } = jwk;
  return alg === algorithm && named === (forEncryption ? 'enc' : 'sig');
}

/** The key as OpenSSL knows it; of a hybrid key the half that OpenSSL can import from JSON. */
function classicPart(jwk: Jwk): KeyObject {
  if (jwk.kty !== 'AKP') return importKey(jwk);
  const bytes = decodeBase64url(jwk.pub ?? '');
  if (bytes.length !== HYBRID_BYTES) throw new TraoError('bad_key');
  return importKey({ kty: 'OKP', crv: 'X25519', x: encodeBase64url(bytes.subarray(-X25519_BYTES)) });
}

/** OpenSSL throws where the shared secret would be zero. */
function contributes(publicKey: KeyObject): boolean {
  diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey });
  return true;
}

function isStrongRsa(key: KeyObject): boolean {
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails!;
  return (
    modulusLength! >= MIN_RSA_BITS &&
    publicExponent === RSA_EXPONENT &&
    !isFactorable(modulusOf(key.export({ format: 'jwk' }).n!))
  );
}

/** Each member of the key is one of its canonical form, spelt as there. That none is missing is checked on import. */
function isCanonical(jwk: Jwk): boolean {
  const canonical = jwk.kty === 'AKP' ? { kty: jwk.kty, pub: jwk.pub } : importKey(jwk).export({ format: 'jwk' });
  const spelling = new Map<string, unknown>(Object.entries(canonical));
  return Object.entries(jwk).every(([member, value]) => REMARKS.includes(member) || spelling.get(member) === value);
}

const importKey = (jwk: Jwk) => createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
