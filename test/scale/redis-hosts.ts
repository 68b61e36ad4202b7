import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { waitFor } from '../harness/wait-for';
import type { Host, Lab } from './hosts';
import { PORTS } from './ports';

/** The name under which the sentinels know the servers. */
const MASTER = 'trao';
const DOWN_AFTER_MS = 3_000;
const SLOTS = 16_384;
/** Slot of the key `{trao}`, in which all of a queue lies. */
const OUR_SLOT = 'CLUSTER KEYSLOT {trao}';

/** Redis on several machines, as a worker is told of it. */
export interface RedisSet {
  readonly settings: Readonly<Record<string, string>>;
  /** The machine of the server that holds the queue now. */
  holder(): Promise<RedisServer>;
}

/** One server, with its append-only file in a folder. */
export class RedisServer {
  private readonly folder: string;

  constructor(
    readonly host: Host,
    folder: string,
    private readonly more: Readonly<Record<string, string>> = {},
  ) {
    this.folder = path.join(folder, host.name);
  }

  get url(): string {
    return `redis://${this.host.address}:${PORTS.redis}`;
  }

  /** @param leader whom it follows; undefined for nobody */
  async start(leader?: RedisServer): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const settings = {
      port: String(PORTS.redis),
      bind: this.host.address,
      dir: this.folder,
      appendonly: 'yes',
      save: '',
      'maxmemory-policy': 'noeviction',
      'protected-mode': 'no',
      'repl-diskless-sync-delay': '0',
      ...this.more,
      ...(leader && { replicaof: `${leader.host.address} ${PORTS.redis}` }),
    };
    this.host.spawn(
      'redis-server',
      Object.entries(settings).flatMap(([name, value]) => [`--${name}`, ...(value === '' ? [''] : value.split(' '))]),
    );
    await waitFor(`${this.host.name} to answer`, async () => (await this.ask('PING')).startsWith('+PONG'));
  }

  /** One command without arguments that need quotes; its answer as raw text. */
  ask = (command: string): Promise<string> => ask(this.host.address, PORTS.redis, command);
}

/** A server, one that follows it, and three sentinels of which two must agree. */
export async function startSentinels(
  lab: Lab,
  folder: string,
): Promise<RedisSet & { readonly servers: RedisServer[] }> {
  const hosts = [1, 2, 3].map((number) => lab.host(`redis-${number}`));
  const servers = hosts.slice(0, 2).map((host) => new RedisServer(host, folder));
  await servers[0]!.start();
  await servers[1]!.start(servers[0]);
  for (const host of hosts) startSentinel(host, folder, servers[0]!);
  const sentinel = hosts[2]!.address;
  const leader = async () => {
    const answer = await ask(sentinel, PORTS.sentinel, `SENTINEL get-master-addr-by-name ${MASTER}`);
    const address = answer.split('\r\n')[2];
    return servers.find(({ host }) => host.address === address);
  };
  await waitFor('the sentinels to know both servers and each other', async () => {
    const answer = await ask(sentinel, PORTS.sentinel, `SENTINEL master ${MASTER}`);
    const copied = (await servers[1]!.ask('INFO replication')).includes('master_link_status:up');
    return (
      copied && /num-slaves\r\n\$\d+\r\n1\r\n/.test(answer) && /num-other-sentinels\r\n\$\d+\r\n2\r\n/.test(answer)
    );
  });
  return {
    servers,
    settings: {
      REDIS_URL: `redis://${MASTER}/0`,
      REDIS_SENTINELS: hosts.map(({ address }) => `redis://${address}:${PORTS.sentinel}`).join(','),
    },
    holder: () => waitFor('a sentinel to name a server', leader),
  };
}

function startSentinel(host: Host, folder: string, leader: RedisServer): void {
  const lines = [
    `port ${PORTS.sentinel}`,
    `bind ${host.address}`,
    'protected-mode no',
    `dir ${folder}`,
    `sentinel monitor ${MASTER} ${leader.host.address} ${PORTS.redis} 2`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER} 10000`,
  ];
  // A sentinel writes into its own settings what it learns.
  const file = path.join(folder, `${host.name}-sentinel.conf`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  host.spawn('redis-server', [file, '--sentinel']);
}

/** A cluster of three masters, each with as many that follow it as said. */
export async function startCluster(
  lab: Lab,
  folder: string,
  replicas: 0 | 1,
): Promise<RedisSet & { readonly servers: RedisServer[] }> {
  const cluster = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '3000', 'cluster-config-file': 'nodes.conf' };
  const servers = Array.from(
    { length: 3 * (1 + replicas) },
    (_, index) => new RedisServer(lab.host(`cluster${replicas}-${index + 1}`), folder, cluster),
  );
  for (const { host } of servers) rmSync(path.join(folder, host.name), { recursive: true, force: true });
  await Promise.all(servers.map((server) => server.start()));
  const places = servers.map(({ host }) => `${host.address}:${PORTS.redis}`);
  const made = spawnSync(
    'redis-cli',
    ['--cluster', 'create', ...places, '--cluster-replicas', String(replicas), '--cluster-yes'],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`redis-cli --cluster create: ${made.stdout} ${made.stderr}`);
  await waitFor('the cluster to be whole', async () =>
    (await Promise.all(servers.map((server) => server.ask('CLUSTER INFO')))).every(
      (info) => info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`),
    ),
  );
  // One that has never had a copy may not take over.
  await waitFor('every replica to have a copy', async () =>
    (await Promise.all(servers.map((server) => server.ask('INFO replication')))).every(
      (info) => info.includes('role:master') || info.includes('master_link_status:up'),
    ),
  );
  return {
    servers,
    settings: { REDIS_CLUSTER: servers.map(({ url }) => url).join(',') },
    holder: () => waitFor('a server to hold the queue', () => holderOf(servers)),
  };
}

async function holderOf(servers: readonly RedisServer[]): Promise<RedisServer | undefined> {
  for (const server of servers) {
    const slot = Number.parseInt((await server.ask(OUR_SLOT).catch(() => '')).slice(1), 10);
    const lines = (await server.ask('CLUSTER NODES').catch(() => '')).split('\n');
    const mine = lines.find((line) => line.includes('myself,master'));
    const ranges =
      mine
        ?.split(' ')
        .slice(8)
        .map((range) => range.trim().split('-').map(Number)) ?? [];
    if (ranges.some(([from = NaN, to = from]) => from <= slot && slot <= to)) return server;
  }
  return undefined;
}

/** A command on a connection of its own; the answer to a ping after it says that its own answer is whole. */
function ask(host: string, port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(`${command}\r\nPING\r\n`));
    socket.setTimeout(3_000, () => socket.destroy(new Error(`${host}:${port} is silent`)));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
      if (!answer.endsWith('+PONG\r\n')) return;
      socket.destroy();
      resolve(answer);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`${host}:${port} has closed`)));
  });
}
