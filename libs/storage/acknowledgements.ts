import type { AcknowledgeStore, ReturningReceipt } from '../exchange';
import type { Database } from './database';
import { circuitStore, endBatch, IN_BATCH, RENEWED } from './work';

/** Receipts on their way back, as the acknowledging worker needs them. */
export function acknowledgeStore(database: Database): AcknowledgeStore {
  return {
    ...circuitStore(database.query),

    begin(batchId) {
      return database.query<ReturningReceipt>(
        `UPDATE receipt SET ${RENEWED} WHERE ${IN_BATCH} AND state = 'waiting' RETURNING id, sender_node AS partner, token`,
        [batchId],
      );
    },

    async finish(batchId, handedOver, free) {
      await database.transaction(async (query) => {
        await query(`UPDATE receipt SET state = 'handed', batch = NULL WHERE batch = $1 AND id = ANY ($2::uuid[])`, [
          batchId,
          handedOver,
        ]);
        await query(
          `UPDATE receipt SET next_attempt_at = now(), batch = NULL WHERE batch = $1 AND id = ANY ($2::uuid[])`,
          [batchId, free],
        );
        await endBatch(query, batchId);
      });
    },
  };
}
