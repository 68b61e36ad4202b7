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
  type WorkKind,
} from '../../libs/exchange';
import { sweepCases } from '../../libs/casework';
import { processFacts, startBeats, type WorkerConfig } from '../../libs/platform';
import type { Handler } from '../../libs/queue';
import { beatStore, bringForward, listenForWork, renewBatch } from '../../libs/storage';
import { inBatch, serveObserved, watchDelivery, watchFiling, watchReturning } from '../../libs/telemetry';
import { compareManifests, manifestPlanner } from './compare-manifests';
import { DirectoryWatch } from './directory-watch';
import { keepHouse } from './housekeeping';
import { backendOf, openParts, type WorkerParts } from './open-parts';
import { runPartnerTest } from './partner-tests';
import { portsOf, type WorkerPorts } from './ports';
import { RelayLoop } from './relay-loop';
import { ShortWay } from './short-way';

const SWEEP_MS = 1_000;
const RENEW_MS = 10_000;
const CLOCK_LOOK_MS = 60_000;

/**
 * Starts the worker of a node: relays what is due to the queue, delivers, opens, files and sends evidence back. Nobody reaches it. It has
 * no HTTP surface, so it is plain functions without a framework.
 */
export async function startWorker(config: WorkerConfig): Promise<{ close(): Promise<void> }> {
  const parts = await openParts(config);
  const { logger, database, directory, keys, tls, client, queue, observed, seen } = parts;
  const shortWay = new ShortWay(queue, config.atHand);
  const ports = portsOf(parts, shortWay.enqueue);

  const loops = loopsOf(ports, parts);
  const handlers = handlersOf(ports, parts);
  shortWay.open(handlers);
  await queue.work(handlers);
  const stopHousekeeping = keepHouse({ ...ports.shared, database, logger, keep: config.keep });
  const stopListening = listenForWork(config.databaseUrl, (files) => {
    loops.relay.wake();
    if (files) loops.files.wake();
  });
  const wakeAll = () => {
    for (const loop of Object.values(loops)) loop.wake(); // whatever a lost notification or a flushed queue forgot
  };
  const timer = setInterval(wakeAll, SWEEP_MS);
  loops.relay.wake();
  const watch = new DirectoryWatch(ports.watch, logger);
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
      await Promise.all(Object.values(loops).map((loop) => loop.stop()));
      await Promise.all([shortWay.close(), queue.close()]);
      await client.close(); // ends what the watch waits for
      await watched;
      await database.close();
    },
  };
}

/** What goes on beside the queue, each in a loop of its own: however long one takes, the others go on. */
function loopsOf(ports: WorkerPorts, { database, logger }: WorkerParts) {
  /** Everything that the clock brings about. Each looks at rows, so a restart forgets nothing. */
  const sweep = async () =>
    (await expire(ports.expire)) +
    (await noteOverdue(ports.overdue)) +
    (await acknowledgeOpened(ports.opened)) +
    (await resealStale(ports.reseal)) +
    (await sweepCases(ports.sweep));
  const plan = manifestPlanner(ports.manifests);
  const manifests = async () => {
    await plan();
    return compareManifests(ports.manifests);
  };
  let nextClockLook = 0;
  const clocks = async () => {
    if (performance.now() < nextClockLook) return 0;
    const count = await bringForward(database);
    nextClockLook = performance.now() + CLOCK_LOOK_MS;
    if (count > 0) logger.log('brought_forward', { count });
    return 0;
  };
  return {
    relay: new RelayLoop(async () => Number((await relay(ports.relay)).more), logger),
    clocks: new RelayLoop(clocks, logger),
    sweeper: new RelayLoop(sweep, logger),
    files: new RelayLoop(async () => (await pushFiles(ports.push)) + (await judgeFiles(ports.judge)), logger),
    tests: new RelayLoop(() => runPartnerTest(ports.testing), logger),
    manifests: new RelayLoop(manifests, logger),
  };
}

function handlersOf(ports: WorkerPorts, parts: WorkerParts): Record<WorkKind, Handler> {
  const { seen } = parts;
  const holding = (kind: WorkKind, run: Handler) => whileHolding(kind, run, parts);
  return {
    deliver: holding('deliver', (batchId) => deliver(batchId, watchDelivery(ports.deliver, seen))),
    ingest: holding('ingest', (batchId) => ingest(batchId, watchFiling(ports.ingest, seen))),
    acknowledge: holding('acknowledge', (batchId) => acknowledge(batchId, watchReturning(ports.acknowledge, seen))),
  };
}

/** Renews the claim of a batch for as long as its job is at work. */
function whileHolding(kind: WorkKind, run: Handler, { database, seen }: WorkerParts): Handler {
  return async (batchId) => {
    const renewal = setInterval(() => {
      renewBatch(database, batchId).catch((error: unknown) =>
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
