import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TraoError } from '../errors';
import { clearPlace, clusterPlace, isRemnant, notePlace, type ClusterPlace } from './cluster-place';
import { logTail } from './log-tail';
import { ownFolder } from './own-folder';
import { postgresBinaries } from './postgres-binaries';
import { POSTGRES_PORT, serverArguments } from './postgres-settings';
import { readPostmaster, stopLeftOver } from './postmaster';
import { startWatchdog } from './start-watchdog';

export interface PostgresOptions {
  /** Where the cluster lies; made when missing. Its parent should hold data of this node only. */
  readonly dataDir: string;
  /** Gets one line per step worth telling. */
  readonly log?: (line: string) => void;
  /** False only in tests that can lose everything: a crash of the machine then breaks the cluster. Default true. */
  readonly fsync?: boolean;
  /** More server settings, by their PostgreSQL names; they win over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RunningPostgres {
  readonly socketDir: string;
  /** The socket's number only: nothing listens on the network. */
  readonly port: number;
  readonly superuser: { readonly user: string; readonly password: string };
  readonly pid: number;
  /** Fast shutdown; immediate after 10 s. May be called more than once. */
  stop(): Promise<void>;
}

const SUPERUSER = 'postgres';
const READY_LIMIT_MS = 60_000;
const STOP_PATIENCE_MS = 10_000;

/**
 * Starts the embedded PostgreSQL on the cluster in `dataDir`, which is made at the first start. For demonstration and tests.
 * It ends with `stop()`, and also when this process ends in any other way.
 * @throws TraoError start_failed with the last lines of the server's log
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.log ?? (() => undefined);
  const place = clusterPlace(options.dataDir);
  if (place.pointer) log(`PostgreSQL's user cannot reach ${options.dataDir}: its cluster lies in ${place.cluster}`);
  await stopLeftOver(place.cluster, log);
  if (isRemnant(place)) return removePostgres(options.dataDir).then(() => startPostgres(options));
  const binaries = postgresBinaries(place.user);
  ownFolder(place.socketDir, 0o700, place.user);
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) {
    log(`creating the PostgreSQL cluster in ${place.cluster}`);
    await createCluster(place, binaries);
  }
  const server = await startServer(place, binaries, options);
  const pid = server.pid ?? -1;
  return {
    socketDir: place.socketDir,
    port: POSTGRES_PORT,
    superuser: { user: SUPERUSER, password: readPassword(place) },
    pid,
    stop: () => stopServer(server, place),
  };
}

/**
 * Stops what is left over of the server of `dataDir` and removes its cluster with all that belongs to it, wherever it lies.
 * @throws TraoError start_failed when the cluster is in use
 */
export async function removePostgres(dataDir: string): Promise<void> {
  const place = clusterPlace(dataDir);
  await stopLeftOver(place.cluster, () => undefined);
  clearPlace(place);
}

/** Runs initdb in a draft folder and renames that, so that a half-made cluster is never taken for one. */
async function createCluster(place: ClusterPlace, binaries: string): Promise<void> {
  const { cluster, passwordFile, socketDir, user } = place;
  if (existsSync(cluster) && readdirSync(cluster).length > 0) {
    throw new TraoError('start_failed', { detail: `${cluster} is not empty and holds no PostgreSQL cluster.` });
  }
  const draft = `${cluster}.draft`;
  const password = randomBytes(24).toString('base64url');
  // initdb runs as the server's user, who must read the password once: in the one folder that only that user can enter.
  const handover = join(socketDir, 'password');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(handover, password, { mode: 0o600 });
  try {
    for (const path of user ? [draft, handover] : []) chownSync(path, user!.uid, user!.gid);
    await promisify(execFile)(join(binaries, 'initdb'), initdbArguments(draft, handover), {
      ...user,
      ...surroundings(),
    });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    renameSync(draft, cluster);
    notePlace(place);
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    rmSync(draft, { recursive: true, force: true });
    const said = (stderr || message).trim().split('\n').slice(-3).join(' | ');
    throw new TraoError('start_failed', { detail: `initdb: ${said}`, cause });
  } finally {
    rmSync(handover, { force: true });
  }
}

function initdbArguments(cluster: string, passwordFile: string): string[] {
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  // Only initdb may skip the sync: nothing is lost when a cluster without data breaks.
  return ['-D', cluster, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync', ...locale];
}

async function startServer(place: ClusterPlace, binaries: string, options: PostgresOptions): Promise<ChildProcess> {
  const logFile = join(place.cluster, 'server.log');
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const output = openSync(logFile, 'a', 0o600);
    const from = fstatSync(output).size;
    const server = spawn(join(binaries, 'postgres'), serverArguments(place, options), {
      ...place.user,
      ...surroundings(),
      stdio: ['ignore', output, output],
      // Its own process group: Ctrl-C on the terminal must not stop the database before its clients.
      detached: true,
    });
    closeSync(output);
    const failure = await untilReady(server, place.cluster, deadline);
    if (!failure) return server;
    const said = logTail(logFile, from);
    // The children of a server that was killed with -9 need a moment to notice it.
    if (!/shared memory block/.test(said) || Date.now() > deadline) {
      throw new TraoError('start_failed', { detail: `PostgreSQL ${failure}. ${said}` });
    }
    await sleep(100);
  }
}

/** Undefined once the server takes connections; else what happened. Its watchdog runs from the first moment. */
async function untilReady(server: ChildProcess, cluster: string, deadline: number): Promise<string | undefined> {
  let ended: string | undefined;
  server.once('error', (error) => (ended = `did not run: ${error.message}`));
  server.once('exit', (code, signal) => (ended = `ended with ${signal ?? `exit code ${code}`}`));
  server.unref();
  if (server.pid !== undefined) startWatchdog(server, cluster);
  while (!ended) {
    const noted = readPostmaster(cluster);
    if (noted?.ready && noted.pid === server.pid) return undefined;
    if (Date.now() > deadline) {
      server.kill('SIGQUIT');
      return `was not ready after ${READY_LIMIT_MS} ms`;
    }
    await sleep(10);
  }
  return ended;
}

async function stopServer(server: ChildProcess, { socketDir }: ClusterPlace): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const exited = new Promise((resolve) => server.once('exit', resolve));
    server.ref();
    server.kill('SIGINT');
    const timer = setTimeout(() => server.kill('SIGQUIT'), STOP_PATIENCE_MS);
    await exited;
    clearTimeout(timer);
  }
  try {
    rmdirSync(socketDir);
  } catch {
    // Gone already, or the next server uses it.
  }
}

function readPassword({ passwordFile, cluster }: ClusterPlace): string {
  try {
    return readFileSync(passwordFile, 'utf8');
  } catch (cause) {
    throw new TraoError('start_failed', { detail: `${passwordFile} of the cluster ${cluster} cannot be read.`, cause });
  }
}

/** Nothing of our environment reaches the server: PG* variables would change it, others are not its business. */
function surroundings(): { cwd: string; env: Record<string, string> } {
  return { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
}
