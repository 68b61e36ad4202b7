import { createPrivateKey, createPublicKey, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import * as HPKE from 'hpke';
import { TraoError } from '../errors';
import { SIGNATURE_ALGORITHMS, signatureAlgorithmOf, type Jwk, type SignatureAlgorithm } from './algorithms';
import { decodeBase64url } from './base64url';
import { suiteOf } from './suites';

/** A key that signs. It may live in a hardware module: all that is asked of it is a signature. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: SignatureAlgorithm;
  /** The signature of `data` as JWS has it (RFC 7518 §3): raw bytes, for ES256 r and s. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A public key that verifies, ready for use. */
export interface VerificationKey {
  readonly kid: string;
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
}

/** A key that encrypts to (public) or opens for (private) a unit, ready for use. */
export type EncryptionKey =
  | { readonly kid: string; readonly suite: 'hybrid'; readonly key: HPKE.Key }
  | { readonly kid: string; readonly suite: 'classic'; readonly key: CryptoKey };

/** HPKE-10 of draft-skokan-jose-hpke-pq-pqt. */
export const HYBRID = new HPKE.CipherSuite(HPKE.KEM_MLKEM768_X25519, HPKE.KDF_SHAKE256, HPKE.AEAD_AES_256_GCM);

/**
 * Imports a private signature key from its JWK.
 * @throws TraoError `bad_key` when the kind of key is not in the algorithm table or the key is malformed
 */
export async function importSigningKey(kid: string, jwk: Jwk): Promise<SigningKey> {
  const { algorithm, key } = importSignatureKey(kid, jwk, createPrivateKey);
  const { digest, parameters } = SIGNATURE_ALGORITHMS[algorithm];
  return { kid, algorithm, sign: async (data) => sign(digest, data, { key, ...parameters }) };
}

/**
 * Imports a public signature key from its JWK.
 * @throws TraoError `bad_key` when the kind of key is not in the algorithm table or the key is malformed
 */
export async function importVerificationKey(kid: string, jwk: Jwk): Promise<VerificationKey> {
  return { kid, ...importSignatureKey(kid, jwk, createPublicKey) };
}

type ImportKey = (input: { key: JsonWebKey; format: 'jwk' }) => KeyObject;

function importSignatureKey(kid: string, jwk: Jwk, importKey: ImportKey) {
  const algorithm = signatureAlgorithmOf(jwk);
  if (!algorithm) throw new TraoError('bad_key', { detail: kid });
  try {
    return { algorithm, key: importKey({ key: jwk as JsonWebKey, format: 'jwk' }) };
  } catch (cause) {
    throw new TraoError('bad_key', { detail: kid, cause });
  }
}

/**
 * Imports an encryption key, public or private, from its JWK.
 * @throws TraoError `bad_key` when the kind of key is not in the table of suites or the key is malformed
 */
export async function importEncryptionKey(kid: string, jwk: Jwk): Promise<EncryptionKey> {
  const suite = suiteOf(jwk);
  try {
    if (suite === 'hybrid') return { kid, suite, key: await importHybrid(jwk) };
    if (suite === 'classic') {
      return { kid, suite, key: (await importJWK(jwk as JWK, 'ECDH-ES')) as CryptoKey };
    }
  } catch (cause) {
    throw new TraoError('bad_key', { detail: kid, cause });
  }
  throw new TraoError('bad_key', { detail: kid });
}

function importHybrid(jwk: Jwk): Promise<HPKE.Key> {
  if (jwk.priv !== undefined) return HYBRID.DeserializePrivateKey(decodeBase64url(jwk.priv), false);
  return HYBRID.DeserializePublicKey(decodeBase64url(jwk.pub ?? ''));
}
