import { TraoError } from '../errors';
import type { Query } from './database';
import { MIGRATION_TABLE, MIGRATIONS } from './migrations/list';

/** Which migrations a database has, and which it lacks, oldest first. */
export interface SchemaState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/** @throws TraoError `schema_newer` for a database with migrations that this program does not know */
export async function schemaState(query: Query): Promise<SchemaState> {
  const [found] = await query<{ there: boolean }>(
    `SELECT to_regclass('public.${MIGRATION_TABLE}') IS NOT NULL AS there`,
  );
  const rows = found?.there
    ? await query<{ name: string }>(`SELECT name FROM public.${MIGRATION_TABLE} ORDER BY id`)
    : [];
  const names = MIGRATIONS.map((Migration) => new Migration().name);
  const applied = rows.map(({ name }) => name);
  const unknown = applied.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new TraoError('schema_newer', { detail: `It has the migration ${unknown}.` });
  return { applied, pending: names.filter((name) => !applied.includes(name)) };
}

/** What a backup says of the database that it was made of. */
export interface DatabaseFacts extends SchemaState {
  readonly database: string;
  /** Major version of the server. */
  readonly server: number;
  /** Roles that policies name; they have to be there before a dump can be restored. */
  readonly roles: readonly string[];
}

/** @throws TraoError `schema_newer` */
export async function databaseFacts(query: Query): Promise<DatabaseFacts> {
  const [row] = await query<Omit<DatabaseFacts, keyof SchemaState>>(
    `SELECT current_database() AS database, current_setting('server_version_num')::int / 10000 AS server,
       coalesce((SELECT array_agg(DISTINCT r.rolname::text ORDER BY r.rolname::text) FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)), '{}') AS roles`,
  );
  return { ...row!, ...(await schemaState(query)) };
}

/** Whether there is nothing in a database but what every new one has. */
export async function isEmptyDatabase(query: Query): Promise<boolean> {
  const [row] = await query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (
       SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
       UNION ALL SELECT oid FROM pg_namespace WHERE nspname NOT IN ('information_schema', 'public') AND nspname NOT LIKE 'pg\\_%') AS own`,
  );
  return row!.count === 0;
}

/** Makes roles that a dump names and the server lacks; they can do nothing, not even sign in. */
export async function makeRolesOf(query: Query, roles: readonly string[]): Promise<void> {
  for (const role of roles) {
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(role))
      throw new TraoError('backup_damaged', { detail: 'It names an impossible role.' });
    const known = await query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    if (known.length === 0) await query(`CREATE ROLE "${role}" NOLOGIN`);
  }
}

/** Forgets who was signed in and what was running when a backup was made: nobody is, and nothing runs, where it is restored. */
export async function forgetRunning(query: Query): Promise<void> {
  await query('DELETE FROM office_session; DELETE FROM monitor_session; DELETE FROM process_beat');
}

/** Notes that a backup was made, or why none was, for those who watch its age. */
export async function noteBackup(query: Query, bytes: number, failure?: string): Promise<void> {
  await query('INSERT INTO backup_run (ok, bytes, code) VALUES ($1, $2, $3)', [
    failure === undefined,
    bytes,
    failure ?? null,
  ]);
}
