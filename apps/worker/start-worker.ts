import { randomUUIDv7 } from 'node:crypto';
import 'reflect-metadata';
import { acknowledge, deliver, expire, ingest, relay } from '../../libs/exchange';
import { FileKeystore } from '../../libs/keystore';
import { createLogger, DirectoryKeeper, type WorkerConfig } from '../../libs/platform';
import { openQueue, type QueueBackend } from '../../libs/queue';
import {
  acknowledgeStore,
  alarmStore,
  beginIngest,
  connectionOf,
  Database,
  deliverStore,
  directoryStore,
  expireStore,
  ingestStore,
  listenForWork,
  relayStore,
  settleStore,
} from '../../libs/storage';
import { PartnerClient, type PartnerEndpoint } from '../../libs/transport';
import { spkiDigest, type Partners } from '../../libs/trust';
import { RelayLoop } from './relay-loop';

const SWEEP_MS = 1_000;

/**
 * Starts the worker of a node: relays what is due to the queue, delivers, opens, files and sends evidence back. Nobody reaches it. It has
 * no HTTP surface, so it is plain functions without a framework.
 */
export async function startWorker(config: WorkerConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('worker', config.node, config.logLevel);
  const database = await Database.open({ url: config.databaseUrl, poolSize: 10, applicationName: 'trao-worker' });
  const raiseAlarm = alarmStore(database);
  const directory = await DirectoryKeeper.start({ ...config, store: directoryStore(database), raiseAlarm, logger });
  const keys = new FileKeystore(config.keyFolder);
  await keys.receiptKey(); // fail at start, not at the first message
  const client = new PartnerClient(config.tls, (partner) => endpointOf(directory.partners(), partner));
  const queue = openQueue(backendOf(config), (error) => logger.error({ err: error }, 'queue'));

  const shared = {
    self: { node: config.node, partners: directory.partners },
    keys,
    clock: { now: () => new Date() },
    random: Math.random,
    newId: randomUUIDv7,
    raiseAlarm,
  };
  const deliverPorts = {
    ...shared,
    store: deliverStore(database),
    post: (partner: string, tokens: readonly string[]) => client.postMessages(partner, tokens),
    transaction: inTransaction(database, settleStore),
  };
  const ingestPorts = {
    ...shared,
    begin: (batchId: string) => beginIngest(database, batchId),
    transaction: inTransaction(database, ingestStore),
  };
  const acknowledgePorts = {
    ...shared,
    store: acknowledgeStore(database),
    post: (partner: string, tokens: readonly string[]) => client.postReceipts(partner, tokens),
  };
  const others = () =>
    directory
      .partners()
      .partnersOf(config.node)
      .map((node) => node.id);
  const relayPorts = { ...shared, store: relayStore(database, others), enqueue: queue.enqueue };
  const expirePorts = { ...shared, transaction: inTransaction(database, expireStore) };

  const loop = new RelayLoop(() => relay(relayPorts), logger);
  const sweeper = new RelayLoop(() => expire(expirePorts), logger);
  await queue.work(
    {
      deliver: (batchId) => deliver(batchId, deliverPorts),
      ingest: (batchId) => ingest(batchId, ingestPorts),
      acknowledge: (batchId) => acknowledge(batchId, acknowledgePorts),
    },
    config.concurrency,
  );
  const stopListening = listenForWork(config.databaseUrl, () => loop.wake());
  const timer = setInterval(() => {
    loop.wake(); // whatever a lost notification or a flushed queue forgot
    sweeper.wake();
  }, SWEEP_MS);
  loop.wake();
  logger.info({ queue: backendOf(config).kind }, 'worker is up');

  return {
    async close() {
      clearInterval(timer);
      directory.stop();
      await stopListening();
      await Promise.all([loop.stop(), sweeper.stop()]);
      await queue.close();
      await client.close();
      await database.close();
    },
  };
}

function inTransaction<S>(
  database: Database,
  store: (query: Parameters<Parameters<Database['transaction']>[0]>[0]) => S,
) {
  return <T>(work: (store: S) => Promise<T>): Promise<T> => database.transaction((query) => work(store(query)));
}

function endpointOf(partners: Partners, partner: string): PartnerEndpoint {
  const { id, endpoint, tls } = partners.node(partner);
  return { id, endpoint, ca: tls.ca, isPinned: (certificate) => tls.spki.includes(spkiDigest(certificate)) };
}

function backendOf({ redisUrl, redisCluster, databaseUrl }: WorkerConfig): QueueBackend {
  if (redisUrl) return { kind: 'redis', url: redisUrl, cluster: redisCluster };
  const { username, ...rest } = connectionOf(databaseUrl);
  return { kind: 'postgres', user: username, ...rest };
}
