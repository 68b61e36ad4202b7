import type { SendStore } from '../casework';
import { caseSource, saveCases, saveEvents } from './cases';
import type { Query } from './database';
import { listDrafts, lockDraft } from './drafts';
import { eraseCase } from './erasure';
import { moveFiles } from './file-rows';
import { ABOUT_FILES, WORK_CHANNEL } from './work';

/** The sending office's view. Runs inside one transaction. */
export function sendStore(query: Query): SendStore {
  return {
    ...caseSource(query),

    lockDraft: (unit, id) => lockDraft(query, unit, id),
    drafts: (unit, limit) => listDrafts(query, unit, limit),

    async earlier(clientId, key) {
      // Two requests with one key at the same time: the second waits here until the first has committed.
      await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${clientId} ${key}`]);
      const [row] = await query<{ requestDigest: string; messageId: string }>(
        `SELECT request_digest AS "requestDigest", message_id AS "messageId" FROM idempotency WHERE client_id = $1 AND key = $2`,
        [clientId, key],
      );
      return row;
    },

    async save({ message, lookAt, record, event, kept, search, request, erases, filesOf, forgotten }) {
      if (record) await (erases ? eraseCase(query, record, erases) : saveCases(query, [record]));
      await saveEvents(query, event ? [event] : []);
      const files = event && filesOf ? await moveFiles(query, filesOf, event, message.recipientNode) : false;
      // fail-point S1: in the transaction, before the outbox row
      await query(
        `WITH queued AS (
           INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, digest, created_at, expires_at, next_look_at, forget, kept,
             size_bytes)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $20, octet_length($5))),
         step AS (INSERT INTO delivery_event (message_id, state) VALUES ($1, 'queued')),
         asked AS (INSERT INTO idempotency (client_id, key, request_digest, message_id) VALUES ($11, $12, $13, $1)),
         words AS (
           INSERT INTO search_token (unit, referral_id, token) SELECT $14::text, $15::uuid, unnest($16::bytea[]) ON CONFLICT DO NOTHING),
         done AS (DELETE FROM draft WHERE unit = $17 AND id = ANY ($18::uuid[]))
         SELECT pg_notify($19, $21)`,
        [
          message.id,
          message.recipientNode,
          message.recipientKid,
          message.priority,
          message.token,
          message.digest,
          message.createdAt,
          message.expiresAt,
          lookAt,
          erases !== undefined,
          request.clientId,
          request.idempotencyKey,
          request.requestDigest,
          search?.unit ?? null,
          search?.referralId ?? null,
          search?.tokens ?? [],
          request.unit,
          forgotten,
          WORK_CHANNEL,
          kept ?? null,
          files ? ABOUT_FILES : '',
        ],
      );
      // fail-point S2: inserted, not committed
    },
  };
}
