import type { AcceptStore, IngestStore, KnownMessage, WaitingMessage } from '../exchange';
import { columns } from './columns';
import type { Database, Query } from './database';
import { insertReceipts } from './evidence';
import { lockCases, saveCases, saveEvents } from './cases';
import { endBatch, IN_BATCH, WORK_CHANNEL } from './work';

/** The inbox as a gateway needs it: sealed bytes in, original receipts out. */
export function acceptStore(database: Database, node: string): AcceptStore {
  return {
    findKnown(senderNode, ids) {
      return database.query<KnownMessage>(
        `SELECT i.id, i.digest, r.token AS receipt FROM inbox i
         JOIN receipt r ON r.message_id = i.id AND r.sender_node = i.sender_node AND r.issuer = $3 AND r.event = 'received'
         WHERE i.sender_node = $1 AND i.id = ANY ($2::uuid[])`,
        [senderNode, ids, node],
      );
    },

    storeReceived(messages, receipts) {
      // Sorted, so that two batches with the same ids take their locks in the same order.
      const sorted = [...messages].sort((a, b) => a.id.localeCompare(b.id));
      return database.transaction(async (query) => {
        const rows = await query<{ id: string }>(
          `INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, digest, received_at, expires_at)
           SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
           ON CONFLICT DO NOTHING RETURNING id`,
          columns(
            sorted,
            (m) => m.senderNode,
            (m) => m.id,
            (m) => m.header.kid,
            (m) => m.header.pri,
            (m) => m.token,
            (m) => m.digest,
            (m) => m.receivedAt,
            (m) => new Date(m.header.exp * 1000),
          ),
        );
        const stored = new Set(rows.map((row) => row.id));
        await insertReceipts(
          query,
          receipts.filter((receipt) => stored.has(receipt.messageId)),
          'handed',
        );
        await query('SELECT pg_notify($1, $2)', [WORK_CHANNEL, '']);
        return stored;
      });
    },

    async storeConflict(message) {
      await database.query(
        `INSERT INTO inbox_conflict (sender_node, id, digest, sealed, received_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [message.senderNode, message.id, message.digest, message.token, message.receivedAt],
      );
    },
  };
}

/**
 * Takes the messages of a batch in hand. Counting comes first: a message that kills the process is noticed all the same, and is tried
 * ever more rarely, up to every 15 minutes.
 */
export async function beginIngest(database: Database, batchId: string): Promise<WaitingMessage[]> {
  return database.query<WaitingMessage>(
    `UPDATE inbox SET attempts = attempts + 1, changed_at = now(),
       next_attempt_at = now() + least(interval '30 seconds' * power(2, least(greatest(attempts - 3, 0), 10)), interval '15 minutes')
     WHERE ${IN_BATCH} AND state IN ('stored', 'held')
     RETURNING sender_node AS "senderNode", id, sealed AS token, digest, received_at AS "receivedAt", attempts`,
    [batchId],
  );
}

/** Filing as the ingesting worker needs it. Runs inside one transaction. */
export function ingestStore(query: Query): IngestStore {
  return {
    lockWaiting(batchId) {
      return query(
        `SELECT sender_node AS "senderNode", id FROM inbox WHERE ${IN_BATCH} AND state IN ('stored', 'held') ORDER BY id FOR UPDATE`,
        [batchId],
      );
    },

    lockCases: (refs) => lockCases(query, refs),

    async file(batchId, { cases, events, receipts, filed, refused, held, threads }) {
      await saveCases(query, cases);
      await saveEvents(query, events);
      await insertReceipts(query, receipts, 'waiting');
      const outcomes = [
        ...filed.map((message) => ({ message, state: 'filed', at: new Date(), thread: null })),
        ...refused.map((message) => ({ message, state: 'refused', at: new Date(), thread: null })),
        ...held.map(({ message, thread, retryAt }) => ({ message, state: 'held', at: retryAt, thread })),
      ];
      await query(
        `UPDATE inbox i SET state = o.state, next_attempt_at = o.at, thread = o.thread, batch = NULL, changed_at = now(),
           attempts = CASE WHEN o.state = 'held' THEN 0 ELSE i.attempts END
         FROM unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[]) AS o (sender_node, id, state, at, thread)
         WHERE i.sender_node = o.sender_node AND i.id = o.id`,
        columns(
          outcomes,
          (o) => o.message.senderNode,
          (o) => o.message.id,
          (o) => o.state,
          (o) => o.at,
          (o) => o.thread,
        ),
      );
      // What was filed may be what held messages of the same referrals wait for.
      await query(
        `UPDATE inbox SET next_attempt_at = now() WHERE state = 'held' AND thread = ANY ($1::text[]) AND batch IS NULL`,
        [threads],
      );
      await endBatch(query, batchId);
    },
  };
}
