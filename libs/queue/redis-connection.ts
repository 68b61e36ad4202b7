import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** Where Redis or Valkey is. User, password, TLS (`rediss:`) and number of the database stand in its URL. */
export interface RedisPlace {
  /**
   * One server; several start nodes of a cluster, with commas in between; or, with sentinels, the name under which they know the
   * servers, as `redis://:password@NAME/0`.
   */
  readonly url: string;
  readonly cluster: boolean;
  /** URLs of the sentinels that know which server leads, with commas in between; undefined where there are none. */
  readonly sentinels?: string | undefined;
}

/**
 * A server that lost its power says no goodbye, and TCP would wait a quarter of an hour for it. A worker waits for new jobs for ten
 * seconds at most (`maximumBlockTimeout` of BullMQ): whatever is silent for longer is dead.
 */
const SILENCE_MS = 15_000;
const CONNECT_MS = 5_000;

// Workers wait in blocking commands: no limit on retries, or they give up when Redis is away for a moment.
const SETTINGS = {
  maxRetriesPerRequest: null,
  enableReadyCheck: true,
  socketTimeout: SILENCE_MS,
  connectTimeout: CONNECT_MS,
  keepAlive: SILENCE_MS,
} satisfies RedisOptions;

/** Opens a connection that comes back by itself, wherever the server is that leads then. */
export function connectRedis({ url, cluster, sentinels }: RedisPlace): Redis | Cluster {
  if (cluster) return connectCluster(listOf(url));
  if (sentinels !== undefined) return connectBySentinels(new URL(url), listOf(sentinels));
  return new Redis(url, { ...SETTINGS, lazyConnect: false });
}

/** The others that a cluster names have the same password as those that were named here. */
const connectCluster = (nodes: readonly URL[]) =>
  new Cluster(nodes.map(placeOf), {
    // While a part of the cluster is down, its own check lets the promise of a connection neither succeed nor fail (ioredis #741), and a
    // worker of BullMQ that opened its connection anew just then would wait for that promise for good. Without the check the
    // commands are answered with CLUSTERDOWN, which workers try again.
    enableReadyCheck: false,
    redisOptions: { ...SETTINGS, ...accessOf(nodes[0]!) },
  });

function connectBySentinels(servers: URL, sentinels: readonly URL[]): Redis {
  const { username, password, tls } = accessOf(sentinels[0]!);
  return new Redis({
    ...SETTINGS,
    ...accessOf(servers),
    db: Number(servers.pathname.slice(1) || 0),
    name: decodeURIComponent(servers.hostname),
    sentinels: sentinels.map(placeOf),
    ...(username !== undefined && { sentinelUsername: username }),
    ...(password !== undefined && { sentinelPassword: password }),
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    // One that was told to step down is asked for the new one at once, instead of refusing what is written until it notices.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  });
}

const listOf = (urls: string): URL[] => urls.split(',').map((url) => new URL(url.trim()));
const placeOf = ({ hostname, port }: URL) => ({ host: hostname, port: Number(port || 6379) });

function accessOf({ username, password, protocol }: URL): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
}
