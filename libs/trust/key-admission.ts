import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { TraoError } from '../errors';
import { signatureAlgorithmOf, suiteOf, type Jwk } from '../envelope';

/** What a key in the directory is for. A key serves exactly one use. */
export type KeyUse = 'governance' | 'receipt' | 'signing' | 'encryption';

const MIN_RSA_BITS = 3072;
const RSA_EXPONENT = 65537n;

/**
 * Key admission: which public keys may enter the directory. A policy of its own, apart from the algorithm table.
 * - only the kinds of the table: no `oct` (RFC 8725 §2.1: algorithm confusion), no unknown curve;
 * - RSA ≥ 3072 bits (NIST SP 800-57 part 1, 128-bit strength) with e = 65537 (small exponents have forged signatures);
 * - points must lie on their curve (invalid-curve attacks): OpenSSL checks that on import.
 * @throws TraoError `bad_key`
 */
export function admitKey(kid: string, jwk: Jwk, use: KeyUse): void {
  const kind = use === 'encryption' ? suiteOf(jwk) : signatureAlgorithmOf(jwk);
  if (!kind) throw new TraoError('bad_key', { detail: kid });
  if (jwk.kty === 'AKP') return; // checked by the HPKE library on import; OpenSSL does not know the hybrid form
  const details = importedDetails(kid, jwk);
  if (jwk.kty !== 'RSA') return;
  if ((details?.modulusLength ?? 0) < MIN_RSA_BITS || details?.publicExponent !== RSA_EXPONENT) {
    throw new TraoError('bad_key', { detail: kid });
  }
}

function importedDetails(kid: string, jwk: Jwk) {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).asymmetricKeyDetails;
  } catch (cause) {
    throw new TraoError('bad_key', { detail: kid, cause });
  }
}
