import { CompactEncrypt } from 'jose';
import { encodeBase64url } from './base64url';
import type { Header } from './compact';
import { HYBRID, type EncryptionKey } from './keys';
import { SUITES } from './suites';

/** Encrypts to a public key; the protected header is authenticated with it. Answers the compact JWE. */
export async function encryptCompact(header: Header, plaintext: Uint8Array, key: EncryptionKey): Promise<string> {
  if (key.suite === 'classic') {
    return new CompactEncrypt(plaintext)
      .setProtectedHeader({ ...header, alg: SUITES.classic.alg, enc: SUITES.classic.enc })
      .encrypt(key.key);
  }
  const protectedHeader = encodeBase64url(Buffer.from(JSON.stringify(header)));
  const aad = Buffer.from(protectedHeader, 'ascii');
  const { encapsulatedSecret, ciphertext } = await HYBRID.Seal(key.key, plaintext, { aad });
  // Integrated encryption: IV and tag segments stay empty, the tag is inside the ciphertext.
  return `${protectedHeader}.${encodeBase64url(encapsulatedSecret)}..${encodeBase64url(ciphertext)}.`;
}
