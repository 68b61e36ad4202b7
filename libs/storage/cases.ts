import { TraoError } from '../errors';
import type { CaseRef, ReadStore, SendStore, StoredCase, StoredCaseEvent } from '../exchange';
import { columns } from './columns';
import type { Database, Query } from './database';
import { WORK_CHANNEL } from './work';

const CASE = `unit, referral_id AS "referralId", wrapped_key AS "wrappedKey", summary`;
const EVENT = `unit, referral_id AS "referralId", message_id AS "messageId", direction, at, original`;

/**
 * Cases with these identities, locked in a fixed order until the commit. A case that does not exist yet is locked too, by its name:
 * two messages that open the same referral at the same time must not each make a key for it.
 */
export async function lockCases(query: Query, refs: readonly CaseRef[]): Promise<StoredCase[]> {
  if (refs.length === 0) return [];
  const units = refs.map((ref) => ref.unit);
  const referrals = refs.map((ref) => ref.referralId);
  await query(
    `SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM
     (SELECT DISTINCT unit || ' ' || referral AS name FROM unnest($1::text[], $2::text[]) AS r (unit, referral) ORDER BY name) names`,
    [units, referrals],
  );
  return query<StoredCase>(
    `SELECT ${CASE} FROM unit_case WHERE (unit, referral_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
     ORDER BY unit, referral_id FOR UPDATE`,
    [units, referrals],
  );
}

/**
 * Writes cases, new or changed. The key of a case never changes: a summary under another key would make the case unreadable for ever.
 * @throws TraoError `case_busy` when somebody else has made the case meanwhile
 */
export async function saveCases(query: Query, cases: readonly StoredCase[]): Promise<void> {
  if (cases.length === 0) return;
  const written = await query(
    `INSERT INTO unit_case (unit, referral_id, wrapped_key, summary)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[])
     ON CONFLICT (unit, referral_id) DO UPDATE SET summary = excluded.summary, changed_at = now()
       WHERE unit_case.wrapped_key = excluded.wrapped_key
     RETURNING unit`,
    columns(
      cases,
      (c) => c.unit,
      (c) => c.referralId,
      (c) => c.wrappedKey,
      (c) => c.summary,
    ),
  );
  if (written.length < cases.length) throw new TraoError('case_busy');
}

export async function saveEvents(query: Query, events: readonly StoredCaseEvent[]): Promise<void> {
  if (events.length === 0) return;
  await query(
    `INSERT INTO case_event (unit, referral_id, message_id, direction, at, original)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::bytea[])`,
    columns(
      events,
      (e) => e.unit,
      (e) => e.referralId,
      (e) => e.messageId,
      (e) => e.direction,
      (e) => e.at,
      (e) => e.original,
    ),
  );
}

/** Runs work for one unit: row-level security shows the transaction that unit's cases and no others. */
export function forUnit<S>(database: Database, store: (query: Query) => S) {
  return <T>(unit: string, work: (store: S) => Promise<T>): Promise<T> =>
    database.transaction(async (query) => {
      await query(`SELECT set_config('trao.unit', $1, true)`, [unit]);
      return work(store(query));
    });
}

/** The sending office's view. Runs inside one transaction. */
export function sendStore(query: Query): SendStore {
  return {
    async earlier(clientId, key) {
      // Two requests with one key at the same time: the second waits here until the first has committed.
      await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${clientId} ${key}`]);
      const [row] = await query<{ requestDigest: string; messageId: string }>(
        `SELECT request_digest AS "requestDigest", message_id AS "messageId" FROM idempotency WHERE client_id = $1 AND key = $2`,
        [clientId, key],
      );
      return row;
    },

    async lockCase(unit, referralId) {
      return (await lockCases(query, [{ unit, referralId }]))[0];
    },

    async referralOf(unit, messageId) {
      const [row] = await query<{ id: string }>(
        'SELECT referral_id AS id FROM case_event WHERE unit = $1 AND message_id = $2',
        [unit, messageId],
      );
      return row?.id;
    },

    async save({ message, record, event, request }) {
      await saveCases(query, record ? [record] : []);
      await saveEvents(query, event ? [event] : []);
      await query(
        `WITH queued AS (
           INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, digest, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)),
         step AS (INSERT INTO delivery_event (message_id, state) VALUES ($1, 'queued')),
         asked AS (INSERT INTO idempotency (client_id, key, request_digest, message_id) VALUES ($9, $10, $11, $1))
         SELECT pg_notify($12, '')`,
        [
          message.id,
          message.recipientNode,
          message.recipientKid,
          message.priority,
          message.token,
          message.digest,
          message.createdAt,
          message.expiresAt,
          request.clientId,
          request.idempotencyKey,
          request.requestDigest,
          WORK_CHANNEL,
        ],
      );
    },
  };
}

/** The reading office's view. Runs inside one transaction. */
export function readStore(query: Query): ReadStore {
  return {
    async cases(unit, limit, after) {
      const rows = await query<StoredCase & StoredCaseEvent & { changedAt: Date; delivery: string | null }>(
        `SELECT c.unit, c.referral_id AS "referralId", c.wrapped_key AS "wrappedKey", c.summary, c.changed_at AS "changedAt",
           l.message_id AS "messageId", l.direction, l.at, l.original, o.state AS delivery
         FROM unit_case c
         JOIN LATERAL (SELECT * FROM case_event e WHERE e.unit = c.unit AND e.referral_id = c.referral_id ORDER BY at DESC LIMIT 1) l ON true
         LEFT JOIN LATERAL (SELECT b.state FROM case_event e JOIN outbox b ON b.id = e.message_id
           WHERE e.unit = c.unit AND e.referral_id = c.referral_id AND e.direction = 'sent' ORDER BY e.at LIMIT 1) o ON true
         WHERE c.unit = $1 AND ($3::timestamptz IS NULL OR (c.changed_at, c.referral_id) < ($3, $4::uuid))
         ORDER BY c.changed_at DESC, c.referral_id DESC LIMIT $2`,
        [unit, limit, after?.at ?? null, after?.id ?? null],
      );
      return rows.map((row) => ({
        stored: { unit: row.unit, referralId: row.referralId, wrappedKey: row.wrappedKey, summary: row.summary },
        last: row,
        changedAt: row.changedAt,
        delivery: (row.delivery ?? undefined) as Awaited<ReturnType<ReadStore['cases']>>[number]['delivery'],
      }));
    },

    async message(unit, messageId) {
      const [event] = await query<StoredCaseEvent>(
        `SELECT ${EVENT} FROM case_event WHERE unit = $1 AND message_id = $2`,
        [unit, messageId],
      );
      if (!event) return undefined;
      const [stored] = await query<StoredCase>(`SELECT ${CASE} FROM unit_case WHERE unit = $1 AND referral_id = $2`, [
        unit,
        event.referralId,
      ]);
      return stored && { stored, event };
    },
  };
}
