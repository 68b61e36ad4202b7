import { TraoError, type Code } from '../errors';
import { extensionOf, openFile, type FileState } from '../attachments';
import { caseStateOf } from '../lifecycle';
import type { MimeType } from '../schema';
import { openCase } from './case-record';
import { keyOfFile, openStoredFile, type StoredFile } from './file-record';
import { sealedContent, type FileStore } from './file-ports';
import { shownFile, type ShownFile } from './files-of-draft';
import { assertReadable } from './frozen';
import type { Actor, StorageKeys } from './ports';
import type { ReadStore } from './read-cases';
import { isErased } from './tombstone';

export interface CaseFileStore extends Pick<ReadStore, 'case'>, Pick<FileStore, 'piece'> {
  /** The files of a case, oldest first. */
  filesOfCase(unit: string, referralId: string): Promise<StoredFile[]>;
  /** One file of the unit, of a draft or of a case. */
  file(unit: string, id: string): Promise<StoredFile | undefined>;
}

export interface CaseFilePorts {
  readonly keys: StorageKeys;
  /** Runs work for one unit, seeing that unit's files only. */
  readonly read: <T>(unit: string, work: (store: CaseFileStore) => Promise<T>) => Promise<T>;
}

/** A file that may be handed to an officer. */
export interface ReadableFile {
  /** Its name, or one that says what it is where the partner's name did not travel. */
  readonly name: string;
  readonly mime: MimeType;
  readonly bytes: number;
  readonly sha256: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The files of a case of the unit, oldest first. @throws TraoError `not_found`, `case_frozen`, `case_erased` */
export async function listCaseFiles(actor: Actor, referralId: string, ports: CaseFilePorts): Promise<ShownFile[]> {
  const storageKey = await ports.keys.storageKey(actor.unit);
  return ports.read(actor.unit, async (store) => {
    await assertCaseReadable(actor, referralId, storageKey, store);
    return (await store.filesOfCase(actor.unit, referralId)).map((row) => shownFile(row, storageKey));
  });
}

/**
 * One file in clear, as a stream, for an officer of the unit. Each chunk is authenticated before it is given out.
 * @throws TraoError `not_found`, `case_frozen`, `case_erased`, `file_waiting`, `file_quarantined`, `file_infected`, `file_damaged`,
 *   `file_interrupted` while it is being uploaded
 */
export async function readFile(actor: Actor, id: string, ports: CaseFilePorts): Promise<ReadableFile> {
  const { unit } = actor;
  const storageKey = await ports.keys.storageKey(unit);
  const row = await ports.read(unit, async (store) => {
    const found = await store.file(unit, id);
    if (!found) throw new TraoError('not_found');
    if (found.referralId !== undefined) await assertCaseReadable(actor, found.referralId, storageKey, store);
    return found;
  });
  if (row.state !== 'clean') throw new TraoError(WHY_NOT[row.state]);
  const file = openStoredFile(row, storageKey);
  const { name, mime, type, sha256, bytes } = file.facts;
  return {
    name: name ?? `${type}-${id.slice(-6)}.${extensionOf(mime)}`,
    mime,
    bytes: bytes!,
    sha256: sha256!,
    content: openFile(keyOfFile(file), sealedContent(unit, id, ports.read)),
  };
}

const WHY_NOT: Readonly<Record<Exclude<FileState, 'clean'>, Code>> = {
  uploading: 'file_interrupted',
  awaiting: 'file_waiting',
  quarantined: 'file_quarantined',
  infected: 'file_infected',
  damaged: 'file_damaged',
};

async function assertCaseReadable(
  actor: Actor,
  referralId: string,
  storageKey: Uint8Array,
  store: Pick<CaseFileStore, 'case'>,
): Promise<void> {
  const row = await store.case(actor.unit, referralId);
  if (!row) throw new TraoError('not_found');
  if (isErased(row.stored)) throw new TraoError('case_erased');
  const record = openCase(row.stored, storageKey);
  assertReadable(record, caseStateOf(record.summary.steps), actor);
}
