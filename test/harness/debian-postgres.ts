import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Database } from '../../libs/storage';
import { debianPrograms } from './debian-programs';
import { waitFor } from './wait-for';

export { debianPrograms };

const NOBODY = { uid: 65_534, gid: 65_534 };

if (debianPrograms === undefined)
  process.stderr.write(
    'backups are not proven here: no postgresql with its tools (Debian: apt-get install postgresql)\n',
  );

/** For what needs them: left out, with a line that says so, where they are not there. */
export const describeWithPostgres = debianPrograms === undefined ? describe.skip : describe;

/** What is missing where it must not be: in CI. */
export const missingInCi = () =>
  process.env['CI'] === undefined || debianPrograms !== undefined ? [] : ['postgresql'];

export interface DebianPostgres {
  /** A database as the administrator. */
  url(database: string): string;
  /** Makes an empty database and answers its URL. */
  create(database: string): Promise<string>;
  stop(): Promise<void>;
}

const PASSWORD = 'invented-for-a-test';

/** Starts a server of its own in a folder, on a socket in it. As root it runs as nobody: PostgreSQL refuses to run as root. */
export async function startDebianPostgres(folder: string): Promise<DebianPostgres> {
  const [cluster, secret] = [path.join(folder, 'cluster'), path.join(folder, 'password')];
  const user = process.getuid?.() === 0 ? NOBODY : {};
  mkdirSync(folder, { recursive: true });
  mkdirSync(cluster, { mode: 0o700 });
  writeFileSync(secret, PASSWORD, { mode: 0o600 });
  for (const place of 'uid' in user ? [folder, cluster, secret] : []) chownSync(place, NOBODY.uid, NOBODY.gid);
  const settings = { ...user, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
  const initdb = spawnSync(
    path.join(debianPrograms!, 'initdb'),
    ['-D', cluster, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C', '-N'],
    { ...settings, encoding: 'utf8' },
  );
  if (initdb.status !== 0) throw new Error(`initdb: ${initdb.stderr}`);
  const flags = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off', 'log_min_messages=log'];
  const server = spawn(
    path.join(debianPrograms!, 'postgres'),
    ['-D', cluster, ...flags.flatMap((flag) => ['-c', flag])],
    {
      ...settings,
      stdio: 'ignore',
    },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const kill = () => void server.kill('SIGQUIT');
  process.once('exit', kill);
  const url = (database: string) =>
    `postgres://postgres:${PASSWORD}@localhost/${database}?host=${encodeURIComponent(folder)}&port=5432`;
  const open = () => Database.open({ url: url('postgres'), poolSize: 1, applicationName: 'test-admin' });
  const admin = await waitFor('Debian PostgreSQL to start', open);
  return {
    url,
    async create(database) {
      await admin.query(`CREATE DATABASE ${database}`);
      return url(database);
    },
    async stop() {
      process.off('exit', kill);
      await admin.close();
      server.kill('SIGINT');
      await ended;
    },
  };
}
