import type { OpenedMessage, OpenedStore } from '../exchange';
import { columns } from './columns';
import type { Query } from './database';
import { insertReceipts } from './evidence';
import { WORK_CHANNEL } from './work';

/** Messages that officers have seen and whose sender does not know it yet. Runs inside one transaction. */
export function openedStore(query: Query): OpenedStore {
  return {
    lockOpened(limit) {
      return query<OpenedMessage>(
        `SELECT sender_node AS "senderNode", id, digest, opened_at AS "openedAt" FROM inbox
         WHERE opened_at IS NOT NULL AND NOT opened_told ORDER BY opened_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [limit],
      );
    },

    async tell(receipts) {
      await insertReceipts(query, receipts, 'waiting');
      await query(
        `WITH told AS (
           UPDATE inbox i SET opened_told = true FROM unnest($1::text[], $2::uuid[]) AS r (sender_node, id)
           WHERE i.sender_node = r.sender_node AND i.id = r.id)
         SELECT pg_notify($3, '')`,
        [
          ...columns(
            receipts,
            (r) => r.senderNode,
            (r) => r.messageId,
          ),
          WORK_CHANNEL,
        ],
      );
    },
  };
}
