import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { THROUGH_QUEUE, type NodeId } from '../harness/two-nodes';
import type { Drill } from './drills';
import { startCluster, startSentinels, type RedisServer, type RedisSet } from './redis-hosts';
import type { ScaledNetwork } from './scaled-network';

/** The workers of this node have their queue on Redis; those of its partner have theirs in PostgreSQL. */
const STRUCK: NodeId = 'vn';
const BACK_AFTER_MS = 15_000;

const folderOf = (network: ScaledNetwork) => {
  const folder = path.join(network.layout.folder, 'redis');
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** A drill on a set of servers, which are there for it alone. */
function onRedis(
  name: string,
  what: string,
  start: (network: ScaledNetwork) => Promise<RedisSet & { readonly servers: RedisServer[] }>,
  help?: (struck: RedisServer, network: ScaledNetwork) => Promise<void>,
): Drill {
  let set: Awaited<ReturnType<typeof start>>;
  let struck: RedisServer;
  return {
    name,
    what,
    async prepare(network) {
      set = await start(network);
      const node = network.nodes[STRUCK];
      node.queue = { ...set.settings, ...THROUGH_QUEUE };
      await node.restartWorkers();
    },
    async strike() {
      struck = await set.holder();
      await struck.host.cut();
    },
    ...(help && {
      help: (network: ScaledNetwork) => help(struck, network),
      helpAfterMs: BACK_AFTER_MS,
    }),
    async mend(network) {
      const node = network.nodes[STRUCK];
      node.queue = {};
      await node.restartWorkers();
      struck.host.mend();
      await Promise.all(set.servers.map(({ host }) => host.cut()));
    },
  };
}

export const REDIS_DRILLS: readonly Drill[] = [
  onRedis(
    'redis-sentinel',
    'the leading Redis of two loses its power, with a sentinel on it; two sentinels promote the other',
    (network) => startSentinels(network.lab, folderOf(network)),
  ),
  onRedis(
    'redis-cluster',
    'of a cluster of three masters with replicas, the one with our slot loses its power; its replica takes over',
    (network) => startCluster(network.lab, folderOf(network), 1),
  ),
  onRedis(
    'redis-cluster-bare',
    `of a cluster of three masters without replicas, the one with our slot loses its power; it is back after ${BACK_AFTER_MS / 1000} s`,
    (network) => startCluster(network.lab, folderOf(network), 0),
    async (struck) => {
      struck.host.mend();
      await struck.start();
    },
  ),
];
