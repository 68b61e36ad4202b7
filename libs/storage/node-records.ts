import type { Alarm, RaiseAlarm } from '../exchange';
import { columns } from './columns';
import type { Database, Query } from './database';

/** Raises an alarm as a row: ids and codes, never content. */
export function alarmStore(database: Database): RaiseAlarm {
  return async (kind, subject, code) => {
    await database.query('INSERT INTO alarm (kind, subject, code) VALUES ($1, $2, $3)', [kind, subject, code ?? null]);
  };
}

/** Writes alarms as rows inside the transaction of what they are about, so that neither is there without the other. */
export async function insertAlarms(query: Query, alarms: readonly Alarm[]): Promise<void> {
  if (alarms.length === 0) return;
  await query(
    'INSERT INTO alarm (kind, subject, code) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])',
    columns(
      alarms,
      (a) => a.kind,
      (a) => a.subject,
      (a) => a.code ?? null,
    ),
  );
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
