import { randomUUIDv7 } from 'node:crypto';
import { hostname } from 'node:os';
import 'reflect-metadata';
import {
  acknowledge,
  acknowledgeOpened,
  deliver,
  expire,
  ingest,
  judgeFiles,
  noteOverdue,
  pushFiles,
  relay,
  resealStale,
  type PostMessages,
  type RaiseAlarm,
  type WorkKind,
} from '../../libs/exchange';
import { sweepCases } from '../../libs/casework';
import { openKeystore } from '../../libs/keystore';
import {
  agreedDeadlines,
  assertFitForProduction,
  certificateOf,
  createLogger,
  DirectoryKeeper,
  TlsKeeper,
  type Logger,
  type WorkerConfig,
  processFacts,
  startBeats,
} from '../../libs/platform';
import { openQueue, type Handler, type QueueBackend } from '../../libs/queue';
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
  isEmbeddedServer,
  judgeFileStore,
  listenForWork,
  openedStore,
  outboxAge,
  overdueStore,
  partnerWork,
  pushStore,
  relayStore,
  renewBatch,
  resealStore,
  settleStore,
  sweepStore,
  watchStore,
  beatStore,
} from '../../libs/storage';
import { clamdScan, noScanner } from '../../libs/scanner';
import {
  inBatch,
  jobTraces,
  processMetrics,
  serveObserved,
  watchDelivery,
  watchExpiry,
  watchFiling,
  watchRelay,
  watchReturning,
  type ObservedProcess,
  type Watch,
} from '../../libs/telemetry';
import { PartnerClient, type PartnerEndpoint } from '../../libs/transport';
import { expectedKeys, isPublished, type Partners } from '../../libs/trust';
import { DirectoryWatch } from './directory-watch';
import { keepHouse } from './housekeeping';
import { runPartnerTest, type TestingPorts } from './partner-tests';
import { RelayLoop } from './relay-loop';

const SWEEP_MS = 1_000;
const RENEW_MS = 10_000;

/**
 * Starts the worker of a node: relays what is due to the queue, delivers, opens, files and sends evidence back. Nobody reaches it. It has
 * no HTTP surface, so it is plain functions without a framework.
 */
