import type { AcceptPieceStore, IncomingFile } from '../exchange';
import type { Database, Query } from './database';
import { ABOUT_FILES, WORK_CHANNEL } from './work';

type Columns = Pick<IncomingFile, 'total' | 'held'> & { readonly receipt: string | null };

/** Files that partners send, as a gateway needs them: sealed pieces in, receipts out. */
export function acceptPieceStore(database: Database): AcceptPieceStore {
  const { query } = database;
  return {
    async incoming(senderNode, id) {
      const [row] = await query<Columns>(
        'SELECT total, held, receipt FROM incoming_file WHERE sender_node = $1 AND id = $2',
        [senderNode, id],
      );
      return row && { total: row.total, held: row.held, ...(row.receipt !== null && { receipt: row.receipt }) };
    },

    piece: (senderNode, id, start) => incomingPiece(query, senderNode, id, start),

    async load(senderNode) {
      const [row] = await query<{ files: number; bytes: number }>(
        `SELECT count(*)::int AS files, coalesce(sum(total), 0)::float8 AS bytes FROM incoming_file
         WHERE sender_node = $1 AND state IN ('open', 'complete')`,
        [senderNode],
      );
      return row!;
    },

    append: ({ senderNode, id, start, total, sealed }) =>
      database.transaction(async (run) => {
        await run('INSERT INTO incoming_file (sender_node, id, total) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
          senderNode,
          id,
          total,
        ]);
        const moved = await run(
          `UPDATE incoming_file SET held = held + $4, changed_at = now()
           WHERE sender_node = $1 AND id = $2 AND held = $3 AND total = $5 AND state = 'open' RETURNING id`,
          [senderNode, id, start, sealed.length, total],
        );
        if (moved.length === 0) return false;
        await run('INSERT INTO incoming_piece (sender_node, id, start, sealed) VALUES ($1, $2, $3, $4)', [
          senderNode,
          id,
          start,
          sealed,
        ]);
        return true;
      }),

    async complete(senderNode, id, digest, receipt) {
      const [row] = await query<{ receipt: string }>(
        `WITH told AS (SELECT pg_notify($5, '${ABOUT_FILES}'))
         UPDATE incoming_file SET state = CASE WHEN state = 'open' THEN 'complete' ELSE state END, changed_at = now(),
           digest = coalesce(digest, $3), receipt = coalesce(receipt, $4)
         FROM told WHERE sender_node = $1 AND id = $2 RETURNING receipt`,
        [senderNode, id, digest, receipt, WORK_CHANNEL],
      );
      return row!.receipt;
    },
  };
}

/** The sealed piece of an incoming file that begins at `start`. */
export async function incomingPiece(
  query: Query,
  senderNode: string,
  id: string,
  start: number,
): Promise<Uint8Array | undefined> {
  const [row] = await query<{ sealed: Uint8Array }>(
    'SELECT sealed FROM incoming_piece WHERE sender_node = $1 AND id = $2 AND start = $3',
    [senderNode, id, start],
  );
  return row?.sealed;
}

/** Files that no message asks for are dropped after this time; the sender of one that went on would begin anew. */
const ORPHAN_DAYS = 14;

/** Drops incoming files that no message has asked for. @returns how many */
export async function dropOrphanedFiles(database: Pick<Database, 'query'>, now: Date): Promise<number> {
  const before = new Date(now.getTime() - ORPHAN_DAYS * 86_400_000);
  const [row] = await database.query<{ dropped: number }>(
    `WITH dropped AS (DELETE FROM incoming_file WHERE state IN ('open', 'complete') AND changed_at < $1 RETURNING true)
     SELECT count(*)::int AS dropped FROM dropped`,
    [before],
  );
  return row?.dropped ?? 0;
}
