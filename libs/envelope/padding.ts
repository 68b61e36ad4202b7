import { TraoError } from '../errors';

/** Below this every message has one size, so that a ping, an acknowledgement and a decline look alike. */
export const PADDING_FLOOR = 2048;
const PREFIX = 4;

/**
 * The Padmé length for `length` bytes: at most 12 % more, and only O(log log n) bits of the size leak
 * (Nikitin et al., PURBs, PETS 2019, §4). Never less than the floor.
 */
export function padmeLength(length: number): number {
  if (length <= PADDING_FLOOR) return PADDING_FLOOR;
  const exponent = Math.floor(Math.log2(length));
  const lastBits = exponent - (Math.floor(Math.log2(exponent)) + 1);
  const unit = 2 ** lastBits;
  return Math.ceil(length / unit) * unit;
}

/** Four bytes of length (big endian), the content, then zeros up to the Padmé length of both. */
export function pad(content: Uint8Array): Uint8Array {
  const padded = Buffer.alloc(padmeLength(PREFIX + content.byteLength));
  padded.writeUInt32BE(content.byteLength, 0);
  padded.set(content, PREFIX);
  return padded;
}

/**
 * The content of a padded block. There is exactly one padded form of a content: another length or a byte other than zero
 * behind it is refused, so that the padding cannot carry anything.
 * @throws TraoError `bad_padding`
 */
export function unpad(padded: Uint8Array): Uint8Array {
  if (padded.byteLength < PADDING_FLOOR) throw new TraoError('bad_padding');
  const block = Buffer.from(padded.buffer, padded.byteOffset, padded.byteLength);
  const end = PREFIX + block.readUInt32BE(0);
  if (end > block.byteLength || padmeLength(end) !== block.byteLength) throw new TraoError('bad_padding');
  if (!block.subarray(end).every((byte) => byte === 0)) throw new TraoError('bad_padding');
  return block.subarray(PREFIX, end);
}
