import type { AcknowledgeStore, ReturningReceipt } from '../exchange';
import { circuitStore } from './circuit';
import { columns } from './columns';
import type { Database } from './database';
import { dueAt } from './due';
import { together } from './together';
import { TAKEN, takeInHand, wakeRelay, writeEnd } from './work';

/**
 * Receipts on their way back, as the acknowledging worker needs them.
 * @param node which has issued them: a receipt is found by its issuer and its id
 */
export function acknowledgeStore(database: Database, node: string): AcknowledgeStore {
  return {
    ...circuitStore(database.query),

    begin(batchId) {
      return takeInHand<ReturningReceipt>(
        database,
        `WITH taken AS (SELECT id FROM ${TAKEN('receipt', `issuer = $3 AND state = 'waiting'`)})
         UPDATE receipt r SET attempts = attempts + 1, batch = $1 FROM taken t WHERE r.issuer = $3 AND r.id = t.id
         RETURNING r.id, message_id AS "messageId", sender_node AS partner, token, attempts`,
        batchId,
        node,
      );
    },

    async finish(batchId, handings) {
      const outcomes = handings.map((handing) =>
        'done' in handing
          ? { id: handing.id, state: handing.done, at: new Date() }
          : { id: handing.id, state: 'waiting', at: handing.retryAt },
      );
      const handed = {
        sql: `
          UPDATE receipt r SET state = h.state, next_attempt_at = ${dueAt('h.at', '$5')}, batch = NULL
          FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS h (id, state, at) WHERE r.issuer = $6 AND r.id = h.id AND r.batch = $4`,
        parameters: [
          ...columns(
            outcomes,
            (o) => o.id,
            (o) => o.state,
            (o) => o.at,
          ),
          batchId,
          new Date(),
          node,
        ],
      };
      await together(database.query, { handed, ended: writeEnd(batchId) }, wakeRelay());
    },
  };
}
