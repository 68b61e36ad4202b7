import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { TraoError } from '../errors';
import { ownFolder } from './own-folder';
import { reachable, type ServerUser } from './reachable';

export interface ClusterPlace {
  /** The cluster itself (PGDATA). */
  readonly cluster: string;
  /** The superuser's password, mode 0600, beside the cluster. */
  readonly passwordFile: string;
  /** Made at every start, mode 0700, owned by the server's user; short, because a socket path holds 107 bytes only. */
  readonly socketDir: string;
  /** Set when we are root: PostgreSQL refuses to run as root, so it runs as this user. */
  readonly user: ServerUser | undefined;
  /** Set when the cluster could not lie in the data dir: the file beside it that tells where it went. */
  readonly pointer: string | undefined;
}

const NOBODY: ServerUser = { uid: 65534, gid: 65534 };
/** 104 with the final zero on macOS, 108 on Linux. */
const MAX_SOCKET_PATH = 103;

/**
 * Where the cluster of `dataDir` lies, and as whom it runs.
 *
 * The rule: in `dataDir`. The exception: we are root and the server's user cannot pass the folders above (a repository in
 * root's home). Then it lies in /var/tmp, which survives a reboot, and `<dataDir>.location` names the place. The pointer
 * is what counts: without it the cluster in /var/tmp is a remnant and not used again.
 */
export function clusterPlace(dataDir: string): ClusterPlace {
  const parent = ownParent(dirname(resolve(dataDir)));
  const wanted = join(parent, basename(dataDir));
  const user = serverUser(wanted);
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const socketDir = join(socketParent(user), `trao-pg-${key}`);
  if (reachable(parent, user)) {
    return { cluster: wanted, passwordFile: `${wanted}.password`, socketDir, user, pointer: undefined };
  }
  const home = ownFolder(join(sharedFolder('/var/tmp', user), `trao-pg-${key}`), 0o711);
  const cluster = join(home, 'cluster');
  return { cluster, passwordFile: `${cluster}.password`, socketDir, user, pointer: `${wanted}.location` };
}

/** Writes the pointer of a moved cluster. */
export function notePlace({ cluster, pointer }: ClusterPlace): void {
  if (pointer) writeFileSync(pointer, `${cluster}\n`);
}

/** Removes the cluster and all that belongs to it. The server must be down. */
export function clearPlace({ cluster, passwordFile, socketDir, pointer }: ClusterPlace): void {
  for (const path of [cluster, passwordFile, socketDir, ...(pointer ? [pointer, dirname(cluster)] : [])]) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** True when a cluster lies in the moved place although its pointer is gone: the data dir was removed to begin anew. */
export function isRemnant({ cluster, pointer }: ClusterPlace): boolean {
  return pointer !== undefined && !existsSync(pointer) && existsSync(cluster);
}

/** Makes the parent when missing. An empty one, such as a fresh mkdtemp, is ours as well: it is opened for passing through. */
function ownParent(parent: string): string {
  if (!existsSync(parent)) {
    mkdirSync(parent, { recursive: true });
    chmodSync(parent, 0o755);
  } else if (process.getuid?.() === 0 && statSync(parent).uid === 0 && readdirSync(parent).length === 0) {
    chmodSync(parent, statSync(parent).mode | 0o011);
  }
  return realpathSync(parent);
}

/** Root lends a new cluster to nobody, and runs an existing one as the user who made it. */
function serverUser(cluster: string): ServerUser | undefined {
  const uid = process.getuid?.();
  const entry = statSync(cluster, { throwIfNoEntry: false });
  if (uid === 0) return entry && entry.uid !== 0 ? { uid: entry.uid, gid: entry.gid } : NOBODY;
  if (entry && entry.uid !== uid) {
    throw new TraoError('start_failed', {
      detail: `${cluster} belongs to another user (a start as root made it?). Start as that user or remove the folder.`,
    });
  }
  return undefined;
}

function socketParent(user: ServerUser | undefined): string {
  const parent = sharedFolder(tmpdir(), user);
  return Buffer.byteLength(join(parent, 'trao-pg-0123456789ab/.s.PGSQL.5432')) <= MAX_SOCKET_PATH ? parent : '/tmp';
}

/** `folder` when the server's user can reach it, else /tmp. */
function sharedFolder(folder: string, user: ServerUser | undefined): string {
  return existsSync(folder) && reachable(folder, user) ? folder : '/tmp';
}
