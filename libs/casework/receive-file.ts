import { createHash } from 'node:crypto';
import { TraoError, type Code } from '../errors';
import { CHUNK_BYTES, openFile, PasswordWatch } from '../attachments';
import type { DraftFile } from './draft';
import { keyOfFile, newFile, openStoredFile, withFacts, type FileFacts, type OpenStoredFile } from './file-record';
import { assertClaim, type FileClaim } from './file-claim';
import { sealedContent, type FilePorts, type FileStore } from './file-ports';
import { openedDraft, saveFilesOf } from './files-of-draft';
import type { Actor } from './ports';
import { stateAfterScan } from './scan-file';
import { Upload } from './upload';

/** How far an upload is. */
export interface Progress {
  readonly id: string;
  /** Bytes that are here: where the next ones begin. */
  readonly offset: number;
  readonly complete: boolean;
  /** Of the draft, when the file is complete: what approvals name from now on. */
  readonly digest?: string | undefined;
}

/** Where bytes of an upload belong. */
export interface UploadRef {
  readonly draftId: string;
  readonly id: string;
  readonly offset: number;
}

/**
 * Announces a file of a draft; its bytes follow.
 * @throws TraoError `not_found`, `forbidden`, `bad_request`, `file_type`, `file_empty`, `file_too_big`, `file_too_many`
 */
export async function beginFile(
  actor: Actor,
  draftId: string,
  claim: FileClaim,
  ports: FilePorts,
): Promise<{ readonly id: string }> {
  assertClaim(claim);
  assertLength(claim.bytes, ports);
  const { unit } = actor;
  const id = ports.newId();
  const use = claim.keep ? 'keep' : 'send';
  await ports.transaction(unit, async (store) => {
    const { storageKey } = await openedDraft(actor, draftId, store, ports);
    const alike = (await store.filesOfDraft(unit, draftId)).filter((file) => file.use === use);
    if (alike.length >= ports.limits.maxFiles) {
      throw new TraoError('file_too_many', { detail: `At most ${ports.limits.maxFiles}.` });
    }
    const { keep: _use, ...facts } = claim;
    const named = { ...facts, name: claim.name.normalize('NFC'), chunkBytes: CHUNK_BYTES };
    await store.saveFile(newFile({ unit, id, use, draftId }, named, storageKey));
  });
  return { id };
}

/**
 * Takes bytes of a file as they come: a chunk at a time is sealed and stored, so nothing of it is ever on disk in clear and memory stays
 * flat. When the bytes end too early, those that came are kept, and the upload goes on from there.
 * @throws TraoError `not_found`, `file_offset`, `file_complete`, `file_interrupted`; `file_type`, `file_too_big`, `file_empty`,
 *   `file_encrypted`, `file_infected` after which the file is gone
 */
export async function appendFile(
  actor: Actor,
  { draftId, id, offset }: UploadRef,
  source: AsyncIterable<Uint8Array>,
  ports: FilePorts,
): Promise<Progress> {
  const file = await uploadOf(actor, draftId, id, ports);
  if (file.row.offset !== offset) throw new TraoError('file_offset', { detail: `Next byte: ${file.row.offset}.` });
  const upload = new Upload(file, ports);
  try {
    const complete = await upload.take(source);
    if (!complete) return { id, offset: upload.offset, complete };
    const digest = await settleUpload(actor, draftId, upload.file, ports);
    return { id, offset: upload.offset, complete, digest };
  } catch (error) {
    if (error instanceof TraoError && REFUSED.has(error.code)) await dropped(actor.unit, id, ports);
    throw error;
  }
}

/** A file in one go, of a length that nobody said: what a form without script sends. @throws TraoError as `beginFile` and `appendFile` */
export async function receiveFile(
  actor: Actor,
  draftId: string,
  claim: FileClaim,
  source: AsyncIterable<Uint8Array>,
  ports: FilePorts,
): Promise<Progress> {
  const { id } = await beginFile(actor, draftId, claim, ports);
  try {
    return await appendFile(actor, { draftId, id, offset: 0 }, source, ports);
  } catch (error) {
    // Nobody knows its id, so nobody could go on with it.
    await dropped(actor.unit, id, ports);
    throw error;
  }
}

