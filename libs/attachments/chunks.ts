import { TraoError } from '../errors';
import { decryptAtRest, encryptAtRest } from '../envelope';

/** What encryption adds to a chunk: format byte, IV, tag (`encryptAtRest`). */
export const SEAL_BYTES = 29;

/** The cut of a file: its length and what is in each chunk but the last. */
export interface Cut {
  readonly bytes: number;
  readonly chunkBytes: number;
}

export const chunkCount = ({ bytes, chunkBytes }: Cut): number => Math.ceil(bytes / chunkBytes);

/** The length of a file when all its chunks are sealed. */
export const sealedLength = (cut: Cut): number => cut.bytes + chunkCount(cut) * SEAL_BYTES;

/** Which chunk of which file: no chunk opens in the place of another, and none after the last. */
interface Place {
  readonly fileId: string;
  readonly number: number;
  readonly last: boolean;
}

/**
 * Seals one chunk: AES-256-GCM under the key of the file with a random IV. File, number and whether it is the last are
 * authenticated with it, so chunks cannot be dropped, swapped, repeated, cut off or taken from another file.
 */
export function sealChunk(key: Uint8Array, plain: Uint8Array, place: Place): Uint8Array {
  return encryptAtRest(key, plain, identityOf(place));
}

/** @throws TraoError `file_damaged` for a chunk of another place, file or key, and for changed bytes */
export function openChunk(key: Uint8Array, sealed: Uint8Array, place: Place): Uint8Array {
  try {
    return decryptAtRest(key, sealed, identityOf(place));
  } catch (cause) {
    throw new TraoError('file_damaged', { detail: `chunk ${place.number}`, cause });
  }
}

const identityOf = ({ fileId, number, last }: Place) => ['attachment', fileId, String(number), last ? 'last' : 'more'];

/**
 * Cuts a stream of bytes anew into blocks of `size`; only the last one may be shorter. It never holds more than one block and
 * what came last.
 */
export async function* recut(source: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  const block = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + size - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield Buffer.from(block);
      filled = 0;
    }
  }
  if (filled > 0) yield Buffer.from(block.subarray(0, filled));
}
