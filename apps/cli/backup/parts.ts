import { createHash, type Hash } from 'node:crypto';
import { TraoError } from '../../../libs/errors';

/**
 * What is in a backup, as a stream of frames: a byte that says what it is, four bytes of length, the body. Each part begins with its name
 * and goes on in blocks, so that nobody has to know its length before. The manifest comes last and says what there was, in order.
 */
const PART = 0x50;
const DATA = 0x44;
const MANIFEST = 0x4d;
const HEAD_BYTES = 5;
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** `database`, `files/KIND/NAME`, `keys/FOLDER/PATH`: no part can name a place outside of where it is restored to. */
const NAME = /^(?:database|(?:files|keys)(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]{1,128}){2,5})$/;

/** What is known of the whole backup. */
export interface BackupFacts {
  readonly format: 1;
  readonly node: string;
  readonly madeAt: string;
  readonly database: string;
  /** Name of the newest migration, and how many have run. */
  readonly schema: { readonly newest: string; readonly count: number };
  /** Major versions. */
  readonly postgres: { readonly server: number; readonly tool: number };
  /** Roles that policies of the database name. */
  readonly roles: readonly string[];
}

export interface ListedPart {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest extends BackupFacts {
  /** In the order of the file. */
  readonly parts: readonly ListedPart[];
}

export interface Part {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Writes parts one after the other, then the manifest. */
export async function* writeParts(
  parts: AsyncIterable<Part> | Iterable<Part>,
  facts: BackupFacts,
  onBytes: (part: string, bytes: number) => void = () => undefined,
): AsyncIterable<Uint8Array> {
  const listed: ListedPart[] = [];
  for await (const { name, content } of parts) {
    if (!NAME.test(name)) throw new TraoError('bad_request', { detail: `${name} cannot be named in a backup.` });
    yield* frame(PART, Buffer.from(name));
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const block of content) {
      hash.update(block);
      bytes += block.length;
      onBytes(name, bytes);
      yield* frame(DATA, block);
    }
    listed.push({ name, bytes, sha256: hash.digest('hex') });
  }
  const manifest: Manifest = { ...facts, parts: listed };
  yield* frame(MANIFEST, Buffer.from(JSON.stringify(manifest)));
}

function* frame(kind: number, body: Uint8Array): Iterable<Uint8Array> {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(kind);
  head.writeUInt32BE(body.length, 1);
  yield head;
  yield body;
}

export type Read =
  { readonly begin: string } | { readonly part: string; readonly block: Uint8Array } | { readonly manifest: Manifest };

/**
 * Reads what `writeParts` wrote, and holds it against the manifest at the end.
 * @throws TraoError `backup_damaged` when a part is missing, changed, twice or in another place, or the manifest is
 */
export async function* readParts(plain: AsyncIterable<Uint8Array>): AsyncIterable<Read> {
  const seen: ListedPart[] = [];
  let open: { name: string; bytes: number; hash: Hash } | undefined;
  const close = () => {
    if (open) seen.push({ name: open.name, bytes: open.bytes, sha256: open.hash.digest('hex') });
    open = undefined;
  };
  let manifest: Manifest | undefined;
  for await (const { kind, body } of framesOf(plain)) {
    if (manifest) throw damaged('Something follows its manifest.');
    if (kind === PART) {
      close();
      const name = body.toString('utf8');
      if (!NAME.test(name) || seen.some((part) => part.name === name)) throw damaged('A part has no proper name.');
      open = { name, bytes: 0, hash: createHash('sha256') };
      yield { begin: name };
    } else if (kind === DATA && open) {
      open.hash.update(body);
      open.bytes += body.length;
      yield { part: open.name, block: body };
    } else if (kind === MANIFEST) {
      close();
      manifest = readManifest(body);
      if (JSON.stringify(manifest.parts) !== JSON.stringify(seen)) throw damaged('It is not what its manifest lists.');
    } else throw damaged('It has a frame of no known kind.');
  }
  if (!manifest) throw damaged('It has no manifest.');
  yield { manifest };
}

async function* framesOf(plain: AsyncIterable<Uint8Array>): AsyncIterable<{ kind: number; body: Buffer }> {
  let held = Buffer.alloc(0);
  for await (const block of plain) {
    held = held.length === 0 ? Buffer.from(block) : Buffer.concat([held, block]);
    while (held.length >= HEAD_BYTES) {
      const length = held.readUInt32BE(1);
      if (length > MAX_FRAME_BYTES) throw damaged('It has a frame of no possible length.');
      if (held.length < HEAD_BYTES + length) break;
      yield { kind: held[0]!, body: held.subarray(HEAD_BYTES, HEAD_BYTES + length) };
      held = held.subarray(HEAD_BYTES + length);
    }
  }
  if (held.length > 0) throw damaged('It ends within a frame.');
}

function readManifest(body: Buffer): Manifest {
  let read: unknown;
  try {
    read = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw damaged('Its manifest cannot be read.', cause);
  }
  const manifest = read as Manifest;
  if (manifest?.format !== 1)
    throw new TraoError('backup_damaged', { detail: 'It was made by a later version of trao.' });
  return manifest;
}

const damaged = (detail: string, cause?: unknown) => new TraoError('backup_damaged', { detail, cause });