export async function startWorker(config: WorkerConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('worker', config.node, config.logLevel);
  const database = await Database.open({ url: config.databaseUrl, poolSize: 10, applicationName: 'trao-worker' });
  await assertFitForProduction(config, () => isEmbeddedServer(database));
  const raiseAlarm = alarmStore(database);
  const directory = await DirectoryKeeper.start({ ...config, store: directoryStore(database), raiseAlarm, logger });
  const published = (kid: string, unit?: string) => isPublished(directory.partners().directory, config.node, kid, unit);
  const keys = await openKeystore({ ...config.keys, published });
  const { units, decryption } = expectedKeys(directory.partners().directory, config.node, new Date());
  await keys.assertReady({ receipt: true, storage: units, decryption });
  const tls = await TlsKeeper.start({ ...config, partners: directory.partners, raiseAlarm, logger });
  const client = new PartnerClient(
    tls.identity,
    (partner) => endpointOf(directory.partners(), partner),
    undefined,
    (partner) => distrusted(partner, logger, raiseAlarm),
    partnerWork.linkNotes(database, 'out', (error) => logger.log('link_not_noted', { err: error })),
  );
  const queue = openQueue(backendOf(config), (error) => logger.log('queue_failed', { err: error }), jobTraces());
  const observed: ObservedProcess = {
    app: 'worker',
    node: config.node,
    database,
    directory: () => directory.partners().directory,
    certificate: () => certificateOf(tls.identity()),
    outbox: () => outboxAge(database),
    queue: () => queue.ping(),
  };
  const seen: Watch = { logger, metrics: processMetrics(observed) };

  const shared = {
    self: { node: config.node, partners: directory.partners },
    keys,
    clock: { now: () => new Date() },
    random: Math.random,
    newId: randomUUIDv7,
    raiseAlarm,
    deadlinesFor: agreedDeadlines(config.deadlines),
  };
  const deliverPorts = {
    ...shared,
    store: deliverStore(database, `${hostname()} ${process.pid}`),
    post: (...call: Parameters<PostMessages>) => client.postMessages(...call),
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
  const relayPorts = watchRelay({ ...shared, store: relayStore(database, others), enqueue: queue.enqueue }, seen);
  const expirePorts = watchExpiry({ ...shared, transaction: inTransaction(database, expireStore) }, seen);
  const overduePorts = { ...shared, transaction: inTransaction(database, overdueStore) };
  const openedPorts = { ...shared, transaction: inTransaction(database, openedStore) };
  const resealPorts = { ...shared, transaction: inTransaction(database, resealStore) };
  const sweepPorts = { ...shared, transaction: inTransaction(database, sweepStore) };
  /** Everything that the clock brings about. Each looks at rows, so a restart forgets nothing. */
  const sweep = async () =>
    (await expire(expirePorts)) +
    (await noteOverdue(overduePorts)) +
    (await acknowledgeOpened(openedPorts)) +
    (await resealStale(resealPorts)) +
    (await sweepCases(sweepPorts));

  const pushPorts = {
    ...shared,
    store: pushStore(database),
    link: {
      held: (partner: string, id: string) => client.heldOf(partner, id),
      put: (partner: string, piece: Parameters<PartnerClient['putPiece']>[1]) => client.putPiece(partner, piece),
    },
  };
  const judgePorts = {
    ...shared,
    store: judgeFileStore(database),
    scan: config.scanner ? clamdScan(config.scanner) : noScanner,
    hasScanner: config.scanner !== undefined,
  };

  // A loop of its own: however long files take, messages and timers go on.
  const files = new RelayLoop(async () => (await pushFiles(pushPorts)) + (await judgeFiles(judgePorts)), logger);
  const testingPorts: TestingPorts = {
    store: partnerWork.testingStore(database),
    identity: tls.identity,
    directory: () => directory.partners().directory,
    endpointOf: (partner) => endpointOf(directory.partners(), partner),
    logger,
  };
  const tests = new RelayLoop(() => runPartnerTest(testingPorts), logger);
  const loop = new RelayLoop(() => relay(relayPorts), logger);
  const sweeper = new RelayLoop(sweep, logger);
  const holding = (kind: WorkKind, run: Handler): Handler => whileHolding(kind, run, database, seen);
  await queue.work({
    deliver: holding('deliver', (batchId) => deliver(batchId, watchDelivery(deliverPorts, seen))),
    ingest: holding('ingest', (batchId) => ingest(batchId, watchFiling(ingestPorts, seen))),
    acknowledge: holding('acknowledge', (batchId) => acknowledge(batchId, watchReturning(acknowledgePorts, seen))),
  });
  const stopHousekeeping = keepHouse({ ...shared, database, logger, keep: config.keep });
  const stopListening = listenForWork(config.databaseUrl, () => {
    loop.wake();
    files.wake();
  });
  const timer = setInterval(() => {
    loop.wake(); // whatever a lost notification or a flushed queue forgot
    sweeper.wake();
    files.wake();
    tests.wake();
  }, SWEEP_MS);
  loop.wake();
  const watch = new DirectoryWatch(
    {
      ...shared,
      directory,
      store: watchStore(database),
      ask: (partner, tag) => client.askDirectory(partner, tag),
      earlier: (partner, version) => client.earlierDirectory(partner, version),
    },
    logger,
  );
  const stopServing = await serveObserved(observed, config.operations, seen);
  const stopBeats = await startBeats({
    app: 'worker',
    store: beatStore(database),
    facts: processFacts({
      pooled: () => database.pooled(),
      keys: () => keys.list(),
      identity: tls.identity,
      queue: backendOf(config).kind,
    }),
    logger,
  });
  logger.log('worker_up', { queue: backendOf(config).kind });

  return {
    async close() {
      await stopBeats();
      clearInterval(timer);
      await stopServing();
      await stopHousekeeping();
      await directory.stop();
      tls.stop();
      const watched = watch.stop();
      await stopListening();
      await Promise.all([loop.stop(), sweeper.stop(), files.stop(), tests.stop()]);
      await queue.close();
      await client.close(); // ends what the watch waits for
      await watched;
      await database.close();
    },
  };
}

/** Renews the claim of a batch for as long as its job is at work. */
function whileHolding(kind: WorkKind, run: Handler, database: Database, seen: Watch): Handler {
  return async (batchId) => {
    const renewal = setInterval(() => {
      renewBatch(database, kind, batchId).catch((error: unknown) =>
        seen.logger.log('claim_not_renewed', { err: error, batchId }),
      );
    }, RENEW_MS);
    try {
      await inBatch(batchId, kind, seen, () => run(batchId));
    } finally {
      clearInterval(renewal);
    }
  };
}

function inTransaction<S>(
  database: Database,
  store: (query: Parameters<Parameters<Database['transaction']>[0]>[0]) => S,
) {
  return <T>(work: (store: S) => Promise<T>): Promise<T> => database.transaction((query) => work(store(query)));
}

/** No waiting mends it, so people have to hear of it; what is due keeps being tried until it expires. */
function distrusted(partner: string, logger: Logger, raiseAlarm: RaiseAlarm): void {
  logger.log('partner_distrusted', { partner });
  raiseAlarm('partner_tls', partner, 'partner_tls').catch((error: unknown) =>
    logger.log('alarm_not_raised', { err: error, subject: partner }),
  );
}

function endpointOf(partners: Partners, partner: string): PartnerEndpoint {
  const { id, endpoint, tls } = partners.node(partner);
  return { id, endpoint, ca: tls.ca, spki: tls.spki };
}

function backendOf({ redisUrl, redisCluster, databaseUrl }: WorkerConfig): QueueBackend {
  if (redisUrl) return { kind: 'redis', url: redisUrl, cluster: redisCluster };
  const { username, ...rest } = connectionOf(databaseUrl);
  return { kind: 'postgres', user: username, ...rest };
}
