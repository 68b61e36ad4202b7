import { decryptAtRest, encryptAtRest, newCaseKey } from '../envelope';
import type { FileDelivery, FileKey, FileState, FileUse } from '../attachments';
import type { Attachment } from '../schema';

/** What is known of a file. Names tell who somebody is, so it is stored encrypted. */
export interface FileFacts extends Pick<Attachment, 'type' | 'mime'> {
  /** Given by the officer; of a file of the partner there is none, because names do not travel. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly language?: string | undefined;
  readonly pages?: number | undefined;
  /** Its length; undefined while an upload goes on that did not say. */
  readonly bytes?: number | undefined;
  readonly chunkBytes: number;
  /** Of the whole file; undefined until it is here. */
  readonly sha256?: string | undefined;
}

/** A file as stored. Its content stands beside it in sealed pieces; nothing here is readable but whose it is and how far it is. */
export interface StoredFile {
  readonly unit: string;
  readonly id: string;
  readonly use: FileUse;
  readonly state: FileState;
  readonly delivery: FileDelivery;
  /** Exactly one of them: a file goes from a draft into a case with the message. */
  readonly draftId?: string | undefined;
  readonly referralId?: string | undefined;
  /** The message that names it. */
  readonly messageId?: string | undefined;
  /** The node that a received file comes from: pieces of nobody else are taken for it. */
  readonly senderNode?: string | undefined;
  /** The key of the file, wrapped to the unit's storage key. */
  readonly wrappedKey: Uint8Array;
  /** `FileFacts`, encrypted. */
  readonly facts: Uint8Array;
  /** What has come of the next chunk, encrypted; absent when there is nothing. */
  readonly tail?: Uint8Array | undefined;
  /** Bytes of an upload that are here. */
  readonly offset: number;
  /** Length of the sealed pieces that are here. */
  readonly sealedBytes: number;
  /** SHA-256 of all sealed pieces; absent until the file is complete. */
  readonly sealedDigest?: string | undefined;
}

/** A file in clear, for as long as a use case works on it. */
export interface OpenStoredFile {
  readonly row: StoredFile;
  readonly key: Uint8Array;
  readonly facts: FileFacts;
}

/** A new file of a unit under a key of its own. */
export function newFile(
  row: Pick<StoredFile, 'unit' | 'id' | 'use' | 'draftId'>,
  facts: FileFacts,
  storageKey: Uint8Array,
): StoredFile {
  const empty = { state: 'uploading', delivery: 'none', offset: 0, sealedBytes: 0 } as const;
  return sealedUnder(newCaseKey(), { ...row, ...empty }, facts, storageKey);
}

/** A file of the unit under a key that is there already. */
export function sealedUnder(
  key: Uint8Array,
  row: Omit<StoredFile, 'wrappedKey' | 'facts'>,
  facts: FileFacts,
  storageKey: Uint8Array,
): StoredFile {
  const { unit, id } = row;
  const wrappedKey = encryptAtRest(storageKey, key, ['attachment', unit, id, 'key']);
  return { ...row, wrappedKey, facts: closedFacts(key, unit, id, facts) };
}

/** @throws TraoError `case_unreadable` when the row was tampered with or the storage key is another */
export function openStoredFile(row: StoredFile, storageKey: Uint8Array): OpenStoredFile {
  const { unit, id, wrappedKey } = row;
  const key = decryptAtRest(storageKey, wrappedKey, ['attachment', unit, id, 'key']);
  const facts = decryptAtRest(key, row.facts, ['attachment', unit, id, 'facts']);
  return { row, key, facts: JSON.parse(Buffer.from(facts).toString()) as FileFacts };
}

/** The row with other facts. */
export const withFacts = ({ row, key }: OpenStoredFile, facts: FileFacts): StoredFile => ({
  ...row,
  facts: closedFacts(key, row.unit, row.id, facts),
});

/** What has come of a chunk, encrypted for where it begins. */
export const closeTail = ({ row, key }: OpenStoredFile, tail: Uint8Array): Uint8Array | undefined =>
  tail.length === 0 ? undefined : encryptAtRest(key, tail, tailOf(row));

/** @throws TraoError `case_unreadable` */
export const openTail = ({ row, key }: OpenStoredFile): Uint8Array =>
  row.tail === undefined ? new Uint8Array() : decryptAtRest(key, row.tail, tailOf(row));

/** What opens a complete file. */
export const keyOfFile = ({ row, key, facts }: OpenStoredFile): FileKey => ({
  fileId: row.id,
  key,
  bytes: facts.bytes!,
  chunkBytes: facts.chunkBytes,
});

const closedFacts = (key: Uint8Array, unit: string, id: string, facts: FileFacts) =>
  encryptAtRest(key, Buffer.from(JSON.stringify(facts)), ['attachment', unit, id, 'facts']);
const tailOf = ({ unit, id, sealedBytes }: StoredFile) => ['attachment', unit, id, 'tail', String(sealedBytes)];
