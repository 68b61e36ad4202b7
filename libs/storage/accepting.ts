import type { AcceptStore, KnownMessage } from '../exchange';
import { columns } from './columns';
import type { Database } from './database';
import { insertReceipts } from './evidence';
import { WORK_CHANNEL } from './work';

/** Other bytes under one id that are kept as evidence: more of them prove nothing more, and a partner could send them for ever. */
const MOST_CONFLICTS = 8;

/** The inbox as a gateway needs it: sealed bytes in, original receipts out. */
export function acceptStore(database: Database, node: string): AcceptStore {
  return {
    findKnown(senderNode, ids) {
      return database.query<KnownMessage>(
        `SELECT r.message_id AS id, r.digest, r.token AS receipt,
           EXISTS (SELECT FROM inbox i WHERE i.sender_node = $1 AND i.id = r.message_id AND i.digest = r.digest) AS counts
         FROM receipt r WHERE r.message_id = ANY ($2::uuid[]) AND r.sender_node = $1 AND r.issuer = $3 AND r.event = 'received'`,
        [senderNode, ids, node],
      );
    },

    async storeReceived(messages, receipts) {
      try {
        return await storeNew(database, node, messages, receipts);
      } catch (error) {
        if (!(error instanceof CameAgain)) throw error;
        const others = messages.filter(({ id }) => !error.ids.has(id));
        return storeNew(database, node, others, receipts);
      }
    },

    async storeConflict(message) {
      // Of a message that was erased nothing may come back, also not sealed anew: then only the digest is kept.
      await database.query(
        `INSERT INTO inbox_conflict (sender_node, id, digest, sealed, received_at)
         SELECT sender_node, id, $3, CASE WHEN sealed = '' THEN '' ELSE $4 END, $5 FROM inbox WHERE sender_node = $1 AND id = $2
           AND (SELECT count(*) FROM inbox_conflict c WHERE c.sender_node = $1 AND c.id = $2) < ${MOST_CONFLICTS}
         ON CONFLICT DO NOTHING`,
        [message.senderNode, message.id, message.digest, message.token, message.receivedAt],
      );
    },
  };
}

/** These bytes were stored before, and their id is free only because they were refused: they must not take it again. */
class CameAgain extends Error {
  constructor(readonly ids: ReadonlySet<string>) {
    super('came again');
  }
}

/** @throws CameAgain when a copy of refused bytes was overtaken by their refusal between our look and our commit; nothing is stored */
function storeNew(database: Database, node: string, ...[messages, receipts]: Parameters<AcceptStore['storeReceived']>) {
  // Sorted, so that two batches with the same ids take their locks in the same order.
  const sorted = [...messages].sort((a, b) => a.id.localeCompare(b.id));
  return database.transaction(async (query) => {
    const rows = await query<{ id: string }>(
      `INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, digest, received_at, expires_at, size_bytes)
       SELECT m.*, octet_length(m.sealed)
       FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
         AS m (sender_node, id, kid, lane, sealed, digest, received_at, expires_at)
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
    const theirs = receipts.filter((receipt) => stored.has(receipt.messageId));
    await insertReceipts(query, theirs, 'handed');
    // Whoever took the id before us has committed, so this statement sees their receipts.
    const [said] = await query<{ again: string[] }>(
      `SELECT pg_notify($1, $2), ARRAY(
         SELECT r.message_id FROM receipt r JOIN unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[]) AS n (id, message_id, sender_node, digest)
           ON r.message_id = n.message_id AND r.sender_node = n.sender_node AND r.digest = n.digest AND r.id <> n.id
         WHERE r.issuer = $7 AND r.event = 'received') AS again`,
      [
        WORK_CHANNEL,
        '',
        ...columns(
          theirs,
          (r) => r.id,
          (r) => r.messageId,
          (r) => r.senderNode,
          (r) => r.digest,
        ),
        node,
      ],
    );
    if (said!.again.length > 0) throw new CameAgain(new Set(said!.again));
    // fail-point R2: stored, not committed
    return stored;
  });
}
