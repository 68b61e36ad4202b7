import { asTraoError, TraoError } from '../../../libs/errors';
import { CHUNK_BYTES, openChunk, recut, SEAL_BYTES, sealChunk } from '../../../libs/attachments';
import {
  admitHeader,
  decryptCompact,
  digestOf,
  encryptCompact,
  exactly,
  newCaseKey,
  parseHeader,
  splitCompact,
  SUITES,
} from '../../../libs/envelope';
import type { RecipientKey } from './recipient';

/**
 * The encrypted file of a backup: a line that names the format, a line with the key of the file as a compact JWE to the recipient, then
 * chunks under that key. Number and "last" are authenticated with each chunk, and so is the digest of the two lines: what was cut off,
 * swapped, repeated or put under another key does not open.
 */
const FORMAT = 'trao-backup/1\n';
const TYPE = 'trao-backup';
const KEY_BYTES = 32;
/** Both lines: the JWE of the largest suite is under 2 kB. */
const MAX_HEAD_BYTES = 4096;
const LINE = 0x0a;

/** Encrypts a stream; never more than two chunks of it are in memory. */
export async function* sealBackup(plain: AsyncIterable<Uint8Array>, to: RecipientKey): AsyncIterable<Uint8Array> {
  const key = newCaseKey();
  const { alg, enc } = SUITES[to.key.suite];
  const header = { alg, ...(enc !== undefined && { enc }), typ: TYPE, kid: to.kid };
  const head = Buffer.from(`${FORMAT}${await encryptCompact(header, key, to.key)}\n`);
  yield head;
  const fileId = digestOf(head);
  let number = 0;
  let held: Uint8Array = new Uint8Array(0);
  for await (const block of recut(plain, CHUNK_BYTES)) {
    if (held.length > 0) yield sealChunk(key, held, { fileId, number: number++, last: false });
    held = block;
  }
  yield sealChunk(key, held, { fileId, number, last: true });
}

/**
 * Decrypts such a file. Each chunk is authenticated before it is given out.
 * @throws TraoError `backup_locked` for a file to another key, `backup_damaged` for one that was changed, cut off or is no backup
 */
export async function* openBackup(sealed: AsyncIterable<Uint8Array>, by: RecipientKey): AsyncIterable<Uint8Array> {
  const { head, rest } = await splitHead(sealed);
  const key = await unwrap(head, by);
  const fileId = digestOf(head);
  let number = 0;
  let held: Uint8Array | undefined;
  for await (const block of recut(rest, CHUNK_BYTES + SEAL_BYTES)) {
    if (held) yield openOne(key, held, { fileId, number: number++, last: false });
    held = block;
  }
  if (!held) throw damaged('It ends too early.');
  yield openOne(key, held, { fileId, number, last: true });
}

function openOne(key: Uint8Array, sealed: Uint8Array, place: Parameters<typeof openChunk>[2]): Uint8Array {
  try {
    return openChunk(key, sealed, place);
  } catch (cause) {
    throw damaged(`Chunk ${place.number} does not open: it was changed, or the file was cut off.`, cause);
  }
}

async function unwrap(head: Buffer, by: RecipientKey): Promise<Uint8Array> {
  const token = head.toString('latin1').slice(FORMAT.length, -1);
  const { alg, enc, empty } = SUITES[by.key.suite];
  let kid: unknown;
  try {
    const header = parseHeader(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url'));
    kid = header['kid'];
    if (kid === by.kid) {
      const members = { alg: exactly(alg), ...(enc !== undefined && { enc: exactly(enc) }), kid: exactly(by.kid) };
      // ECDH-ES has the ephemeral key of the sender in its header.
      const ephemeral = by.key.suite === 'classic' && { epk: (value: unknown) => typeof value === 'object' };
      admitHeader(header, { ...members, typ: exactly(TYPE), ...ephemeral });
      const key = await decryptCompact(splitCompact(token, 5, empty), by.key);
      if (key.length === KEY_BYTES) return key;
    }
  } catch (cause) {
    throw damaged(`Its head does not open (${asTraoError(cause).code}).`, cause);
  }
  if (typeof kid === 'string' && /^[\w-]{1,64}$/.test(kid) && kid !== by.kid)
    throw new TraoError('backup_locked', { detail: `It is encrypted to the key ${kid}; the one given is ${by.kid}.` });
  throw damaged('Its head is not that of a backup.');
}

/** The two first lines, and what follows. */
async function splitHead(
  source: AsyncIterable<Uint8Array>,
): Promise<{ head: Buffer; rest: AsyncIterable<Uint8Array> }> {
  const blocks = source[Symbol.asyncIterator]();
  let read = Buffer.alloc(0);
  for (;;) {
    const end = read.indexOf(LINE, FORMAT.length);
    if (read.length >= FORMAT.length && read.toString('latin1', 0, FORMAT.length) !== FORMAT)
      throw damaged('It does not begin as a backup does.');
    if (end >= 0) return { head: read.subarray(0, end + 1), rest: following(read.subarray(end + 1), blocks) };
    const next = read.length > MAX_HEAD_BYTES ? undefined : await blocks.next();
    if (next === undefined || next.done) throw damaged('It has no head.');
    read = Buffer.concat([read, next.value]);
  }
}

async function* following(first: Uint8Array, blocks: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first;
  for (let next = await blocks.next(); !next.done; next = await blocks.next()) yield next.value;
}

const damaged = (detail: string, cause?: unknown) => new TraoError('backup_damaged', { detail, cause });
