import { TraoError } from '../errors';
import { closeDraft, openDraft, submissionDigest, type Draft, type DraftFile } from './draft';
import { assertDescription, type FileClaim } from './file-claim';
import { openStoredFile, withFacts, type StoredFile } from './file-record';
import type { FilePorts, FileStore } from './file-ports';
import type { Actor } from './ports';
import { assertWrites } from './send';

interface OpenedDraft {
  readonly id: string;
  readonly draft: Draft;
  readonly storageKey: Uint8Array;
}

/** A file as the officers of its unit see it. */
export interface ShownFile {
  readonly id: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly type: string;
  readonly mime: string;
  readonly language?: string | undefined;
  readonly pages?: number | undefined;
  /** Its length; absent while nobody knows. */
  readonly bytes?: number | undefined;
  /** Bytes of an upload that are here. */
  readonly offset: number;
  readonly sha256?: string | undefined;
  readonly use: StoredFile['use'];
  /** `unreadable`: the row or its key was changed. */
  readonly state: StoredFile['state'] | 'unreadable';
  readonly delivery: StoredFile['delivery'];
  /** The message that names it. */
  readonly messageId?: string | undefined;
}

/** What an officer may say anew of a file. */
export type FileDescription = Pick<FileClaim, 'type' | 'description' | 'language' | 'pages'>;

/** The files of a draft, oldest first. @throws TraoError `not_found` */
export async function listDraftFiles(actor: Actor, draftId: string, ports: FilePorts): Promise<ShownFile[]> {
  const { unit } = actor;
  const storageKey = await ports.keys.storageKey(unit);
  return ports.transaction(unit, async (store) => {
    if (!(await store.lockDraft(unit, draftId))) throw new TraoError('not_found');
    return (await store.filesOfDraft(unit, draftId)).map((row) => shownFile(row, storageKey));
  });
}

/**
 * Changes what is said of a file. It is part of what approvals name, so they are void.
 * @returns the new digest of the draft
 * @throws TraoError `not_found`, `forbidden`, `bad_request`
 */
export async function describeFile(
  actor: Actor,
  { draftId, id }: { readonly draftId: string; readonly id: string },
  description: FileDescription,
  ports: FilePorts,
): Promise<{ readonly digest: string }> {
  assertDescription(description);
  return onFile(actor, draftId, id, ports, async (row, opened, store) => {
    const file = openStoredFile(row, opened.storageKey);
    const { type, description: text, language, pages } = description;
    await store.saveFile(withFacts(file, { ...file.facts, type, description: text, language, pages }));
    const { files = [] } = opened.draft;
    const said = { type, ...(language !== undefined && { language }), ...(pages !== undefined && { pages }) };
    return files.map((named) => {
      if (named.id !== id) return named;
      const { language: _tongue, pages: _count, ...kept } = named;
      return { ...kept, ...said };
    });
  });
}

/** Removes a file of a draft, complete or not. @returns the digest of the draft @throws TraoError `not_found`, `forbidden` */
export async function removeFile(
  actor: Actor,
  { draftId, id }: { readonly draftId: string; readonly id: string },
  ports: FilePorts,
): Promise<{ readonly digest: string }> {
  return onFile(actor, draftId, id, ports, async (row, { draft }, store) => {
    await store.dropFile(row.unit, id);
    return (draft.files ?? []).filter((file) => file.id !== id);
  });
}

/** The draft in clear, locked, for somebody who may write it. @throws TraoError `not_found`, `forbidden` */
export async function openedDraft(
  actor: Actor,
  id: string,
  store: Pick<FileStore, 'lockDraft'>,
  { keys }: Pick<FilePorts, 'keys'>,
): Promise<OpenedDraft> {
  const stored = await store.lockDraft(actor.unit, id);
  if (!stored) throw new TraoError('not_found');
  const storageKey = await keys.storageKey(actor.unit);
  const draft = openDraft(stored, storageKey);
  assertWrites(actor, draft.document);
  return { id, draft, storageKey };
}

/** Gives a draft other files: every approval is void, and whoever changes it has written it. Answers its digest. */
export async function saveFilesOf(
  actor: Actor,
  { id, draft, storageKey }: OpenedDraft,
  files: readonly DraftFile[],
  store: Pick<FileStore, 'saveDraft'>,
  { clock }: Pick<FilePorts, 'clock'>,
): Promise<string> {
  const digest = submissionDigest(draft, files);
  if (digest === draft.digest) return digest;
  const drafters = [...new Set([...draft.drafters, actor.id])];
  const changed = { ...draft, files, digest, drafters, approvals: [] };
  await store.saveDraft(closeDraft(actor.unit, id, changed, storageKey, clock.now()));
  return digest;
}

export function shownFile(row: StoredFile, storageKey: Uint8Array): ShownFile {
  const { id, use, state, delivery, offset, messageId } = row;
  try {
    const { chunkBytes: _cut, ...facts } = openStoredFile(row, storageKey).facts;
    return { id, ...facts, offset, use, state, delivery, messageId };
  } catch {
    // Shown as what it is, so that it hides neither itself nor the others.
    return { id, type: 'other', mime: '', offset, use, state: 'unreadable', delivery, messageId };
  }
}

async function onFile(
  actor: Actor,
  draftId: string,
  id: string,
  ports: FilePorts,
  change: (row: StoredFile, opened: OpenedDraft, store: FileStore) => Promise<readonly DraftFile[]>,
): Promise<{ readonly digest: string }> {
  return ports.transaction(actor.unit, async (store) => {
    const opened = await openedDraft(actor, draftId, store, ports);
    const row = await store.lockFile(actor.unit, id);
    if (row?.draftId !== draftId) throw new TraoError('not_found');
    const files = await change(row, opened, store);
    return { digest: await saveFilesOf(actor, opened, files, store, ports) };
  });
}
