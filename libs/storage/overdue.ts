import type { OverdueMessage, OverdueStore } from '../exchange';
import { columns } from './columns';
import type { Query } from './database';
import { insertReceipts } from './evidence';
import { insertAlarms } from './node-records';

type Waiting = Pick<OverdueMessage, 'id' | 'digest' | 'recipientNode' | 'priority' | 'createdAt'>;

interface Progress {
  readonly id: string;
  readonly receivedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly openedAt: Date | null;
  readonly evidence: OverdueMessage['evidence'];
}

const timeOf = (event: string) => `min(least(issued_at, stored_at)) FILTER (WHERE event = '${event}')`;

/**
 * How far messages are, by receipts about the bytes that travel now. A partner's time counts unless it lies behind our own: a clock that runs ahead there must
 * not put a deadline off.
 */
const PROGRESS = `
SELECT message_id AS id, ${timeOf('received')} AS "receivedAt", ${timeOf('delivered')} AS "deliveredAt",
  ${timeOf('opened')} AS "openedAt", coalesce(array_agg(event) FILTER (WHERE state = 'own'), '{}') AS evidence
FROM receipt r WHERE message_id = ANY ($1::uuid[]) AND state IN ('obtained', 'own')
  AND EXISTS (SELECT FROM outbox o WHERE o.id = r.message_id AND o.digest = r.digest) GROUP BY message_id`;

/** Outgoing messages whose machine deadline has come. Runs inside one transaction. */
export function overdueStore(query: Query): OverdueStore {
  return {
    async lockOverdue(now, limit) {
      const waiting = await query<Waiting>(
        `SELECT id, digest, recipient_node AS "recipientNode", lane AS priority, created_at AS "createdAt" FROM outbox
         WHERE state IN ('queued', 'sending', 'received', 'delivered') AND next_look_at <= $1
         ORDER BY next_look_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [now, limit],
      );
      if (waiting.length === 0) return [];
      // A statement of its own: it sees every receipt that was committed before the lock was ours.
      const rows = await query<Progress>(PROGRESS, [waiting.map(({ id }) => id)]);
      const progress = new Map(rows.map((row) => [row.id, row]));
      return waiting.map((message) => {
        const seen = progress.get(message.id);
        return {
          ...message,
          receivedAt: seen?.receivedAt ?? undefined,
          deliveredAt: seen?.deliveredAt ?? undefined,
          openedAt: seen?.openedAt ?? undefined,
          evidence: seen?.evidence ?? [],
        };
      });
    },

    async note(evidence, next, alarms) {
      await insertReceipts(query, evidence, 'own');
      await insertAlarms(query, alarms);
      await query(
        `UPDATE outbox o SET next_look_at = n.at FROM unnest($1::uuid[], $2::timestamptz[]) AS n (id, at) WHERE o.id = n.id`,
        columns(
          next,
          (n) => n.id,
          (n) => n.at ?? null,
        ),
      );
    },
  };
}
