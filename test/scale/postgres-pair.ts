import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Database } from '../../libs/storage';
import { debianPrograms } from '../harness/debian-programs';
import { ROOT } from '../harness/paths';
import { waitFor } from '../harness/wait-for';
import { NOBODY, type Host, type Running } from './hosts';
import { PORTS } from './ports';

const CONFIG = path.join(ROOT, 'deploy', 'postgresql-replication.conf');
const PASSWORD = randomBytes(18).toString('base64url');
const asNobody = process.getuid?.() === 0;

/** Two PostgreSQL servers of one node, of which one leads and the other confirms what it commits. */
export class PostgresPair {
  private readonly servers: readonly PostgresServer[];
  private lead = 0;

  constructor(hosts: readonly Host[], folder: string) {
    this.servers = hosts.map((host) => new PostgresServer(host, path.join(folder, host.name)));
  }

  get primary(): PostgresServer {
    return this.servers[this.lead]!;
  }
  get standby(): PostgresServer {
    return this.servers[1 - this.lead]!;
  }

  /** @param trusted addresses from which haproxy asks who leads */
  async start(trusted: string): Promise<void> {
    this.primary.make(trusted);
    await this.primary.start();
    await this.primary.ask(`CREATE ROLE replicator REPLICATION LOGIN PASSWORD '${PASSWORD}'`);
    await this.primary.ask('CREATE ROLE haproxy_check LOGIN; GRANT pg_monitor TO haproxy_check');
    if (this.servers.length > 1) await this.pair();
  }

  /** Makes the other server a new copy of the one that leads, which from then on commits nothing that the copy does not have. */
  async pair(): Promise<void> {
    await this.standby.copyOf(this.primary);
    await this.standby.start();
    await this.primary.confirmedBy(this.standby.host.name);
  }

  /** The standby becomes the one that leads, alone until there is a standby again. The old one must be dead. */
  async promote(): Promise<void> {
    await this.standby.confirmedBy(undefined);
    await this.standby.ask('SELECT pg_promote()');
    this.lead = 1 - this.lead;
  }
}

/** One server, with its files in a folder. */
export class PostgresServer {
  private running: Running | undefined;
  private readonly cluster: string;

  constructor(
    readonly host: Host,
    private readonly folder: string,
  ) {
    this.cluster = path.join(folder, 'cluster');
  }

  /** The server as its administrator sees it, without a proxy in between. */
  url = (database: string): string =>
    `postgres://postgres:${PASSWORD}@${this.host.address}:${PORTS.postgres}/${database}`;

  make(trusted: string): void {
    this.prepare();
    const secret = path.join(this.folder, 'password');
    writeFileSync(secret, PASSWORD, { mode: 0o600 });
    own(secret);
    const flags = ['-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C', '-N'];
    this.run('initdb', ['-D', this.cluster, ...flags]);
    copyFileSync(CONFIG, path.join(this.cluster, 'replication.conf'));
    own(path.join(this.cluster, 'replication.conf'));
    appendFileSync(path.join(this.cluster, 'postgresql.conf'), `include 'replication.conf'\n`);
    const lines = [
      `host postgres haproxy_check ${trusted} trust`,
      'host all haproxy_check all reject',
      'host all all all scram-sha-256',
      'host replication replicator all scram-sha-256',
    ];
    // In place of those that initdb wrote: the first line that fits decides.
    writeFileSync(path.join(this.cluster, 'pg_hba.conf'), `${lines.join('\n')}\n`);
  }

  /** A copy of a running server, ready to follow it. */
  async copyOf(primary: PostgresServer): Promise<void> {
    const from = `host=${primary.host.address} port=${PORTS.postgres} user=replicator password=${PASSWORD} application_name=${this.host.name}`;
    // A link that has just come back may need some seconds until the others find the machine again ("No route to host").
    await waitFor(
      `a copy of ${primary.host.name}`,
      async () => {
        this.prepare();
        const copying = this.host.spawn(
          path.join(debianPrograms!, 'pg_basebackup'),
          ['-D', this.cluster, '-d', from, '-R', '-X', 'stream', '-c', 'fast'],
          { unprivileged: true },
        );
        await copying.ended;
        if (copying.child.exitCode !== 0) throw new Error(`pg_basebackup: ${this.host.lastSaid()}`);
        return true;
      },
      { timeoutMs: 30_000, everyMs: 1_000 },
    );
    // Its settings are those of the primary: this one waits for nobody until it is told to.
    appendFileSync(path.join(this.cluster, 'postgresql.auto.conf'), `synchronous_standby_names = ''\n`);
  }

  async start(): Promise<void> {
    const settings = {
      listen_addresses: this.host.address,
      port: String(PORTS.postgres),
      unix_socket_directories: this.folder,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.running = this.host.spawn(path.join(debianPrograms!, 'postgres'), ['-D', this.cluster, ...flags], {
      unprivileged: true,
    });
    await waitFor(`${this.host.name} to answer`, () => this.ask('SELECT 1'), { timeoutMs: 60_000 });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    await this.running?.end(signal);
  }

  /** From now on a commit waits for this standby; undefined for nobody. */
  async confirmedBy(standby: string | undefined): Promise<void> {
    await this.ask(`ALTER SYSTEM SET synchronous_standby_names = '${standby ? `ANY 1 ("${standby}")` : ''}'`);
    await this.ask('SELECT pg_reload_conf()');
    if (standby === undefined) return;
    await waitFor(`${standby} to confirm what ${this.host.name} commits`, async () => {
      const [row] = await this.ask<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')`,
      );
      return row!.n > 0;
    });
  }

  /** One statement on a connection of its own. */
  async ask<R>(sql: string): Promise<R[]> {
    const database = await Database.open({ url: this.url('postgres'), poolSize: 1, applicationName: 'scale-admin' });
    try {
      return await database.query<R>(sql);
    } finally {
      await database.close();
    }
  }

  private prepare(): void {
    mkdirSync(this.folder, { recursive: true });
    rmSync(this.cluster, { recursive: true, force: true });
    mkdirSync(this.cluster, { mode: 0o700 });
    own(this.folder);
    own(this.cluster);
    if (readdirSync(this.cluster).length > 0) throw new Error(`${this.cluster} is not empty`);
  }

  private run(program: string, args: readonly string[]): void {
    const { status, stderr } = spawnSync(path.join(debianPrograms!, program), args, {
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...(asNobody && { uid: NOBODY, gid: NOBODY }),
    });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  }
}

function own(place: string): void {
  if (asNobody) chownSync(place, NOBODY, NOBODY);
}
