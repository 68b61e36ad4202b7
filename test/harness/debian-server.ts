import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunningPostgres } from '../../libs/launcher';
import { Database } from '../../libs/storage';
import { debianPrograms } from './debian-programs';
import { waitFor } from './wait-for';

const NOBODY = { uid: 65_534, gid: 65_534 };
const PASSWORD = 'invented-for-a-test';
const FLAGS = ['listen_addresses=', 'fsync=off', 'log_min_messages=log'];

/** The part of a running server that tests need: what the embedded one has too. */
export type DebianServer = Pick<RunningPostgres, 'socketDir' | 'port' | 'superuser' | 'stop'>;

/** Starts a server of its own on the cluster in a folder, which is made at first, on a socket in it; with the settings it comes with. */
export async function runDebianServer(folder: string): Promise<DebianServer> {
  const cluster = path.join(folder, 'cluster');
  // As root it runs as nobody: PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? NOBODY : {};
  const settings = { ...user, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
  if (!existsSync(cluster)) makeCluster(folder, cluster, settings);
  const server = spawn(
    path.join(debianPrograms!, 'postgres'),
    ['-D', cluster, ...[...FLAGS, `unix_socket_directories=${folder}`].flatMap((flag) => ['-c', flag])],
    { ...settings, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const kill = () => void server.kill('SIGQUIT');
  process.once('exit', kill);
  const running = { socketDir: folder, port: 5432, superuser: { user: 'postgres', password: PASSWORD } };
  const options = { url: urlOf(running, 'postgres'), poolSize: 1, applicationName: 'test-admin' };
  await waitFor('Debian PostgreSQL to start', () =>
    Database.open(options).then((database) => database.close().then(() => true)),
  );
  return {
    ...running,
    async stop() {
      process.off('exit', kill);
      server.kill('SIGINT');
      await ended;
    },
  };
}

function makeCluster(folder: string, cluster: string, settings: { uid?: number; cwd: string; env: NodeJS.ProcessEnv }) {
  const secret = path.join(folder, 'password');
  mkdirSync(folder, { recursive: true });
  mkdirSync(cluster, { mode: 0o700 });
  writeFileSync(secret, PASSWORD, { mode: 0o600 });
  for (const place of settings.uid === undefined ? [] : [folder, cluster, secret])
    chownSync(place, NOBODY.uid, NOBODY.gid);
  const initdb = spawnSync(
    path.join(debianPrograms!, 'initdb'),
    ['-D', cluster, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C', '-N'],
    { ...settings, encoding: 'utf8' },
  );
  if (initdb.status !== 0) throw new Error(`initdb: ${initdb.stderr}`);
}

/** A database of such a server as its administrator. */
export const urlOf = (
  { socketDir, port, superuser: { user, password } }: Omit<DebianServer, 'stop'>,
  database: string,
) => `postgres://${user}:${password}@localhost/${database}?host=${encodeURIComponent(socketDir)}&port=${port}`;
