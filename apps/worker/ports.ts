import { randomUUIDv7 } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { PostMessages, RelayPorts } from '../../libs/exchange';
import { agreedDeadlines } from '../../libs/platform';
import { clamdScan, noScanner } from '../../libs/scanner';
import {
  acknowledgeStore,
  attemptStore,
  beginIngest,
  deliverStore,
  expireStore,
  ingestStore,
  judgeFileStore,
  manifestWork,
  openedStore,
  overdueStore,
  partnerWork,
  pushStore,
  relayStore,
  resealStore,
  settleStore,
  sweepStore,
  watchStore,
  type Database,
} from '../../libs/storage';
import { watchExpiry, watchRelay } from '../../libs/telemetry';
import type { PartnerClient } from '../../libs/transport';
import { endpointOf, type WorkerParts } from './open-parts';
import type { ManifestWorkPorts } from './compare-manifests';
import type { TestingPorts } from './partner-tests';

export type WorkerPorts = ReturnType<typeof portsOf>;

/**
 * What each use case of the worker takes, out of what the worker holds open.
 * @param enqueue where the relay puts batches
 */
export function portsOf(parts: WorkerParts, enqueue: RelayPorts['enqueue']) {
  const { config, logger, database, raiseAlarm, directory, keys, tls, client, seen } = parts;
  const shared = {
    self: { node: config.node, partners: directory.partners },
    keys,
    clock: { now: () => new Date() },
    random: Math.random,
    newId: randomUUIDv7,
    raiseAlarm,
    deadlinesFor: agreedDeadlines(config.deadlines),
  };
  const others = () =>
    directory
      .partners()
      .partnersOf(config.node)
      .map((node) => node.id);
  const testing: TestingPorts = {
    store: partnerWork.testingStore(database),
    identity: tls.identity,
    directory: () => directory.partners().directory,
    endpointOf: (partner) => endpointOf(directory.partners(), partner),
    logger,
  };
  const manifests: ManifestWorkPorts = {
    clock: shared.clock,
    logger,
    partners: others,
    rounds: manifestWork.roundStore(database),
    comparing: {
      ...shared,
      ...manifestWork.comparingStore(database),
      transaction: inTransaction(database, settleStore),
      link: {
        exchange: (partner, token) => client.exchangeManifest(partner, token),
        list: (...asked) => client.listManifest(...asked),
        ask: (partner, ids) => client.askMessages(partner, ids),
      },
    },
  };
  const worker = `${hostname()} ${process.pid}`;
  return {
    shared,
    relay: watchRelay({ ...shared, store: relayStore(database, others), enqueue }, seen),
    deliver: {
      ...shared,
      store: deliverStore(database),
      post: (...call: Parameters<PostMessages>) => client.postMessages(...call),
      pause: (ms: number) => pause(ms),
      transaction: inTransaction(database, (query) => attemptStore(query, worker)),
    },
    ingest: {
      ...shared,
      begin: (batchId: string) => beginIngest(database, batchId),
      transaction: inTransaction(database, ingestStore),
    },
    acknowledge: {
      ...shared,
      store: acknowledgeStore(database, config.node),
      post: (partner: string, tokens: readonly string[]) => client.postReceipts(partner, tokens),
    },
    expire: watchExpiry({ ...shared, transaction: inTransaction(database, expireStore) }, seen),
    overdue: { ...shared, transaction: inTransaction(database, overdueStore) },
    opened: { ...shared, transaction: inTransaction(database, openedStore) },
    reseal: { ...shared, transaction: inTransaction(database, resealStore) },
    sweep: { ...shared, transaction: inTransaction(database, sweepStore) },
    push: {
      ...shared,
      store: pushStore(database),
      link: {
        held: (partner: string, id: string) => client.heldOf(partner, id),
        put: (partner: string, piece: Parameters<PartnerClient['putPiece']>[1]) => client.putPiece(partner, piece),
      },
    },
    judge: {
      ...shared,
      store: judgeFileStore(database),
      scan: config.scanner ? clamdScan(config.scanner) : noScanner,
      hasScanner: config.scanner !== undefined,
    },
    testing,
    manifests,
    watch: {
      ...shared,
      directory,
      store: watchStore(database),
      ask: (partner: string, tag: string) => client.askDirectory(partner, tag),
      earlier: (partner: string, version: number) => client.earlierDirectory(partner, version),
    },
  };
}

function inTransaction<S>(
  database: Database,
  store: (query: Parameters<Parameters<Database['transaction']>[0]>[0]) => S,
) {
  return <T>(work: (store: S) => Promise<T>): Promise<T> => database.transaction((query) => work(store(query)));
}