/** How far an upload is. @throws TraoError `not_found` */
export async function uploadProgress(actor: Actor, draftId: string, id: string, ports: FilePorts): Promise<Progress> {
  const row = await ports.transaction(actor.unit, (store) => store.lockFile(actor.unit, id));
  if (row?.draftId !== draftId) throw new TraoError('not_found');
  return { id, offset: row.offset, complete: row.state !== 'uploading' };
}

/** After these a file cannot become one that may be sent. */
const REFUSED: ReadonlySet<string> = new Set<Code>([
  'file_type',
  'file_too_big',
  'file_empty',
  'file_encrypted',
  'file_infected',
]);

function assertLength(bytes: number | undefined, { limits }: FilePorts): void {
  if (bytes === undefined) return;
  if (bytes === 0) throw new TraoError('file_empty');
  if (bytes > limits.maxFileBytes)
    throw new TraoError('file_too_big', { detail: `At most ${limits.maxFileBytes} bytes.` });
}

async function uploadOf(actor: Actor, draftId: string, id: string, ports: FilePorts): Promise<OpenStoredFile> {
  const { unit } = actor;
  return ports.transaction(unit, async (store) => {
    const { storageKey } = await openedDraft(actor, draftId, store, ports);
    const row = await store.lockFile(unit, id);
    if (row?.draftId !== draftId) throw new TraoError('not_found');
    if (row.state !== 'uploading') throw new TraoError('file_complete');
    return openStoredFile(row, storageKey);
  });
}

/** Looks through a file whose last byte has come, and makes it one of the draft. Answers the new digest of the draft. */
async function settleUpload(actor: Actor, draftId: string, file: OpenStoredFile, ports: FilePorts): Promise<string> {
  const { unit, id, use } = file.row;
  const seen = await lookThrough(file, ports);
  const content = sealedContent(unit, id, ports.transaction);
  const state = await stateAfterScan(keyOfFile(file), content, ports.scan);
  if (state === 'infected') throw new TraoError('file_infected');
  return ports.transaction(unit, async (store) => {
    const opened = await openedDraft(actor, draftId, store, ports);
    await assertStillUploading(file, store);
    const settled = {
      ...withFacts(file, { ...file.facts, sha256: seen.sha256 }),
      state,
      sealedDigest: seen.sealedDigest,
    };
    await store.saveFile(settled);
    const { files = [] } = opened.draft;
    if (use === 'keep') return opened.draft.digest;
    return saveFilesOf(actor, opened, [...files, asNamed(id, { ...file.facts, ...seen })], store, ports);
  });
}

/** Reads the stored file to its end: what is signed later is the digest of what is here, not of what went by. */
async function lookThrough({ row, key, facts }: OpenStoredFile, ports: FilePorts) {
  const [plainHash, sealedHash] = [createHash('sha256'), createHash('sha256')];
  const passwords = new PasswordWatch();
  const content = passing(sealedContent(row.unit, row.id, ports.transaction), (bytes) => sealedHash.update(bytes));
  for await (const plain of openFile(keyOfFile({ row, key, facts }), content)) {
    plainHash.update(plain);
    if (facts.mime === 'application/pdf') passwords.look(plain);
  }
  if (passwords.found) throw new TraoError('file_encrypted');
  return { sha256: plainHash.digest('base64url'), sealedDigest: sealedHash.digest('base64url') };
}

async function* passing(
  source: AsyncIterable<Uint8Array>,
  see: (bytes: Uint8Array) => void,
): AsyncIterable<Uint8Array> {
  for await (const bytes of source) {
    see(bytes);
    yield bytes;
  }
}

/** What the message will say of a file: its name and what officers noted about it stay here. */
function asNamed(id: string, { type, mime, language, pages, bytes, sha256 }: FileFacts): DraftFile {
  const said = { ...(language !== undefined && { language }), ...(pages !== undefined && { pages }) };
  return { id, type, sha256: sha256!, mime, ...said, bytes: bytes! };
}

/** Somebody may have removed it, or finished it at the same time. @throws TraoError `not_found`, `file_complete` */
async function assertStillUploading({ row: { unit, id } }: OpenStoredFile, store: FileStore): Promise<void> {
  const now = await store.lockFile(unit, id);
  if (!now) throw new TraoError('not_found');
  if (now.state !== 'uploading') throw new TraoError('file_complete');
}

const dropped = (unit: string, id: string, { transaction }: FilePorts) =>
  transaction(unit, (store) => store.dropFile(unit, id));
