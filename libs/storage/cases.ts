import { escapeLiteral } from 'pg';
import { TraoError } from '../errors';
import type { CaseRef } from '../exchange';
import type { NotesStore, SearchEntry, StoredCase, StoredCaseEvent } from '../casework';
import { columns } from './columns';
import type { Database, Query } from './database';
import { readFiles } from './file-rows';
import type { Write } from './together';

const CASE = `unit, referral_id AS "referralId", wrapped_key AS "wrappedKey", summary, next_mark_at AS "nextMarkAt"`;
const EVENT = `unit, referral_id AS "referralId", message_id AS "messageId", direction, at, original`;

type CaseColumns = Omit<StoredCase, 'nextMarkAt'> & { readonly nextMarkAt: Date | null };

/** Reads cases by a condition, which may end in a lock. */
export async function readCases(query: Query, where: string, parameters: readonly unknown[]): Promise<StoredCase[]> {
  const rows = await query<CaseColumns>(`SELECT ${CASE} FROM unit_case WHERE ${where}`, parameters);
  return rows.map(({ nextMarkAt, ...row }) => ({ ...row, nextMarkAt: nextMarkAt ?? undefined }));
}

/** Reads messages of cases by a condition. */
export function readEvents(query: Query, where: string, parameters: readonly unknown[]): Promise<StoredCaseEvent[]> {
  return query<StoredCaseEvent>(`SELECT ${EVENT} FROM case_event WHERE ${where}`, parameters);
}

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
  return readCases(
    query,
    `(unit, referral_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) ORDER BY unit, referral_id FOR UPDATE`,
    [units, referrals],
  );
}

/**
 * Writes cases, new or changed. The key of a case never changes: a summary under another key would make the case unreadable for ever.
 * The one exception is erasure, which ends the key (`eraseCase`); a case without one stays without.
 * @throws TraoError `case_busy` when somebody else has made the case meanwhile
 */
export async function saveCases(query: Query, cases: readonly StoredCase[]): Promise<void> {
  if (cases.length === 0) return;
  const { sql, parameters } = writeCases(cases)!;
  assertSaved(cases, (await query(sql, parameters)).length);
}

/** The write of `saveCases`, which returns a row for each case that was written; whoever runs it asserts that those are all. */
export function writeCases(cases: readonly StoredCase[]): Write | undefined {
  if (cases.length === 0) return undefined;
  const sql = `
    INSERT INTO unit_case (unit, referral_id, wrapped_key, summary, next_mark_at)
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[], $5::timestamptz[])
    ON CONFLICT (unit, referral_id) DO UPDATE
      SET summary = excluded.summary, next_mark_at = excluded.next_mark_at, changed_at = now()
      WHERE unit_case.wrapped_key = excluded.wrapped_key
    RETURNING unit`;
  return { sql, parameters: caseColumns(cases) };
}

/** How many cases the write of the name `cases` has written, for the statement that it is part of. */
export const counted = (cases: readonly StoredCase[]) => (cases.length > 0 ? '(SELECT count(*)::int FROM cases)' : '0');

/** @throws TraoError `case_busy` */
export function assertSaved(cases: readonly StoredCase[], written: number): void {
  if (written < cases.length) throw new TraoError('case_busy');
}

/** Cases as parameters: unit, referral, key, summary, next mark. */
export function caseColumns(cases: readonly StoredCase[]): unknown[][] {
  return columns(
    cases,
    (c) => c.unit,
    (c) => c.referralId,
    (c) => c.wrappedKey,
    (c) => c.summary,
    (c) => c.nextMarkAt ?? null,
  );
}

export function writeEvents(events: readonly StoredCaseEvent[]): Write | undefined {
  if (events.length === 0) return undefined;
  const sql = `
    INSERT INTO case_event (unit, referral_id, message_id, direction, at, original)
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::bytea[])`;
  const parameters = columns(
    events,
    (e) => e.unit,
    (e) => e.referralId,
    (e) => e.messageId,
    (e) => e.direction,
    (e) => e.at,
    (e) => e.original,
  );
  return { sql, parameters };
}

/** Adds the words by which cases are found; those that a case has already stay once. */
export function writeTokens(entries: readonly SearchEntry[]): Write | undefined {
  if (entries.length === 0) return undefined;
  const rows = entries.flatMap(({ unit, referralId, tokens }) => tokens.map((token) => ({ unit, referralId, token })));
  const sql = `
    INSERT INTO search_token (unit, referral_id, token) SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[])
    ON CONFLICT DO NOTHING`;
  const parameters = columns(
    rows,
    (r) => r.unit,
    (r) => r.referralId,
    (r) => r.token,
  );
  return { sql, parameters };
}

/** Runs work for one unit: row-level security shows the transaction that unit's cases and no others. */
export function forUnit<S>(database: Database, store: (query: Query) => S) {
  return <T>(unit: string, work: (store: S) => Promise<T>): Promise<T> =>
    database.transaction((query) => work(store(query)), `SELECT set_config('trao.unit', ${escapeLiteral(unit)}, true)`);
}

/** What a message may be about, for drafts and for sending. Runs inside one transaction. */
export function caseSource(query: Query) {
  return {
    lockCase: async (unit: string, referralId: string): Promise<StoredCase | undefined> =>
      (await lockCases(query, [{ unit, referralId }]))[0],
    referralOf: async (unit: string, messageId: string): Promise<string | undefined> => {
      const [row] = await query<{ id: string }>(
        'SELECT referral_id AS id FROM case_event WHERE unit = $1 AND message_id = $2',
        [unit, messageId],
      );
      return row?.id;
    },
    files: (unit: string, ids: readonly string[]) =>
      readFiles(query, 'unit = $1 AND id = ANY ($2::uuid[])', [unit, ids]),
  };
}

/** The case about which an officer notes something that stays here. Runs inside one transaction. */
export function holdStore(query: Query): NotesStore {
  const { lockCase } = caseSource(query);
  return {
    lockCase,
    saveCase: (record) => saveCases(query, [record]),
  };
}
