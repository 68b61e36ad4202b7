import { TraoError } from '../errors';
import type { StoredCase, StoredCaseEvent } from '../casework';
import type { Database, Query } from './database';

/**
 * What must not stay: content of an erased case, precise places. Ids, digests, times and receipts do stay, so that a message that
 * comes again is known and gets its first receipt.
 */

/**
 * Puts the tombstone in the place of the case: its key ends, its messages and words are removed, sealed copies are blanked.
 * @param tombstone a case row without a key
 * @param thread the name under which messages for the case were refused
 * @throws TraoError `case_busy` when there is no such case, or it was erased before
 */
export async function eraseCase(
  query: Query,
  { unit, referralId, wrappedKey, summary }: StoredCase,
  thread: string,
): Promise<void> {
  const ended = await query(
    `UPDATE unit_case SET wrapped_key = $3, summary = $4, next_mark_at = NULL, changed_at = now()
     WHERE unit = $1 AND referral_id = $2 AND wrapped_key <> '' RETURNING unit`,
    [unit, referralId, wrappedKey, summary],
  );
  if (ended.length === 0) throw new TraoError('case_busy');
  const removed = await query<Copy>(
    `WITH words AS (DELETE FROM search_token WHERE unit = $1 AND referral_id = $2)
     DELETE FROM case_event WHERE unit = $1 AND referral_id = $2 RETURNING message_id AS "messageId", direction`,
    [unit, referralId],
  );
  await blankCopies(query, removed);
  await query('DELETE FROM attachment WHERE unit = $1 AND referral_id = $2', [unit, referralId]);
  await query(`UPDATE inbox SET sealed = '' WHERE thread = $1 AND state = 'refused'`, [thread]);
}

type Copy = Pick<StoredCaseEvent, 'messageId' | 'direction'>;

/**
 * Blanks the sealed copies of messages of a case, and other bytes that came under the id of one. Those that still travel are
 * blanked by `forgetArrived`. A filed message is found by its receipt, which has an index on the id alone.
 */
export async function blankCopies(query: Query, messages: readonly Copy[]): Promise<void> {
  const idsOf = (wanted: Copy['direction']) =>
    messages.flatMap(({ messageId, direction }) => (direction === wanted ? [messageId] : []));
  await query(
    `WITH locked AS (SELECT id FROM outbox WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE),
     sent AS (
       UPDATE outbox o SET sealed = CASE WHEN o.state IN ('queued', 'sending') THEN o.sealed ELSE '' END,
         forget = o.state IN ('queued', 'sending')
       FROM locked WHERE o.id = locked.id),
     known AS (SELECT sender_node, message_id AS id FROM receipt WHERE message_id = ANY ($2::uuid[]) AND event = 'received'),
     filed AS (
       UPDATE inbox i SET sealed = '' FROM known k WHERE i.sender_node = k.sender_node AND i.id = k.id AND i.state = 'filed')
     UPDATE inbox_conflict c SET sealed = '' FROM known k WHERE c.sender_node = k.sender_node AND c.id = k.id`,
    [idsOf('sent'), idsOf('filed')],
  );
}

/**
 * Blanks the sealed copies of messages that still travelled when their content was erased, and have arrived or ended since.
 * @returns how many
 */
export async function forgetArrived(database: Pick<Database, 'query'>): Promise<number> {
  await database.query(
    `UPDATE outbox o SET kept = NULL
     FROM (SELECT id FROM outbox WHERE kept IS NOT NULL AND state IN ('delivered', 'opened', 'expired', 'undeliverable') ORDER BY id
           FOR UPDATE SKIP LOCKED) arrived
     WHERE o.id = arrived.id`,
  );
  const rows = await database.query(
    `UPDATE outbox o SET sealed = '', forget = false
     FROM (SELECT id FROM outbox WHERE forget AND state NOT IN ('queued', 'sending') ORDER BY id FOR UPDATE SKIP LOCKED) arrived
     WHERE o.id = arrived.id RETURNING o.id`,
  );
  return rows.length;
}
