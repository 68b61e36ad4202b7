import { faultAt, TraoError, type Fault } from '../errors';
import { encodeBase64url } from '../envelope';
import { CHUNK_BYTES } from '../attachments';
import type { Transfer } from '../schema';
import type { CaseSource } from './case-record';
import type { DraftFile, Submission } from './draft';
import { openStoredFile } from './file-record';
import type { StorageKeys } from './ports';

interface WithFiles extends Submission {
  readonly files?: readonly DraftFile[] | undefined;
}

/** States in which a file can be named by a message. One that waits for the scanner follows once it was scanned. */
const NAMEABLE = ['clean', 'quarantined'];

/**
 * The document with exactly the files of its draft, each with what opens it. What an author lists without a transfer is a paper
 * that stays where it is.
 * @returns with a fault for each file that cannot go
 * @throws TraoError `schema_invalid` for a transfer that the node did not set
 */
export async function withFiles(
  unit: string,
  { document, files = [] }: WithFiles,
  source: CaseSource,
  { keys }: { readonly keys: StorageKeys },
): Promise<{ readonly document: unknown; readonly faults: readonly Fault[] }> {
  const listed = listedIn(document);
  assertNoTransfers(listed);
  if (files.length === 0) return { document, faults: [] };
  const storageKey = await keys.storageKey(unit);
  const ids = files.map(({ id }) => id);
  const rows = new Map((await source.files(unit, ids)).map((row) => [row.id, row]));
  const faults: Fault[] = [];
  const named = files.map(({ id, bytes, ...facts }, index) => {
    const row = rows.get(id);
    const usable = row && NAMEABLE.includes(row.state);
    if (!usable) faults.push(faultAt(`/attachments/${listed.length + index}`, 'file_not_complete'));
    const key = usable ? encodeBase64url(openStoredFile(row, storageKey).key) : '';
    const transfer: Transfer = { fileId: id, key, bytes, chunkBytes: CHUNK_BYTES };
    return { ...facts, ...(usable && { transfer }) };
  });
  return { document: { ...(document as object), attachments: [...listed, ...named] }, faults };
}

function listedIn(document: unknown): readonly unknown[] {
  const { attachments } = document as { readonly attachments?: unknown };
  return Array.isArray(attachments) ? attachments : [];
}

function assertNoTransfers(listed: readonly unknown[]): void {
  const faults = listed.flatMap((entry, index) => {
    const claims = typeof entry === 'object' && entry !== null && 'transfer' in entry;
    return claims ? [faultAt(`/attachments/${index}/transfer`, 'assigned_by_node')] : [];
  });
  if (faults.length > 0) throw new TraoError('schema_invalid', { faults });
}
