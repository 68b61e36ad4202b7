import type { StoredCaseEvent, StoredFile } from '../casework';
import { columns } from './columns';
import type { Query } from './database';
import type { Write } from './together';

/** The columns of a file as `StoredFile` names them; `a` is the table. */
export const FILE = `a.unit, a.id, a.use, a.state, a.delivery, a.draft_id AS "draftId", a.referral_id AS "referralId",
  a.message_id AS "messageId", a.sender_node AS "senderNode", a.wrapped_key AS "wrappedKey", a.facts, a.tail,
  a.offset_bytes AS "offset", a.sealed_bytes AS "sealedBytes", a.sealed_digest AS "sealedDigest"`;

export type FileColumns = { readonly [K in keyof StoredFile]: StoredFile[K] | null };

/** Without what is absent. */
export function toFile(row: FileColumns): StoredFile {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as StoredFile;
}

/** Files by a condition, which may end in an order or a lock. */
export async function readFiles(query: Query, where: string, parameters: readonly unknown[]): Promise<StoredFile[]> {
  return (await query<FileColumns>(`SELECT ${FILE} FROM attachment a WHERE ${where}`, parameters)).map(toFile);
}

/** Files that messages announce. One that is known is announced a second time by a fault of the partner: the first one counts. */
export async function insertFiles(query: Query, files: readonly StoredFile[]): Promise<void> {
  if (files.length === 0) return;
  await query(
    `INSERT INTO attachment (unit, id, use, state, delivery, referral_id, message_id, sender_node, wrapped_key, facts, offset_bytes, sealed_bytes)
     SELECT *, 0, 0 FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::bytea[], $10::bytea[])
     ON CONFLICT DO NOTHING`,
    columns(
      files,
      (f) => f.unit,
      (f) => f.id,
      (f) => f.use,
      (f) => f.state,
      (f) => f.delivery,
      (f) => f.referralId,
      (f) => f.messageId,
      (f) => f.senderNode,
      (f) => f.wrappedKey,
      (f) => f.facts,
    ),
  );
}

/**
 * The complete files of a draft go into the case of the message that was made of it; an upload that is not complete goes with the draft.
 * Returns a row for each.
 */
export function writeMovedFiles(
  draftId: string,
  { unit, referralId, messageId }: Pick<StoredCaseEvent, 'unit' | 'referralId' | 'messageId'>,
  recipientNode: string,
): Write {
  const sql = `
    UPDATE attachment SET draft_id = NULL, referral_id = $3, message_id = $4, recipient_node = $5, changed_at = now(),
      next_attempt_at = now(), delivery = CASE WHEN use = 'send' THEN 'waiting' ELSE 'none' END
    WHERE unit = $1 AND draft_id = $2 AND state <> 'uploading' RETURNING id`;
  return { sql, parameters: [unit, draftId, referralId, messageId, recipientNode] };
}
