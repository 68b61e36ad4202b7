import type { Alarm, RaiseAlarm } from '../exchange';
import { columns } from './columns';
import type { Database, Query } from './database';

/** Raises an alarm as a row: ids and codes, never content. */
export function alarmStore(database: Database): RaiseAlarm {
  return async (kind, subject, code, { detail, once } = {}) => {
    await database.query(
      'INSERT INTO alarm (kind, subject, code, detail, once) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
      [kind, subject, code ?? null, detail ?? null, once ?? null],
    );
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
    /** Those above a version, oldest first: each was verified against the one before. */
    async adopted(above: number): Promise<Uint8Array[]> {
      const rows = await database.query<{ signed: Buffer }>(
        'SELECT signed FROM directory_document WHERE version > $1 ORDER BY version',
        [above],
      );
      return rows.map((row) => row.signed);
    },
    /** One version; undefined when it was not adopted here. */
    async version(version: number): Promise<Uint8Array | undefined> {
      const [row] = await database.query<{ signed: Buffer }>(
        'SELECT signed FROM directory_document WHERE version = $1',
        [version],
      );
      return row?.signed;
    },
    /** Keeps versions in one commit. One that is there already stays as it is. */
    async keep(documents: readonly { readonly version: number; readonly signed: Uint8Array }[]): Promise<void> {
      await database.query(
        `INSERT INTO directory_document (version, signed) SELECT * FROM unnest($1::bigint[], $2::bytea[])
         ON CONFLICT DO NOTHING`,
        columns(
          documents,
          (d) => d.version,
          (d) => Buffer.from(d.signed),
        ),
      );
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
