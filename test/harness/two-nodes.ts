import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Access } from '../../apps/cli/local/credentials';
import { type Server } from '../../apps/cli/local/databases';
import { type Network } from '../../apps/cli/local/network';
import { OfficeClient } from '../../apps/cli/office-client';
import { Database } from '../../libs/storage';
import { built } from './built';
import { nextPortBase } from './free-ports';
import { hasRedis, startRedis, type RedisServer } from './redis-server';
import { makeTempFolder, removeTempFolder } from './temp-folder';
import { waitFor } from './wait-for';

export type QueueKind = 'postgres' | 'redis';
export type NodeId = 'vn' | 'gb';
export type App = 'gateway' | 'worker' | 'office';

/** The queue back ends to test here: both where there is a redis-server. */
export const queueKinds = (): QueueKind[] => (hasRedis() ? ['postgres', 'redis'] : ['postgres']);

/** Viet Nam and the United Kingdom as real processes out of dist/, in a folder and on ports of their own. */
export interface TwoNodes {
  readonly folder: string;
  readonly network: Network;
  readonly access: Access;
  readonly office: OfficeClient;
  readonly redis: RedisServer | undefined;
  /** The database of a node, seen by its administrator: for checks past our own code. */
  database(node: NodeId): Promise<Database>;
  stopApp(node: NodeId, app: App): Promise<void>;
  startApp(node: NodeId, app: App): Promise<void>;
  /** SIGKILL; the process comes back by itself after a second or more. */
  killApp(node: NodeId, app: App): Promise<void>;
  /** Ends PostgreSQL as a crash would: immediate shutdown, without a checkpoint. */
  crashPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  stop(): Promise<void>;
}

const ATTEMPTS = 5;

export async function startTwoNodes(queue: QueueKind = 'postgres'): Promise<TwoNodes> {
  // Tests make and break their own servers; one that the environment names belongs to somebody.
  delete process.env['DATABASE_URL'];
  const folder = makeTempFolder('nodes');
  const redis = queue === 'redis' ? await startRedis(path.join(folder, 'redis')) : undefined;
  const network = await startOnFreePorts(folder, redis?.url);
  const access = JSON.parse(readFileSync(path.join(folder, 'access.json'), 'utf8')) as Access;
  return new Running(folder, network, access, redis);
}

/** Another run on this machine may take a port between the check and the bind: then the next range is tried. */
async function startOnFreePorts(folder: string, redisUrl: string | undefined): Promise<Network> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await built.network().startNetwork({ folder, portBase: nextPortBase(), respawn: true, redisUrl, logLevel: 'info' });
    } catch (error) {
      const { code, cause } = error as { code?: string; cause?: { code?: string } };
      const clash = code === 'port_taken' || cause?.code === 'port_taken';
      if (!clash || attempt === ATTEMPTS) throw error;
    }
  }
}

class Running implements TwoNodes {
  readonly office: OfficeClient;
  private readonly databases = new Map<NodeId, Promise<Database>>();
  private server: Server;

  constructor(
    readonly folder: string,
    readonly network: Network,
    readonly access: Access,
    readonly redis: RedisServer | undefined,
  ) {
    this.office = new OfficeClient(access);
    this.server = network.server;
  }

  database(node: NodeId): Promise<Database> {
    const known = this.databases.get(node);
    if (known) return known;
    const url = new URL(this.network.server.adminUrl);
    url.pathname = `/trao_${node}`;
    const opening = Database.open({ url: url.href, poolSize: 2, applicationName: 'trao-test' });
    this.databases.set(node, opening);
    return opening;
  }

  async stopApp(node: NodeId, app: App): Promise<void> {
    await this.network.supervisor.stop(`${node}-${app}`);
  }

  async startApp(node: NodeId, app: App): Promise<void> {
    await this.network.supervisor.restart(`${node}-${app}`);
  }

  async killApp(node: NodeId, app: App): Promise<void> {
    await this.network.supervisor.kill(`${node}-${app}`);
  }

  async crashPostgres(): Promise<void> {
    const pid = Number(readFileSync(path.join(this.folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
    await waitFor('PostgreSQL to end', () => !isAlive(pid));
  }

  async startPostgres(): Promise<void> {
    this.server = await built.databases().openServer(this.folder);
  }

  async stop(): Promise<void> {
    for (const database of this.databases.values()) await (await database).close().catch(() => undefined);
    await this.network.supervisor.stop();
    await this.server.stop();
    await this.network.server.stop();
    await this.redis?.stop();
    removeTempFolder(this.folder);
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
