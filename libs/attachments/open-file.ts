import { createHash } from 'node:crypto';
import { TraoError } from '../errors';
import type { MimeType } from '../schema';
import { chunkCount, openChunk, recut, SEAL_BYTES, type Cut } from './chunks';
import { assertFileType, HEAD_BYTES } from './file-type';

/** What opens a file. */
export interface FileKey extends Cut {
  readonly fileId: string;
  readonly key: Uint8Array;
}

/**
 * Opens a sealed file as a stream, one chunk in memory at a time. Each chunk is authenticated before anything of it is given
 * out; that the file is whole is known only at the end.
 * @param sealed its bytes, however they are cut
 * @throws TraoError `file_damaged`
 */
export async function* openFile(file: FileKey, sealed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const count = chunkCount(file);
  let number = 0;
  let bytes = 0;
  for await (const block of recut(sealed, file.chunkBytes + SEAL_BYTES)) {
    const place = { fileId: file.fileId, number, last: number === count - 1 };
    const plain = openChunk(file.key, block, place);
    number += 1;
    bytes += plain.length;
    yield plain;
  }
  if (bytes !== file.bytes) throw damaged('it is not as long as it should be');
}

/** What the message says of a file. */
export interface Promised {
  readonly sha256: string;
  readonly mime: MimeType;
}

/**
 * Reads a sealed file to its end and holds it against what the message says: length, digest, type.
 * @throws TraoError `file_damaged`
 */
export async function verifyFile(
  file: FileKey,
  { sha256, mime }: Promised,
  sealed: AsyncIterable<Uint8Array>,
): Promise<void> {
  const hash = createHash('sha256');
  let first = true;
  for await (const plain of openFile(file, sealed)) {
    if (first) assertPromisedType(mime, plain);
    first = false;
    hash.update(plain);
  }
  if (hash.digest('base64url') !== sha256) throw damaged('its digest is another');
}

function assertPromisedType(mime: MimeType, plain: Uint8Array): void {
  try {
    assertFileType(mime, plain.subarray(0, HEAD_BYTES));
  } catch (cause) {
    throw new TraoError('file_damaged', { detail: 'it is not of the type that it should be', cause });
  }
}

const damaged = (detail: string) => new TraoError('file_damaged', { detail });
