import type { CaseRow, ReadStore, StoredCase, StoredCaseEvent } from '../casework';
import { readCases, readEvents } from './cases';
import type { Query } from './database';

/** A case with its last message, and how far the unit's own first one has come. An erased case has no messages. */
const ROW = `c.unit, c.referral_id AS "referralId", c.wrapped_key AS "wrappedKey", c.summary, c.changed_at AS "changedAt",
  l.message_id AS "messageId", l.direction, l.at, l.original, o.state AS delivery`;
const LAST = `
LEFT JOIN LATERAL (SELECT * FROM case_event e WHERE e.unit = c.unit AND e.referral_id = c.referral_id ORDER BY at DESC LIMIT 1) l
  ON true
LEFT JOIN LATERAL (SELECT b.state FROM case_event e JOIN outbox b ON b.id = e.message_id
  WHERE e.unit = c.unit AND e.referral_id = c.referral_id AND e.direction = 'sent' ORDER BY e.at LIMIT 1) o ON true`;

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };
type Columns = StoredCase &
  Nullable<Pick<StoredCaseEvent, 'messageId' | 'direction' | 'at' | 'original'>> & {
    readonly changedAt: Date;
    readonly delivery: NonNullable<CaseRow['delivery']> | null;
  };

function toRow({ messageId, direction, at, original, changedAt, delivery, ...stored }: Columns): CaseRow {
  const { unit, referralId } = stored;
  const last =
    messageId && direction && at && original ? { unit, referralId, messageId, direction, at, original } : undefined;
  return { stored, last, changedAt, delivery: delivery ?? undefined };
}

/** All folded tokens must be there; how many exact ones are there ranks. */
const FOUND = `
  SELECT c.*, h.exact FROM (
    SELECT t.referral_id, count(*) FILTER (WHERE t.token = ANY ($3::bytea[])) AS exact
    FROM search_token t WHERE t.unit = $1 AND t.token = ANY ($2::bytea[] || $3::bytea[])
    GROUP BY t.referral_id HAVING count(*) FILTER (WHERE t.token = ANY ($2::bytea[])) = cardinality($2::bytea[])) h
  JOIN unit_case c ON c.unit = $1 AND c.referral_id = h.referral_id
  ORDER BY h.exact DESC, c.changed_at DESC, c.referral_id DESC LIMIT $4`;
const BEST_FIRST = 'ORDER BY c.exact DESC, c.changed_at DESC, c.referral_id DESC';
/** The limit comes before the messages are looked up. */
const SEARCH = `SELECT ${ROW} FROM (${FOUND}) c ${LAST} ${BEST_FIRST}`;
const SEARCH_IDS = `SELECT c.referral_id AS id FROM (${FOUND}) c ${BEST_FIRST}`;

/** The reading office's view. Runs inside one transaction. */
export function readStore(query: Query): ReadStore {
  return {
    async cases(unit, limit, after) {
      const rows = await query<Columns>(
        `SELECT ${ROW} FROM unit_case c ${LAST}
         WHERE c.unit = $1 AND ($3::timestamptz IS NULL OR (c.changed_at, c.referral_id) < ($3, $4::uuid))
         ORDER BY c.changed_at DESC, c.referral_id DESC LIMIT $2`,
        [unit, limit, after?.at ?? null, after?.id ?? null],
      );
      return rows.map(toRow);
    },

    async case(unit, referralId) {
      const [row] = await query<Columns>(
        `SELECT ${ROW} FROM unit_case c ${LAST} WHERE c.unit = $1 AND c.referral_id = $2`,
        [unit, referralId],
      );
      return row && toRow(row);
    },

    async search(unit, { folded, exact }, limit) {
      return (await query<Columns>(SEARCH, [unit, folded, exact, limit])).map(toRow);
    },

    async searchIds(unit, { folded, exact }, limit) {
      return (await query<{ id: string }>(SEARCH_IDS, [unit, folded, exact, limit])).map(({ id }) => id);
    },

    async message(unit, messageId) {
      const [event] = await readEvents(query, 'unit = $1 AND message_id = $2', [unit, messageId]);
      if (!event) return undefined;
      const [stored] = await readCases(query, 'unit = $1 AND referral_id = $2', [unit, event.referralId]);
      return stored && { stored, event };
    },

    async noteOpened(senderNode, messageId, at) {
      await query(
        `UPDATE inbox SET opened_at = $3 WHERE sender_node = $1 AND id = $2 AND state = 'filed' AND opened_at IS NULL`,
        [senderNode, messageId, at],
      );
    },
  };
}
