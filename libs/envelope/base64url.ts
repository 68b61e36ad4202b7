import { TraoError } from '../errors';

const ALPHABET = /^[A-Za-z0-9_-]+$/;

/** Base64url without padding of `bytes` (RFC 4648 §5). */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * Decodes canonical base64url. Node's own decoder takes padding, white space, `+/` and stray trailing bits, so one signature
 * would have many spellings; here each byte string has exactly one (RFC 4648 §3.5, RFC 8725 §2.4).
 * @throws TraoError `not_canonical`
 */
export function decodeBase64url(text: string): Uint8Array {
  if (!ALPHABET.test(text)) throw new TraoError('not_canonical');
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new TraoError('not_canonical');
  return bytes;
}
