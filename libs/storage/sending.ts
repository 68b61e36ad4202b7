import type { SendStore } from '../casework';
import { assertSaved, caseSource, counted, writeCases, writeEvents, writeTokens } from './cases';
import type { Query } from './database';
import { listDrafts, lockDraft } from './drafts';
import { eraseCase } from './erasure';
import { writeMovedFiles } from './file-rows';
import { together } from './together';
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
      if (record && erases) await eraseCase(query, record, erases);
      const cases = record && !erases ? [record] : [];
      const files = event && filesOf ? writeMovedFiles(filesOf, event, message.recipientNode) : undefined;
      // fail-point S1: in the transaction, before the outbox row
      const [said] = await together<{ cases: number }>(
        query,
        {
          cases: writeCases(cases),
          events: writeEvents(event ? [event] : []),
          words: writeTokens(search ? [search] : []),
          files,
          queued: {
            sql: `
              INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, digest, created_at, expires_at, next_look_at, forget, kept,
                size_bytes)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, octet_length($5)) RETURNING id`,
            parameters: [
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
              kept ?? null,
            ],
          },
          step: {
            sql: `INSERT INTO delivery_event (message_id, state) VALUES ($1, 'queued')`,
            parameters: [message.id],
          },
          asked: {
            sql: 'INSERT INTO idempotency (client_id, key, request_digest, message_id) VALUES ($1, $2, $3, $4)',
            parameters: [request.clientId, request.idempotencyKey, request.requestDigest, message.id],
          },
          done: {
            sql: 'DELETE FROM draft WHERE unit = $1 AND id = ANY ($2::uuid[])',
            parameters: [request.unit, forgotten],
          },
        },
        {
          sql: `SELECT pg_notify($1, ${files ? `CASE WHEN EXISTS (SELECT FROM files) THEN $2 ELSE '' END` : `$2`}), ${counted(cases)} AS cases`,
          parameters: [WORK_CHANNEL, files ? ABOUT_FILES : ''],
        },
      );
      assertSaved(cases, said!.cases);
      // fail-point S2: inserted, not committed
    },
  };
}
