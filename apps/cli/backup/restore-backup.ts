import { mkdir, open, readdir, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { TraoError } from '../../../libs/errors';
import { backups, Database } from '../../../libs/storage';
import { migrateNode } from './migrate-node';
import type { Manifest } from './parts';
import { beginRestore, findTool, type PgTool, type Restoring } from './pg-tools';
import { showProgress } from './progress';
import { readBackup, verifyBackup } from './read-backup';
import { roleLogins } from './role-passwords';
import { readOpener, type RecipientKey } from './recipient';

export interface RestoreOrder {
  readonly from: string;
  readonly key: string;
  readonly databaseUrl: string;
  /** A folder that is not there yet, or is empty: keys and files go there. */
  readonly keysTo: string;
  /** Passwords of the roles; made in the folder where none are given. */
  readonly passwords: string | undefined;
  readonly quiet: boolean;
}

export interface Restored {
  readonly manifest: Manifest;
  readonly database: string;
  readonly roles: readonly string[];
  readonly passwordFile: string;
  /** Migrations of this program that the backup did not have, and that were run. */
  readonly steps: readonly string[];
}

/**
 * Restores a node from a backup. The whole file is read and verified before anything is written; then keys and files go into a draft
 * folder, and the database into an empty one in one transaction. The folder gets its name when the database is committed.
 * @throws TraoError `bad_key`, `bad_request`, `backup_*`, `restore_*`, `schema_newer`, `database_unavailable`, `config_invalid`
 */
export async function restoreBackup(order: RestoreOrder): Promise<Restored> {
  const key = await readOpener(order.key);
  await assertEmptyFolder(order.keysTo);
  const database = await Database.open({ url: order.databaseUrl, poolSize: 1, applicationName: 'trao-restore' });
  try {
    if (!(await backups.isEmptyDatabase(database.query)))
      throw new TraoError('restore_occupied', { detail: 'The database is not empty. Make a new one: createdb NAME' });
    const manifest = await verifyBackup(order.from, key, order.quiet);
    const tool = await toolFor(database, manifest);
    // A wrong list of passwords is told before anything is written.
    if (order.passwords !== undefined) await roleLogins(manifest.database, order.passwords);
    await backups.makeRolesOf(database.query, manifest.roles);
    await writeEverything(order, key, tool, manifest);
    const passwordFile = order.passwords ?? path.join(order.keysTo, 'role-passwords.json');
    const migrated = await migrateNode(order.databaseUrl, { dryRun: false, passwords: passwordFile });
    await backups.forgetRunning(database.query);
    return { manifest, database: migrated.database, roles: migrated.roles, passwordFile, steps: migrated.steps };
  } finally {
    await database.close();
  }
}

/** A dump goes into a server that is as new as the one that it is of, by a tool as new as the one that made it. */
async function toolFor(database: Database, { postgres, schema }: Manifest): Promise<PgTool> {
  const { server, pending } = await backups.databaseFacts(database.query);
  if (server < postgres.server)
    throw new TraoError('backup_tool_old', {
      detail: `This server is PostgreSQL ${server}; the backup is of ${postgres.server}.`,
    });
  if (!pending.includes(schema.newest))
    throw new TraoError('schema_newer', { detail: `The backup has the migration ${schema.newest}.` });
  return findTool('pg_restore', Math.max(postgres.tool, postgres.server));
}

async function assertEmptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new TraoError('bad_request', { detail: `${folder} cannot be read.`, cause: error });
  });
  if (names.length > 0) throw new TraoError('restore_occupied', { detail: `${folder} is not empty.` });
}

async function writeEverything(
  order: RestoreOrder,
  key: RecipientKey,
  tool: PgTool,
  manifest: Manifest,
): Promise<void> {
  const draft = `${path.resolve(order.keysTo)}.part`;
  await mkdir(draft, { mode: 0o700 }).catch((cause: unknown) => {
    throw new TraoError('restore_occupied', { detail: `${draft} is there already, or cannot be made.`, cause });
  });
  const restoring = beginRestore(tool, order.databaseUrl);
  const progress = showProgress(
    manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0),
    order.quiet,
  );
  try {
    await writeParts(order.from, key, draft, restoring, progress.on);
    await rmdir(order.keysTo).catch(() => undefined);
    await restoring.finish();
    await rename(draft, order.keysTo);
  } catch (error) {
    restoring.abort();
    await rm(draft, { recursive: true, force: true });
    throw error;
  } finally {
    progress.end();
  }
}

async function writeParts(
  from: string,
  key: RecipientKey,
  draft: string,
  restoring: Restoring,
  onBytes: (part: string, bytes: number) => void,
): Promise<void> {
  let file: FileHandle | undefined;
  let bytes = 0;
  const close = async () => {
    await file?.sync();
    await file?.close();
    file = undefined;
  };
  try {
    for await (const read of readBackup(from, key)) {
      if ('begin' in read) {
        await close();
        bytes = 0;
        file = read.begin === 'database' ? undefined : await openNew(path.join(draft, placeOf(read.begin)));
      } else if ('block' in read) {
        if (file) await file.write(read.block);
        else await restoring.write(read.block);
        onBytes(read.part, (bytes += read.block.length));
      }
    }
  } finally {
    await close();
  }
}

/** `files/KIND/NAME` lies in the folder itself under KIND, `keys/…` as it is named. */
const placeOf = (part: string) => (part.startsWith('files/') ? part.slice('files/'.length) : part);

/** Key files are for their owner only, and so are the folders above them. */
async function openNew(place: string): Promise<FileHandle> {
  await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
  return open(place, 'wx', 0o600);
}
