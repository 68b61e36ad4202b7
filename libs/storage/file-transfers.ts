import type { JudgeFileStore, PushStore } from '../exchange';
import type { StoredFile } from '../casework';
import { circuitStore } from './circuit';
import type { Database, Query } from './database';
import { dueAt } from './due';
import { insertReceipts } from './evidence';
import { FILE, toFile, type FileColumns } from './file-rows';
import { pieceAt } from './files';
import { incomingPiece } from './incoming-files';
import { insertAlarms } from './node-records';
import { FILES_HELD, SUSPENDED } from './work';

/** How long a claim holds: longer than a piece takes on a poor line, or a scanner for a file. A transfer renews it. */
const CLAIM = `interval '1 minute'`;

/** Claims one file that a condition finds; those that others hold are left out. */
const claimSql = (joins: string, where: string) => `
WITH due AS (
  SELECT a.unit, a.id FROM attachment a ${joins} WHERE ${where} AND a.next_attempt_at <= now()
  ORDER BY a.next_attempt_at LIMIT 1 FOR UPDATE OF a SKIP LOCKED)
UPDATE attachment a SET attempts = a.attempts + 1, next_attempt_at = now() + ${CLAIM} FROM due
WHERE a.unit = due.unit AND a.id = due.id RETURNING ${FILE}, a.attempts`;

/** The message goes first: a file follows once the partner has its message. */
const TO_SEND = claimSql(
  'JOIN outbox o ON o.id = a.message_id',
  `a.recipient_node = $1 AND a.delivery IN ('waiting', 'withheld') AND a.state = 'clean' AND o.state IN ('received', 'delivered', 'opened')
   AND NOT ${SUSPENDED('$1')} AND NOT ${FILES_HELD}`,
);
const TO_JUDGE = claimSql(
  'LEFT JOIN incoming_file i ON i.sender_node = a.sender_node AND i.id = a.id',
  `((a.state = 'awaiting' AND i.state = 'complete') OR (a.state = 'quarantined' AND $1))`,
);

type Claimed = FileColumns & { readonly attempts: number };

async function claimed(rows: Promise<Claimed[]>) {
  const [row] = await rows;
  if (!row) return undefined;
  const { attempts, ...file } = row;
  return { file: toFile(file), attempts };
}

/** Files that wait to be sent, as the delivering worker needs them. */
export function pushStore(database: Database): PushStore {
  const { query } = database;
  return {
    circuit: (partner) => circuitStore(query).circuit(partner),
    claim: (partner) => claimed(query<Claimed>(TO_SEND, [partner])),
    piece: ({ unit, id }, start) => pieceAt(query, unit, id, start),

    async renew({ unit, id }) {
      await query(`UPDATE attachment SET next_attempt_at = now() + ${CLAIM} WHERE unit = $1 AND id = $2`, [unit, id]);
    },

    async release({ unit, id }, retryAt, progress) {
      await query(
        `UPDATE attachment SET next_attempt_at = ${dueAt('$3', '$5')}, attempts = CASE WHEN $4 THEN 0 ELSE attempts END
         WHERE unit = $1 AND id = $2`,
        [unit, id, retryAt, progress, new Date()],
      );
    },

    async received({ unit, id }, receipt) {
      await database.transaction(async (run) => {
        await run(`UPDATE attachment SET delivery = 'received', changed_at = now() WHERE unit = $1 AND id = $2`, [
          unit,
          id,
        ]);
        await insertReceipts(run, [receipt], 'obtained');
      });
    },

    async withholdLost() {
      await query(
        `UPDATE attachment a SET delivery = 'withheld', changed_at = now() FROM outbox o
         WHERE a.delivery = 'waiting' AND o.id = a.message_id
           AND (o.state IN ('expired', 'undeliverable') OR (o.state = 'refused' AND o.code IS DISTINCT FROM 'stale_key'))`,
      );
    },
  };
}

/** Files that have come, or wait for the scanner, as the filing worker needs them. */
export function judgeFileStore(database: Database): JudgeFileStore {
  const { query } = database;
  return {
    claim: (withQuarantine) => claimed(query<Claimed>(TO_JUDGE, [withQuarantine])),

    piece: (file, start) =>
      file.state === 'awaiting'
        ? incomingPiece(query, file.senderNode!, file.id, start)
        : pieceAt(query, file.unit, file.id, start),

    async judge(file, state, alarms) {
      await database.transaction(async (run) => {
        const moved = await run<StoredFile>(
          `UPDATE attachment SET state = $3, attempts = 0, next_attempt_at = now(), changed_at = now()
           WHERE unit = $1 AND id = $2 AND state = $4 RETURNING id`,
          [file.unit, file.id, state, file.state],
        );
        if (moved.length === 0) return;
        await insertAlarms(run, alarms);
        const kept = state === 'clean' || state === 'quarantined';
        if (file.state === 'awaiting') await takeIn(run, file, kept);
        else if (!kept) {
          await run('DELETE FROM attachment_piece WHERE unit = $1 AND id = $2', [file.unit, file.id]);
        }
      });
    },

    async release({ unit, id }, retryAt) {
      await query(`UPDATE attachment SET next_attempt_at = ${dueAt('$3', '$4')} WHERE unit = $1 AND id = $2`, [
        unit,
        id,
        retryAt,
        new Date(),
      ]);
    },
  };
}

/** The pieces go from the gateway's table to the file, or nowhere when it is not what it should be. */
async function takeIn(query: Query, { unit, id, senderNode }: StoredFile, kept: boolean): Promise<void> {
  if (kept) {
    await query(
      `INSERT INTO attachment_piece (unit, id, start, sealed)
       SELECT $1, id, start, sealed FROM incoming_piece WHERE sender_node = $2 AND id = $3`,
      [unit, senderNode, id],
    );
    await query(
      `UPDATE attachment SET sealed_bytes = (SELECT sum(length(sealed)) FROM attachment_piece WHERE unit = $1 AND id = $2)
       WHERE unit = $1 AND id = $2`,
      [unit, id],
    );
  }
  await query('DELETE FROM incoming_piece WHERE sender_node = $1 AND id = $2', [senderNode, id]);
  await query(`UPDATE incoming_file SET state = 'taken', changed_at = now() WHERE sender_node = $1 AND id = $2`, [
    senderNode,
    id,
  ]);
}
