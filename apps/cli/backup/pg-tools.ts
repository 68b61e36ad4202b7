import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { TraoError, type Code } from '../../../libs/errors';
import { connectionOf } from '../../../libs/storage';

/** `pg_dump` and `pg_restore`: the embedded server has neither, so they are those of the operating system. */
export interface PgTool {
  readonly path: string;
  readonly major: number;
}

type ToolName = 'pg_dump' | 'pg_restore';

/** Where Debian and Red Hat put the programs of each version. */
const INSTALLED = ['/usr/lib/postgresql', '/usr/pgsql'];

/**
 * The tool to use: of TRAO_PG_BIN, else the first on the PATH or of those installed that is as new as is needed.
 * @param least major version; an older tool does not know what a newer server has
 * @throws TraoError `backup_tool_missing`, `backup_tool_old` with what to install
 */
export async function findTool(name: ToolName, least: number): Promise<PgTool> {
  const found: PgTool[] = [];
  for (const file of await candidates(name)) {
    const major = await majorOf(file);
    if (major === undefined) continue;
    if (major >= least) return { path: file, major };
    found.push({ path: file, major });
  }
  const advice = `Install the client programs of PostgreSQL ${least} (Debian: postgresql-client-${least}), or set TRAO_PG_BIN to their folder.`;
  if (found.length === 0) throw new TraoError('backup_tool_missing', { detail: `There is no ${name}. ${advice}` });
  const old = found.map(({ path: file, major }) => `${file} is version ${major}`).join(', ');
  throw new TraoError('backup_tool_old', { detail: `${old}; needed is ${least}. ${advice}` });
}

async function candidates(name: ToolName): Promise<string[]> {
  const own = process.env['TRAO_PG_BIN'];
  if (own) return [path.join(own, name)];
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const versions = await readdir(INSTALLED[0]!).catch(() => []);
  const installed = versions.filter((version) => /^\d+$/.test(version)).toSorted((a, b) => Number(b) - Number(a));
  return [...onPath, ...installed.map((version) => path.join(INSTALLED[0]!, version, 'bin'))].map((folder) =>
    path.join(folder, name),
  );
}

async function majorOf(file: string): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)(file, ['--version'], { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } });
    const [, major] = /\(PostgreSQL\) (\d+)/.exec(stdout) ?? [];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

/** The dump of a whole database as a stream. Compressed a little: sealed bytes are text and hardly shrink further. */
export async function* dump(tool: PgTool, url: string): AsyncIterable<Uint8Array> {
  const args = ['--format=custom', '--no-owner', '--no-privileges', '--compress=1', '--lock-wait-timeout=60s'];
  const child = spawn(tool.path, args, { env: surroundings(url), stdio: ['ignore', 'pipe', 'pipe'] });
  const ending = endOf(child);
  try {
    for await (const block of child.stdout) yield block as Uint8Array;
    await ending('backup_failed');
  } finally {
    child.kill('SIGKILL');
  }
}

/** Takes a dump in, in one transaction: all of it or nothing. */
export interface Restoring {
  write(block: Uint8Array): Promise<void>;
  /** Waits until all is committed. @throws TraoError `restore_failed` */
  finish(): Promise<void>;
  /** Ends it; nothing has been committed. */
  abort(): void;
}

export function beginRestore(tool: PgTool, url: string): Restoring {
  const { database } = connectionOf(url);
  const args = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges', `--dbname=${database}`];
  const child = spawn(tool.path, args, { env: surroundings(url), stdio: ['pipe', 'ignore', 'pipe'] });
  const ending = endOf(child);
  // It ends early when it refuses the dump; `finish` says why.
  child.stdin.on('error', () => undefined);
  let ended = false;
  void once(child, 'close').then(() => (ended = true));
  return {
    async write(block) {
      if (ended || child.stdin.destroyed || child.stdin.write(block)) return;
      await Promise.race([once(child.stdin, 'drain'), once(child, 'close')]);
    },
    async finish() {
      child.stdin.end();
      await ending('restore_failed');
    },
    abort: () => child.kill('SIGKILL'),
  };
}

/** Waits for the end of a tool. Of what it says, only the first line of an error is told: those after it may quote rows. */
function endOf(child: ChildProcess): (failure: Code) => Promise<void> {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 4096) said += text;
  });
  const closed = new Promise<string | undefined>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  });
  return async (failure) => {
    const how = await closed;
    if (how === undefined) return;
    const [line = ''] = /^.*error: .*$/m.exec(said) ?? [];
    throw new TraoError(failure, {
      detail: `${path.basename(child.spawnfile)} ended with ${how}. ${line.slice(0, 300)}`.trim(),
    });
  };
}

/** The connection goes through the environment: command lines are read by everybody on a machine. */
function surroundings(url: string): NodeJS.ProcessEnv {
  const { host, port, username, password, database, ssl } = connectionOf(url);
  return {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: ssl ? 'verify-full' : 'disable',
    ...(ssl && { PGSSLROOTCERT: process.env['PGSSLROOTCERT'] ?? 'system' }),
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'trao-backup',
  };
}
