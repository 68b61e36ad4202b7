import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { Jwk } from '../../../libs/envelope';

/** SubjectPublicKeyInfo of a public key, DER. */
export const spkiOf = (jwk: Jwk): Buffer =>
  createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'der' });
