import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRoles, Database, PROCESS_ROLES, type ProcessRole } from '../../libs/storage';
import { debianPrograms } from '../harness/debian-programs';
import { waitFor } from '../harness/wait-for';
import type { NodeDatabase } from './database-fixture';

/** As root the servers run as nobody: PostgreSQL refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const user = process.getuid?.() === 0 ? NOBODY : {};
const PASSWORD = 'invented';
const OWNER = 'postgres';
const settings = (cwd: string) => ({
  ...user,
  cwd,
  env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', PGPASSWORD: PASSWORD },
});

function ownFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ('uid' in user) chownSync(folder, NOBODY.uid, NOBODY.gid);
  return folder;
}

function run(program: string, args: readonly string[], folder: string): void {
  const { status, stderr } = spawnSync(path.join(debianPrograms!, program), args, {
    ...settings(folder),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

/** A server of Debian's PostgreSQL on a socket of its own, which others may follow. */
class Server {
  private child: ChildProcess | undefined;

  private constructor(private readonly folder: string) {}

  static make(folder: string): Server {
    ownFolder(folder);
    const secret = path.join(folder, 'password');
    writeFileSync(secret, PASSWORD, { mode: 0o600 });
    if ('uid' in user) chownSync(secret, NOBODY.uid, NOBODY.gid);
    const flags = ['-U', OWNER, '--auth=scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C', '-N'];
    run('initdb', ['-D', path.join(folder, 'cluster'), ...flags], folder);
    return new Server(folder);
  }

  /** A copy that follows it: it confirms nothing, so what it has not got yet is lost with the first. */
  follower(folder: string): Server {
    ownFolder(folder);
    const from = `host=${this.folder} port=5432 user=${OWNER} password=${PASSWORD}`;
    run(
      'pg_basebackup',
      ['-D', path.join(folder, 'cluster'), '-d', from, '-R', '-X', 'stream', '-c', 'fast', '-N'],
      folder,
    );
    return new Server(folder);
  }

  url = (role: string, database: string): string =>
    `postgres://${role}:${PASSWORD}@localhost/${database}?host=${encodeURIComponent(this.folder)}&port=5432`;

  async start(): Promise<Database> {
    const flags = ['listen_addresses=', `unix_socket_directories=${this.folder}`, 'fsync=off'];
    this.child = spawn(
      path.join(debianPrograms!, 'postgres'),
      ['-D', path.join(this.folder, 'cluster'), ...flags.flatMap((flag) => ['-c', flag])],
      { ...settings(this.folder), stdio: 'ignore' },
    );
    const open = () => Database.open({ url: this.url(OWNER, 'postgres'), poolSize: 1, applicationName: 'test-admin' });
    return waitFor('PostgreSQL of Debian to start', open, { timeoutMs: 60_000 });
  }

  /** SIGINT ends it in order, SIGQUIT at once and without a checkpoint. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
  }
}

/** The database of a node on a server that can fail over to one that lags behind. */
export class LaggingPair {
  private constructor(
    private readonly name: string,
    private readonly primary: Server,
    private readonly standby: Server,
    private readonly opened: Database[],
  ) {}

  static async start(
    folder: string,
    name: string,
  ): Promise<{ readonly pair: LaggingPair; readonly database: NodeDatabase }> {
    const primary = Server.make(path.join(ownFolder(folder), 'primary'));
    const admin = await primary.start();
    await admin.query(`CREATE DATABASE ${name}`);
    const standby = primary.follower(path.join(folder, 'standby'));
    const pair = new LaggingPair(name, primary, standby, [admin]);
    pair.opened.push(await standby.start());
    const owner = await pair.open(primary, OWNER);
    await owner.migrate();
    const logins = PROCESS_ROLES.map((process) => ({ process, role: `${name}_${process}`, password: PASSWORD }));
    await createRoles(owner.query, name, logins);
    return { pair, database: await pair.node(primary, owner) };
  }

  /** From here on the standby gets nothing any more: first it gets what there is. */
  async lag(): Promise<void> {
    const [primary, standby] = this.opened;
    const [now] = await primary!.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
    await waitFor('the standby to have what there is', async () => {
      const [there] = await standby!.query<{ behind: boolean }>(
        'SELECT coalesce(pg_last_wal_replay_lsn() < $1::pg_lsn, true) AS behind',
        [now!.lsn],
      );
      return there!.behind === false;
    });
    await standby!.close();
    await this.standby.end('SIGINT');
  }

  /** The first dies, and the standby takes over with what it has. */
  async failOver(): Promise<NodeDatabase> {
    await this.primary.end('SIGQUIT');
    const admin = await this.standby.start();
    this.opened.push(admin);
    await admin.query('SELECT pg_promote()');
    return this.node(this.standby, await this.open(this.standby, OWNER));
  }

  async stop(): Promise<void> {
    await Promise.all(this.opened.map((database) => database.close().catch(() => undefined)));
    await this.standby.end('SIGINT');
    await this.primary.end('SIGINT');
  }

  private async open(server: Server, role: string): Promise<Database> {
    const database = await Database.open({
      url: server.url(role, this.name),
      poolSize: 5,
      applicationName: `test-${role}`,
    });
    this.opened.push(database);
    return database;
  }

  private async node(server: Server, owner: Database): Promise<NodeDatabase> {
    const of = (process: ProcessRole) => this.open(server, `${this.name}_${process}`);
    const [gateway, worker, office, monitor] = await Promise.all([
      of('gateway'),
      of('worker'),
      of('office'),
      of('monitor'),
    ]);
    return { name: this.name, owner, gateway, worker, office, monitor } as unknown as NodeDatabase;
  }
}
