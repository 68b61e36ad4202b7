import { openKeystore } from '../../libs/keystore';
import {
  assertFitForProduction,
  certificateOf,
  createLogger,
  DirectoryKeeper,
  TlsKeeper,
  type Logger,
  type WorkerConfig,
} from '../../libs/platform';
import { openQueue, type QueueBackend } from '../../libs/queue';
import {
  alarmStore,
  connectionOf,
  Database,
  directoryStore,
  isEmbeddedServer,
  outboxAge,
  partnerWork,
} from '../../libs/storage';
import type { RaiseAlarm } from '../../libs/exchange';
import { jobTraces, processMetrics, type ObservedProcess, type Watch } from '../../libs/telemetry';
import { PartnerClient, type PartnerEndpoint } from '../../libs/transport';
import { expectedKeys, isPublished, type Partners } from '../../libs/trust';

/** What a worker holds open while it runs. */
export type WorkerParts = Awaited<ReturnType<typeof openParts>>;

/**
 * Opens what the worker works with: database, directory, keys, the connection to partners, the queue.
 * @throws TraoError when a part cannot be used: then the worker does not start
 */
export async function openParts(config: WorkerConfig) {
  const logger = createLogger('worker', config.node, config.logLevel);
  const database = await Database.open({
    url: config.databaseUrl,
    poolSize: 10,
    applicationName: 'trao-worker',
    plansOnce: true,
  });
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
  return { config, logger, database, raiseAlarm, directory, keys, tls, client, queue, observed, seen };
}

/** No waiting mends it, so people have to hear of it; what is due keeps being tried until it expires. */
function distrusted(partner: string, logger: Logger, raiseAlarm: RaiseAlarm): void {
  logger.log('partner_distrusted', { partner });
  raiseAlarm('partner_tls', partner, 'partner_tls').catch((error: unknown) =>
    logger.log('alarm_not_raised', { err: error, subject: partner }),
  );
}

export function endpointOf(partners: Partners, partner: string): PartnerEndpoint {
  const { id, endpoint, tls } = partners.node(partner);
  return { id, endpoint, ca: tls.ca, spki: tls.spki };
}

export function backendOf({ redisUrl, redisCluster, redisSentinels, databaseUrl }: WorkerConfig): QueueBackend {
  if (redisUrl) return { kind: 'redis', url: redisUrl, cluster: redisCluster, sentinels: redisSentinels };
  const { username, ...rest } = connectionOf(databaseUrl);
  return { kind: 'postgres', user: username, ...rest };
}
