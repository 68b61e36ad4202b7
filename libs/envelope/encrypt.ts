import { CompactEncrypt, compactDecrypt } from 'jose';
import { TraoError } from '../errors';
import { encodeBase64url } from './base64url';
import type { Header, Segment } from './compact';
import { HYBRID, type EncryptionKey } from './keys';
import { SUITES } from './algorithms';

const ascii = (text: string) => Buffer.from(text, 'ascii');

/** Encrypts to a public key; the protected header is authenticated with it. Answers the compact JWE. */
export async function encryptCompact(header: Header, plaintext: Uint8Array, key: EncryptionKey): Promise<string> {
  if (key.suite === 'classic') {
    return new CompactEncrypt(plaintext)
      .setProtectedHeader({ ...header, alg: SUITES.classic.alg, enc: SUITES.classic.enc })
      .encrypt(key.key);
  }
  const protectedHeader = encodeBase64url(Buffer.from(JSON.stringify(header)));
  const { encapsulatedSecret, ciphertext } = await HYBRID.Seal(key.key, plaintext, { aad: ascii(protectedHeader) });
  // Integrated encryption: IV and tag segments stay empty, the tag is inside the ciphertext.
  return `${protectedHeader}.${encodeBase64url(encapsulatedSecret)}..${encodeBase64url(ciphertext)}.`;
}

/** Which of the five segments of a compact JWE are empty in a suite. */
export const EMPTY_SEGMENTS = { hybrid: [2, 4], classic: [1] } as const;

/**
 * Decrypts a compact JWE whose header has been read and admitted before.
 * @throws TraoError `undecryptable` for every reason alike, so that nothing tells an attacker which step failed
 */
export async function decryptCompact(segments: readonly Segment[], key: EncryptionKey): Promise<Uint8Array> {
  const [header, encapsulated, , ciphertext] = segments as [Segment, Segment, Segment, Segment];
  try {
    if (key.suite === 'hybrid') {
      return await HYBRID.Open(key.key, encapsulated.bytes, ciphertext.bytes, { aad: ascii(header.text) });
    }
    const token = segments.map((segment) => segment.text).join('.');
    const { plaintext } = await compactDecrypt(token, key.key, {
      keyManagementAlgorithms: [SUITES.classic.alg],
      contentEncryptionAlgorithms: [SUITES.classic.enc],
    });
    return plaintext;
  } catch (cause) {
    throw new TraoError('undecryptable', { cause });
  }
}
