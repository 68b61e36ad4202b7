import { createHash } from 'node:crypto';
import { open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { asTraoError, TraoError } from '../../../libs/errors';
import { backups, Database } from '../../../libs/storage';
import { sealBackup } from './container';
import { writeParts, type BackupFacts, type Part } from './parts';
import { dump, findTool, type PgTool } from './pg-tools';
import { showProgress, type Progress } from './progress';
import { readRecipient, type RecipientKey } from './recipient';
import { partsOf, type Sources } from './sources';

export interface BackupOrder {
  readonly out: string;
  readonly encryptTo: string;
  readonly databaseUrl: string;
  readonly node: string;
  readonly sources: Sources;
  /** Nothing of progress is shown. */
  readonly quiet: boolean;
}

export interface MadeBackup {
  readonly file: string;
  readonly bytes: number;
  /** Of the file, as hexadecimal. */
  readonly sha256: string;
  readonly kid: string;
  readonly parts: number;
  readonly facts: BackupFacts;
  /** False when the database could not be told that a backup was made. */
  readonly noted: boolean;
}

/**
 * Backs a node up into one encrypted file. What pg_dump says goes from its pipe through encryption into the file: no byte of it is on
 * disk in clear. The file gets its name when it is complete and on disk.
 * @throws TraoError `bad_key`, `bad_request`, `restore_occupied` for a file that is there, `backup_*`, `schema_newer`,
 *   `database_unavailable`
 */
export async function makeBackup(order: BackupOrder, now: Date): Promise<MadeBackup> {
  const recipient = await readRecipient(order.encryptTo);
  await assertFree(order.out);
  const parts = await partsOf(order.sources);
  const database = await Database.open({ url: order.databaseUrl, poolSize: 1, applicationName: 'trao-backup' });
  try {
    const { pending, applied, ...facts } = await backups.databaseFacts(database.query);
    if (pending.length > 0)
      throw new TraoError('backup_failed', { detail: 'The database is not up to date: run trao migrate first.' });
    const tool = await findTool('pg_dump', facts.server);
    const about: BackupFacts = {
      format: 1,
      node: order.node,
      madeAt: now.toISOString(),
      database: facts.database,
      schema: { newest: applied.at(-1)!, count: applied.length },
      postgres: { server: facts.server, tool: tool.major },
      roles: facts.roles,
    };
    const progress = showProgress(await expectedBytes(database), order.quiet);
    try {
      const written = await writeFile(order, recipient, parts, tool, about, progress);
      const noted = await note(database, written.bytes);
      return { file: order.out, ...written, kid: recipient.kid, parts: parts.length + 1, facts: about, noted };
    } catch (error) {
      await note(database, 0, asTraoError(error).code);
      throw error;
    } finally {
      progress.end();
    }
  } finally {
    await database.close();
  }
}

async function assertFree(file: string): Promise<void> {
  if (await stat(file).catch(() => undefined))
    throw new TraoError('restore_occupied', {
      detail: `${file} is there already: a backup takes the place of no file.`,
    });
}

async function writeFile(
  { out, databaseUrl }: BackupOrder,
  recipient: RecipientKey,
  parts: readonly Part[],
  tool: PgTool,
  facts: BackupFacts,
  progress: Progress,
): Promise<{ bytes: number; sha256: string }> {
  const draft = `${out}.part`;
  const handle = await open(draft, 'wx', 0o600).catch((cause: unknown) => {
    throw new TraoError('bad_request', { detail: `${draft} is there already, or cannot be written.`, cause });
  });
  try {
    // Keys before the database: a key that is made meanwhile is not in use yet, and what is destroyed opens nothing any more.
    const all = [...parts, { name: 'database', content: dump(tool, databaseUrl) }];
    const written = await writeAll(handle, sealBackup(writeParts(all, facts, progress.on), recipient));
    await handle.sync();
    await handle.close();
    await rename(draft, out);
    return written;
  } catch (error) {
    await handle.close();
    await unlink(draft);
    throw error instanceof TraoError ? error : new TraoError('backup_failed', { cause: error });
  }
}

async function writeAll(
  handle: FileHandle,
  sealed: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const block of sealed) {
    hash.update(block);
    bytes += block.length;
    await handle.write(block);
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function expectedBytes(database: Database): Promise<number> {
  const [row] = await database.query<{ size: string }>('SELECT pg_database_size(current_database()) AS size');
  return Number(row!.size);
}

/** A backup that was made is good, whether the note of it could be written or not. */
async function note(database: Database, bytes: number, failure?: string): Promise<boolean> {
  return backups.noteBackup(database.query, bytes, failure).then(
    () => true,
    () => false,
  );
}
