import type { RaiseAlarm } from '../exchange';
import type { Database } from './database';

/** Raises an alarm as a row: ids and codes, never content. */
export function alarmStore(database: Database): RaiseAlarm {
  return async (kind, subject, code) => {
    await database.query('INSERT INTO alarm (kind, subject, code) VALUES ($1, $2, $3)', [kind, subject, code ?? null]);
  };
}

/** The signed directories that were adopted, so that no older one is taken after a restart. */
export function directoryStore(database: Database) {
  return {
    /** All of them, oldest first: each was verified against the one before. */
    async adopted(): Promise<Uint8Array[]> {
      const rows = await database.query<{ signed: Buffer }>('SELECT signed FROM directory_document ORDER BY version');
      return rows.map((row) => row.signed);
    },
    async keep(version: number, signed: Uint8Array): Promise<void> {
      await database.query('INSERT INTO directory_document (version, signed) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        version,
        signed,
      ]);
    },
  };
}

/** Numbers for health and doctor. */
export async function outboxAge(database: Database): Promise<{ readonly waiting: number; readonly oldestS: number }> {
  const [row] = await database.query<{ waiting: number; oldest: number | null }>(
    `SELECT count(*)::int AS waiting, extract(epoch FROM now() - min(created_at))::int AS oldest FROM outbox WHERE state IN ('queued', 'sending')`,
  );
  return { waiting: row?.waiting ?? 0, oldestS: row?.oldest ?? 0 };
}
