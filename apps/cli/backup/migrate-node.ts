import { TraoError } from '../../../libs/errors';
import { migrateQueue, QUEUE_SCHEMA } from '../../../libs/queue';
import { backups, connectionOf, createRoles, Database, grantQueue, type RoleLogin } from '../../../libs/storage';
import { roleLogins } from './role-passwords';

export interface Migrated {
  readonly database: string;
  /** How many migrations had run, and how many have now. */
  readonly from: number;
  readonly to: number;
  /** Names of those that were run, or would be. */
  readonly steps: readonly string[];
  readonly roles: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Brings the database of a node up to date: tables, the queue's tables, roles with their rights.
 * @throws TraoError `database_unavailable`, `schema_newer`, `config_invalid`
 */
export async function migrateNode(
  url: string,
  { dryRun, passwords }: { dryRun: boolean; passwords: string | undefined },
): Promise<Migrated> {
  const database = await Database.open({ url, poolSize: 2, applicationName: 'trao-migrate' });
  try {
    const { database: name, applied, pending } = await backups.databaseFacts(database.query);
    const outcome = {
      database: name,
      from: applied.length,
      to: applied.length + pending.length,
      steps: pending,
      dryRun,
    };
    if (dryRun) return { ...outcome, roles: [] };
    const logins = await roleLogins(name, passwords);
    if (passwords === undefined) await assertRoles(database, logins);
    await database.migrate();
    await prepareQueueAndRoles(database, url, name, logins);
    return { ...outcome, roles: logins.map(({ role }) => role) };
  } finally {
    await database.close();
  }
}

/** Without passwords no role can be made, and it is better known before the tables change than after. */
async function assertRoles({ query }: Pick<Database, 'query'>, logins: readonly RoleLogin[]): Promise<void> {
  const rows = await query<{ role: string }>('SELECT rolname AS role FROM pg_roles');
  const known = new Set(rows.map(({ role }) => role));
  const missing = logins.map(({ role }) => role).filter((role) => !known.has(role));
  if (missing.length > 0)
    throw new TraoError('config_invalid', {
      detail: `There are no roles ${missing.join(', ')}: give their passwords with --role-passwords FILE.`,
    });
}

/** What the processes of a node need besides its tables. The queue's tables are made also where the queue is elsewhere: they stay empty. */
async function prepareQueueAndRoles(
  { query }: Pick<Database, 'query'>,
  url: string,
  name: string,
  logins: readonly RoleLogin[],
): Promise<void> {
  const { username, ...connection } = connectionOf(url);
  await migrateQueue({ kind: 'postgres', user: username, ...connection });
  await createRoles(query, name, logins);
  const worker = logins.find(({ process }) => process === 'worker')!;
  await grantQueue(query, name, QUEUE_SCHEMA, worker.role);
}
