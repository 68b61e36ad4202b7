import { faultAt, TraoError } from '../errors';

/**
 * The text of `bytes`, which must be well-formed UTF-8 without a byte order mark.
 * @throws TraoError invalid_utf8
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new TraoError('invalid_utf8', { faults: [faultAt('', 'byte_order_mark')] });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The cause is dropped: it says nothing more.
    throw new TraoError('invalid_utf8', { faults: [faultAt('', 'not_utf8')] });
  }
}
