import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PartnerLimits, type AcceptPiecePorts, type AcceptPorts, type SettlePorts } from '../../libs/exchange';
import { openKeystore } from '../../libs/keystore';
import {
  assertFitForProduction,
  certificateOf,
  createLogger,
  DirectoryKeeper,
  TlsKeeper,
  type GatewayConfig,
  processFacts,
  startBeats,
} from '../../libs/platform';
import {
  acceptPieceStore,
  acceptStore,
  alarmStore,
  Database,
  directoryStore,
  isEmbeddedServer,
  manifestWork,
  partnerWork,
  settleStore,
  beatStore,
} from '../../libs/storage';
import {
  countRequests,
  processMetrics,
  serveObserved,
  watchAccepting,
  watchSettling,
  type ObservedProcess,
  type Watch,
} from '../../libs/telemetry';
import { isPublished } from '../../libs/trust';
import { serveGateway } from './serve-gateway';

/** Starts the gateway of a node: what partners reach, and the only process that they reach. It cannot read content. */
export async function startGateway(config: GatewayConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('gateway', config.node, config.logLevel);
  const database = await Database.open({
    url: config.databaseUrl,
    poolSize: 10,
    applicationName: 'trao-gateway',
    plansOnce: true,
  });
  await assertFitForProduction(config, () => isEmbeddedServer(database));
  const raiseAlarm = alarmStore(database);
  const directories = directoryStore(database);
  const directory = await DirectoryKeeper.start({
    ...config,
    store: directories,
    raiseAlarm,
    logger,
  });
  const tls = await TlsKeeper.start({ ...config, partners: directory.partners, raiseAlarm, logger });

  const observed: ObservedProcess = {
    app: 'gateway',
    node: config.node,
    database,
    directory: () => directory.partners().directory,
    certificate: () => certificateOf(tls.identity()),
  };
  const seen: Watch = { logger, metrics: processMetrics(observed) };

  const self = { node: config.node, partners: directory.partners };
  const published = (kid: string, unit?: string) => isPublished(directory.partners().directory, config.node, kid, unit);
  const keys = await openKeystore({ ...config.keys, published });
  await keys.assertReady({ receipt: true });
  const shared = { self, keys, clock: { now: () => new Date() }, newId: randomUUIDv7, raiseAlarm };
  const acceptPorts: AcceptPorts = watchAccepting({ ...shared, store: acceptStore(database, config.node) }, seen);
  const piecePorts: AcceptPiecePorts = { ...shared, store: acceptPieceStore(database) };
  const settlePorts: SettlePorts = {
    self,
    transaction: (work) => database.transaction((query) => work(settleStore(query))),
  };

  const noteLink = partnerWork.linkNotes(database, 'in', (error) => logger.log('link_not_noted', { err: error }));
  const { host, port } = config;
  const gateway = await serveGateway({
    parts: {
      self,
      acceptPorts,
      piecePorts,
      settlePorts: watchSettling(settlePorts, seen),
      manifestPorts: {
        ...shared,
        rows: manifestWork.manifestRows(database),
        ...manifestWork.manifestAnswers(database, config.node),
      },
      limits: new PartnerLimits(config.rates, () => performance.now(), pause),
      signedDirectory: () => directory.signed,
      earlierDirectory: (version) => directories.version(version),
      whenShown: (partner, { fingerprint256, validFromDate: validFrom, validToDate: validTo }) =>
        noteLink(partner, { fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(), validFrom, validTo }),
    },
    tls,
    directory,
    host,
    port,
    connections: config.connections,
    logger,
    raiseAlarm,
    seen: countRequests(seen.metrics),
  });
  const stopServing = await serveObserved(observed, config.operations, seen);
  const stopBeats = await startBeats({
    app: 'gateway',
    store: beatStore(database),
    facts: processFacts({
      pooled: () => database.pooled(),
      keys: () => keys.list(),
      identity: tls.identity,
    }),
    logger,
  });
  logger.log('gateway_up', { port });

  return {
    async close() {
      await stopBeats();
      await stopServing();
      await directory.stop();
      tls.stop();
      await gateway.close();
      await database.close();
    },
  };
}
