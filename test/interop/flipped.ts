const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The token with one bit changed in the middle of a segment, still canonical base64url. */
export function flipped(token: string, segment: number): string {
  const segments = token.split('.');
  const text = segments[segment]!;
  const at = Math.floor(text.length / 2);
  const changed = ALPHABET.charAt(ALPHABET.indexOf(text.charAt(at)) ^ 1);
  return segments.with(segment, text.slice(0, at) + changed + text.slice(at + 1)).join('.');
}
