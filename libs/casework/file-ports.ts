import type { FileLimits, Scan } from '../attachments';
import type { DraftStore } from './drafting';
import type { StoredFile } from './file-record';
import type { Clock, StorageKeys } from './ports';

/** The files of one unit, and the drafts that they go with. */
export interface FileStore extends Pick<DraftStore, 'lockDraft' | 'saveDraft'> {
  /** The file, locked until the commit. */
  lockFile(unit: string, id: string): Promise<StoredFile | undefined>;
  /** The files of a draft, oldest first. */
  filesOfDraft(unit: string, draftId: string): Promise<StoredFile[]>;
  /** Writes the row, new or changed. */
  saveFile(file: StoredFile): Promise<void>;
  /** Removes the file with its pieces. */
  dropFile(unit: string, id: string): Promise<void>;
  /** Adds a sealed piece behind those that are there. */
  addPiece(unit: string, id: string, start: number, sealed: Uint8Array): Promise<void>;
  /** The sealed piece that begins at `start`; undefined behind the last one. */
  piece(unit: string, id: string, start: number): Promise<Uint8Array | undefined>;
}

export interface FilePorts {
  readonly keys: StorageKeys;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly limits: FileLimits;
  readonly scan: Scan;
  /** Runs work for one unit in one transaction, seeing that unit's files only. */
  readonly transaction: <T>(unit: string, work: (store: FileStore) => Promise<T>) => Promise<T>;
}

type Pieces = Pick<FileStore, 'piece'>;

/** The sealed content of a file, one piece in memory at a time and no transaction held between them. */
export async function* sealedContent(
  unit: string,
  id: string,
  transaction: <T>(unit: string, work: (store: Pieces) => Promise<T>) => Promise<T>,
): AsyncIterable<Uint8Array> {
  for (let start = 0; ;) {
    const from = start;
    const piece = await transaction(unit, (store) => store.piece(unit, id, from));
    if (!piece) return;
    yield piece;
    start += piece.length;
  }
}
