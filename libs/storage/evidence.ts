import type { Settlement, SettleStore, SentMessage, StoredReceipt } from '../exchange';
import { DELIVERY_STATES, type DeliveryState } from '../lifecycle';
import { columns } from './columns';
import type { Query } from './database';
import { insertAlarms } from './node-records';
import { together, type Write } from './together';

/**
 * `handed`: the partner has it; `waiting`: to be handed back; `obtained`: from a partner; `own`: our negative evidence. A receipt that a
 * partner goes on refusing ends as `refused`.
 */
export type ReceiptState = 'handed' | 'waiting' | 'obtained' | 'own';

/** Stores receipts as bytes; one that is there already stays as it is. Answers the ids that were new. */
export async function insertReceipts(
  query: Query,
  receipts: readonly StoredReceipt[],
  state: ReceiptState,
): Promise<ReadonlySet<string>> {
  const write = writeReceipts(receipts, state);
  if (!write) return new Set();
  const rows = await query<{ id: string }>(write.sql, write.parameters);
  return new Set(rows.map((row) => row.id));
}

/** The write of `insertReceipts`: returns the ids that were new. */
export function writeReceipts(receipts: readonly StoredReceipt[], state: ReceiptState): Write | undefined {
  if (receipts.length === 0) return undefined;
  const sql = `
    INSERT INTO receipt (id, issuer, message_id, sender_node, event, code, digest, token, issued_at, state, lane)
    SELECT r.*, $10, CASE WHEN $10 = 'waiting' THEN
      (SELECT i.lane FROM inbox i WHERE i.sender_node = r.sender_node AND i.id = r.message_id) END
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
      AS r (id, issuer, message_id, sender_node, event, code, digest, token, issued_at)
    ON CONFLICT DO NOTHING RETURNING id`;
  const parameters = [
    ...columns(
      receipts,
      (r) => r.id,
      (r) => r.issuer,
      (r) => r.messageId,
      (r) => r.senderNode,
      (r) => r.event,
      (r) => r.code ?? null,
      (r) => r.digest,
      (r) => r.token,
      (r) => r.issuedAt,
    ),
    state,
  ];
  return { sql, parameters };
}

type Moves = readonly { readonly id: string; readonly state: string; readonly code?: string | undefined }[];

/**
 * Writes new delivery states of outgoing messages, with the time each was reached. A message whose last machine deadline had passed
 * is looked at again: the next one runs from here.
 * @param from the states that a message may be in; others are left alone
 */
export async function moveMessages(
  query: Query,
  moves: Moves,
  from: readonly DeliveryState[] = DELIVERY_STATES,
): Promise<void> {
  if (moves.length === 0) return;
  await together(query, { moved: writeMoves(moves, from) }, STEPS);
}

/** The first half of `moveMessages`, by the name `moved`; `STEPS` is the other. */
function writeMoves(moves: Moves, from: readonly DeliveryState[] = DELIVERY_STATES): Write {
  const sql = `
    UPDATE outbox o SET state = m.state, code = m.code, changed_at = now(), next_look_at = coalesce(o.next_look_at, now())
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS m (id, state, code) WHERE o.id = m.id AND o.state = ANY ($4::text[])
    RETURNING o.id, o.state`;
  const parameters = [
    ...columns(
      moves,
      (m) => m.id,
      (m) => m.state,
      (m) => m.code ?? null,
    ),
    from,
  ];
  return { sql, parameters };
}

const STEPS: Write = {
  sql: 'INSERT INTO delivery_event (message_id, state) SELECT id, state FROM moved',
  parameters: [],
};

/** Digests of the bytes that a message was sealed to before. */
export const FORMER = `ARRAY(SELECT s.digest FROM superseded s WHERE s.message_id = o.id) AS "formerDigests"`;

/** The sender's side of evidence. Runs inside one transaction. */
export function settleStore(query: Query): SettleStore {
  return {
    lockSent(ids) {
      // A fixed order of locks, so that two batches of receipts cannot wait for each other.
      return query<SentMessage>(
        `SELECT id, recipient_node AS "recipientNode", digest, state, ${FORMER} FROM outbox o WHERE id = ANY ($1::uuid[])
         ORDER BY id FOR UPDATE OF o`,
        [ids],
      );
    },
    async settle(settlements: readonly Settlement[]) {
      // Several receipts of one message may come together: the last move is the furthest.
      const moves = new Map<string, { id: string; state: string; code?: string | undefined }>();
      for (const { receipt, state } of settlements) {
        // Also by a receipt that was here before: a partner that had lost a message, and has it back, proves it by what it signed then.
        if (state) moves.set(receipt.messageId, { id: receipt.messageId, state, code: receipt.code });
      }
      const receipts = settlements.map(({ receipt }) => receipt);
      const write = writeReceipts(receipts, 'obtained');
      if (!write) return new Set();
      const moved = moves.size > 0 ? { moved: writeMoves([...moves.values()]), steps: STEPS } : {};
      const rows = await together<{ id: string }>(
        query,
        { receipts: write, ...moved },
        { sql: 'SELECT id FROM receipts', parameters: [] },
      );
      return new Set(rows.map(({ id }) => id));
    },
    raise: (alarms) => insertAlarms(query, alarms),
  };
}
