import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type JsonWebKey,
} from 'node:crypto';
import { TraoError } from '../errors';
import { digestOf, encodeBase64url, generateKeyPair, signatureAlgorithmOf, suiteOf, type Jwk } from '../envelope';
import { KINDS_OF_USE, type StoredKind, type StoredUse } from './key-record';

/** A key with both halves; a storage key has no public one. */
export interface KeyPair {
  readonly privateJwk: Jwk;
  readonly publicJwk: Jwk | undefined;
}

const RSA_BITS = 3072;
const STORAGE_BYTES = 32;
const KID_LENGTH = 16;

export async function makeKeyPair(kind: StoredKind): Promise<KeyPair> {
  if (kind === 'A256') {
    return { privateJwk: { kty: 'oct', k: encodeBase64url(randomBytes(STORAGE_BYTES)) }, publicJwk: undefined };
  }
  if (kind !== 'PS256') return generateKeyPair(kind);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return {
    privateJwk: privateKey.export({ format: 'jwk' }) as Jwk,
    publicJwk: publicKey.export({ format: 'jwk' }) as Jwk,
  };
}

/**
 * Both halves of a private key, the public one in its canonical form.
 * @throws TraoError `bad_key`
 */
export function pairOf(privateJwk: Jwk): KeyPair {
  const { kty, alg = '', pub = '', priv, k } = privateJwk;
  try {
    if (kty === 'oct') {
      const bytes = Buffer.from(k ?? '', 'base64url');
      if (bytes.length !== STORAGE_BYTES) throw new TraoError('bad_key', { detail: 'A storage key has 32 bytes.' });
      return { privateJwk: { kty, k: encodeBase64url(bytes) }, publicJwk: undefined };
    }
    if (kty === 'AKP') {
      if (priv === undefined) throw new TraoError('bad_key', { detail: 'It has no private part.' });
      const publicJwk = { kty, alg, pub };
      return { privateJwk: { ...publicJwk, priv }, publicJwk };
    }
    const key = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' });
    return {
      privateJwk: key.export({ format: 'jwk' }) as Jwk,
      publicJwk: createPublicKey(key).export({ format: 'jwk' }) as Jwk,
    };
  } catch (cause) {
    if (cause instanceof TraoError) throw cause;
    // Without the cause: OpenSSL's words may hold parts of a key.
    throw new TraoError('bad_key', { detail: 'It is no private key of a known kind.' });
  }
}

/** @throws TraoError `bad_key` when the use takes no such kind */
export function kindOf(publicJwk: Jwk | undefined, use: StoredUse): StoredKind {
  const kind =
    publicJwk === undefined ? 'A256' : use === 'encryption' ? suiteOf(publicJwk) : signatureAlgorithmOf(publicJwk);
  if (kind && KINDS_OF_USE[use].includes(kind)) return kind;
  const what = kind ?? [publicJwk?.kty, publicJwk?.crv].filter(Boolean).join(' ');
  throw new TraoError('bad_key', { detail: `${use} takes ${KINDS_OF_USE[use].join(', ')} and no ${what}.` });
}

/** The id of a new key: of its public half; it can stand in a command without being taken for an option. */
export function kidOf(publicJwk: Jwk): string {
  return digestOf(JSON.stringify(publicJwk)).replaceAll(/[-_]/g, '').slice(0, KID_LENGTH);
}

/** A digest that names a storage key and tells nothing about it. */
export function checkOf({ k = '' }: Jwk): string {
  const secret = Buffer.from(k, 'base64url');
  return encodeBase64url(new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), 'trao storage key check', 32)));
}
