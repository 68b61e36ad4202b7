import type { DraftStore, StoredDraft } from '../casework';
import { caseSource } from './cases';
import type { Database, Query } from './database';

const DRAFT = `unit, id, wrapped_key AS "wrappedKey", body, expires_at AS "expiresAt"`;

/** The draft, locked until the commit. */
export async function lockDraft(query: Query, unit: string, id: string): Promise<StoredDraft | undefined> {
  const [row] = await query<StoredDraft>(`SELECT ${DRAFT} FROM draft WHERE unit = $1 AND id = $2 FOR UPDATE`, [
    unit,
    id,
  ]);
  return row;
}

/** The unit's drafts, newest change first. */
export function listDrafts(query: Query, unit: string, limit: number): Promise<StoredDraft[]> {
  return query<StoredDraft>(`SELECT ${DRAFT} FROM draft WHERE unit = $1 ORDER BY changed_at DESC, id DESC LIMIT $2`, [
    unit,
    limit,
  ]);
}

/** Messages that wait for their second officer. Runs inside one transaction. */
export function draftStore(query: Query): DraftStore {
  return {
    ...caseSource(query),

    lockDraft: (unit, id) => lockDraft(query, unit, id),

    async saveDraft({ unit, id, wrappedKey, body, expiresAt }) {
      await query(
        `INSERT INTO draft (unit, id, wrapped_key, body, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (unit, id) DO UPDATE
           SET wrapped_key = excluded.wrapped_key, body = excluded.body, expires_at = excluded.expires_at, changed_at = now()`,
        [unit, id, wrappedKey, body, expiresAt],
      );
    },

    async removeDraft(unit, id) {
      await query('DELETE FROM draft WHERE unit = $1 AND id = $2', [unit, id]);
    },

    drafts: (unit, limit) => listDrafts(query, unit, limit),
  };
}

/**
 * Removes the drafts of all units that nobody has changed for too long.
 * @returns how many; its role sees expired drafts only, so a clock that runs ahead of the database removes none before its time
 */
export async function dropExpiredDrafts(database: Pick<Database, 'query'>, now: Date): Promise<number> {
  const [row] = await database.query<{ dropped: number }>(
    `WITH dropped AS (DELETE FROM draft WHERE expires_at <= $1 RETURNING true)
     SELECT count(*)::int AS dropped FROM dropped`,
    [now],
  );
  return row?.dropped ?? 0;
}
