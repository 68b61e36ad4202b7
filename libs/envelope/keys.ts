import { importJWK, type CryptoKey, type JWK } from 'jose';
import * as HPKE from 'hpke';
import { TraoError } from '../errors';
import { signatureAlgorithmOf, suiteOf, type Jwk, type SignatureAlgorithm, type Suite } from './algorithms';
import { decodeBase64url } from './base64url';

/** A key that signs (private) or verifies (public), ready for use. */
export interface SignatureKey {
  readonly kid: string;
  readonly algorithm: SignatureAlgorithm;
  readonly key: CryptoKey;
}

/** A key that encrypts to (public) or opens for (private) a unit, ready for use. */
export type EncryptionKey =
  | { readonly kid: string; readonly suite: 'hybrid'; readonly key: HPKE.Key }
  | { readonly kid: string; readonly suite: 'classic'; readonly key: CryptoKey };

/** HPKE-10 of draft-skokan-jose-hpke-pq-pqt. */
export const HYBRID = new HPKE.CipherSuite(HPKE.KEM_MLKEM768_X25519, HPKE.KDF_SHAKE256, HPKE.AEAD_AES_256_GCM);

/**
 * Imports a signature key, public or private, from its JWK.
 * @throws TraoError `bad_key` when the kind of key is not in the algorithm table or the key is malformed
 */
export async function importSignatureKey(kid: string, jwk: Jwk): Promise<SignatureKey> {
  const algorithm = signatureAlgorithmOf(jwk);
  if (!algorithm) throw new TraoError('bad_key', { detail: kid });
  try {
    return { kid, algorithm, key: (await importJWK(jwk as JWK, algorithm)) as CryptoKey };
  } catch (cause) {
    throw new TraoError('bad_key', { detail: kid, cause });
  }
}

/**
 * Imports an encryption key, public or private, from its JWK.
 * @throws TraoError `bad_key` when the kind of key is not in the algorithm table or the key is malformed
 */
export async function importEncryptionKey(kid: string, jwk: Jwk): Promise<EncryptionKey> {
  const suite: Suite | undefined = suiteOf(jwk);
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
