import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Access } from '../../apps/cli/local/access';
import { layoutOf, type Layout } from '../../apps/cli/local/layout';
import { Database } from '../../libs/storage';
import { nextPortBase } from './free-ports';
import { Host, HostError } from './host';
import { OfficeOfExamples } from './office-of-examples';
import { hasRedis, startRedis, type RedisServer } from './redis-server';
import { makeTempFolder, removeTempFolder } from './temp-folder';
import { waitFor } from './wait-for';

export type QueueKind = 'postgres' | 'redis';
export type NodeId = 'vn' | 'gb';
export type App = 'gateway' | 'worker' | 'office' | 'monitor';
export const NODES: readonly NodeId[] = ['vn', 'gb'];

/** A certificate with its key, as PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  /** Of the key, where it is encrypted. */
  readonly passphrase?: string;
}

/** The queue back ends to test here: both where there is a redis-server. */
export const queueKinds = (): QueueKind[] => (hasRedis() ? ['postgres', 'redis'] : ['postgres']);

const ATTEMPTS = 5;

export interface NodesOptions {
  /** Of PostgreSQL, by their names there. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly logLevel?: string;
  /** Settings of the workers, as environment. */
  readonly worker?: Readonly<Record<string, string>>;
  /** Settings of the monitors, as environment. Without any, none run: most tests do not look at them, and they take their time to start. */
  readonly monitor?: Readonly<Record<string, string>>;
  /** False for offices without pages and nodes without scanners: they start sooner. */
  readonly services?: boolean;
  /** Another build than dist/, and the folder by which its fail-points are told what to do (test/fault/points). */
  readonly faults?: { readonly dist: string; readonly runtime: string; readonly folder: string };
}

/** For workers: every batch goes through the queue, also those that they have room for, which is all of a small traffic. */
export const THROUGH_QUEUE = { TRAO_BATCHES_AT_HAND: '0' };

/** For tests that look at monitors. */
export const MONITORED: NodesOptions = { monitor: {} };

/** Starts Viet Nam and the United Kingdom as real processes out of dist/, in a folder and on ports of their own. */
export async function startTwoNodes(
  queue: QueueKind = 'postgres',
  { faults, ...more }: NodesOptions = {},
): Promise<TwoNodes> {
  const folder = makeTempFolder('nodes');
  const redis = queue === 'redis' ? await startRedis(path.join(folder, 'redis')) : undefined;
  const host = new Host(
    faults && {
      TRAO_TEST_DIST: faults.dist,
      TRAO_TEST_PRELOAD: faults.runtime,
      TRAO_FAULTS: faults.folder,
    },
  );
  // Another run on this machine may take a port between the check and the bind: then the next range is tried.
  for (let attempt = 1; ; attempt += 1) {
    const portBase = nextPortBase();
    try {
      const options = { folder, portBase, respawn: true, redisUrl: redis?.url, monitor: false as const, ...more };
      const { adminUrl } = await host.ask<{ adminUrl: string }>('start', options);
      return new TwoNodes(layoutOf(folder, portBase), host, adminUrl, redis);
    } catch (error) {
      if (error instanceof HostError && error.codes.includes('port_taken') && attempt < ATTEMPTS) continue;
      await host.close();
      await redis?.stop();
      throw error;
    }
  }
}

/** Two running nodes, and what a test may do to them. */
export class TwoNodes {
  readonly access: Access;
  readonly office: OfficeOfExamples;
  private readonly databases = new Map<NodeId, Promise<Database>>();

  constructor(
    readonly layout: Layout,
    private readonly host: Host,
    private readonly adminUrl: string,
    readonly redis: RedisServer | undefined,
  ) {
    this.access = JSON.parse(readFileSync(path.join(layout.folder, 'access.json'), 'utf8')) as Access;
    this.office = new OfficeOfExamples(this.access);
  }

  get folder(): string {
    return this.layout.folder;
  }

  /** The database of a node, seen by its administrator: for checks past our own code. */
  database(node: NodeId): Promise<Database> {
    const known = this.databases.get(node);
    if (known) return known;
    const url = new URL(this.adminUrl);
    url.pathname = `/trao_${node}`;
    const opening = Database.open({ url: url.href, poolSize: 2, applicationName: 'trao-test' });
    this.databases.set(node, opening);
    // What could not be opened now is tried again when it is asked for.
    opening.catch(() => this.databases.delete(node));
    return opening;
  }

  stopApp = (node: NodeId, app: App): Promise<void> => this.host.ask('stopApp', `${node}-${app}`);
  startApp = (node: NodeId, app: App): Promise<void> => this.host.ask('startApp', `${node}-${app}`);
  /** SIGKILL; the process comes back by itself after a second or more. */
  killApp = (node: NodeId, app: App): Promise<void> => this.host.ask('killApp', `${node}-${app}`);
  /** The running processes by name, e.g. `vn-worker`. */
  pids = (): Promise<Readonly<Record<string, number>>> => this.host.ask('pids');
  /** Certificates that claim to be Viet Nam's: self-signed, and of a CA that nobody pinned. */
  strangers = (): Promise<{ readonly selfSigned: TlsIdentity; readonly ofOtherCa: TlsIdentity }> =>
    this.host.ask('strangers');
  startPostgres = (): Promise<void> => this.host.ask('startPostgres');

  /** Ends PostgreSQL as a crash would: immediate shutdown, without a checkpoint. */
  async crashPostgres(): Promise<void> {
    const pid = Number(
      readFileSync(path.join(this.folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(pid, 'SIGQUIT');
    await waitFor('PostgreSQL to end', () => !isAlive(pid));
  }

  async stop(): Promise<void> {
    await this.end();
    removeTempFolder(this.folder);
  }

  /** Ends all processes and leaves the folder: nodes can be started again on what they hold. */
  async end(): Promise<void> {
    for (const opening of this.databases.values())
      await opening.then((database) => database.close()).catch(() => undefined);
    try {
      await this.host.ask('stop');
    } finally {
      await this.host.close();
    }
    await this.redis?.stop();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
