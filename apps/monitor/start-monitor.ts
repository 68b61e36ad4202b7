import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import session from 'express-session';
import 'reflect-metadata';
import { faultAt, TraoError } from '../../libs/errors';
import { listen, nestLogger, observeRequests, ProblemFilter } from '../../libs/http';
import {
  assertFitForProduction,
  countRefusedSignIns,
  createLogger,
  DirectoryKeeper,
  type DirectoryStore,
  followList,
  type MonitorConfig,
  processFacts,
  startBeats,
} from '../../libs/platform';
import { Provider } from '../../libs/sign-in';
import {
  Database,
  directoryStore,
  isEmbeddedServer,
  sessionStore,
  beatStore,
  partnerWork,
  metricsFacts,
} from '../../libs/storage';
import {
  countRequests,
  nodeGauges,
  processMetrics,
  serveObserved,
  type ObservedProcess,
  type Watch,
} from '../../libs/telemetry';
import { PageFilter, usePages } from '../../libs/web';
import { startAlertKeeper } from './alert-keeper';
import { MonitorModule } from './monitor.module';
import { readOperators } from './operators';
import { Shell } from './pages/shell/shell';
import { jsonBodies } from './rest/json-bodies';
import { openTellWays } from './tell-operators';
import { startPings } from './ping-schedule';

/** Starts the monitor of a node: where operators watch deliveries. It holds no key and its database role sees no content. */
export async function startMonitor(config: MonitorConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('monitor', config.node, config.logLevel);
  const operators = [...readOperators(config.operators)];
  const database = await Database.open({ url: config.databaseUrl, poolSize: 6, applicationName: 'trao-monitor' });
  await assertFitForProduction(config, () => isEmbeddedServer(database));
  const directory = await DirectoryKeeper.start({
    ...config,
    // It follows what the others adopt and raise; itself it writes neither.
    store: readingStore(database),
    raiseAlarm: async () => undefined,
    logger,
  });
  const self = { node: config.node, partners: directory.partners };
  const observed: ObservedProcess = {
    app: 'monitor',
    node: config.node,
    database,
    directory: () => directory.partners().directory,
  };
  const seen: Watch = { logger, metrics: processMetrics(observed) };
  seen.metrics.follow(nodeGauges(() => metricsFacts(database, config.node)));
  const ways = openTellWays(config);
  const partners = () =>
    directory
      .partners()
      .partnersOf(config.node)
      .map(({ id }) => id);
  const { timeZone, language, invented } = config.pages;
  const shell = new Shell({ node: config.node, timeZone, language, invented });
  const provider = new Provider(config.pages);
  const app = await NestFactory.create<NestExpressApplication>(
    MonitorModule.register({ self, operators, database, shell, provider, ways }),
    { bodyParser: false, logger: nestLogger(logger) },
  );
  app.disable('x-powered-by');
  observeRequests(app, logger, countRequests(seen.metrics));
  const signIns = countRefusedSignIns(logger);
  app.useGlobalFilters(new PageFilter(signIns.logger, shell, undefined, new ProblemFilter(signIns.logger)));
  app.use('/v1', jsonBodies());
  usePages(app, {
    ...config.pages,
    store: sessionStore(database, session, 'monitor_session'),
    assets: shell.assets,
    providerOrigin: provider.origin,
    cookie: 'trao_monitor',
  });
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) =>
        new TraoError('bad_request', {
          faults: errors.map(({ property }) => faultAt(`?${property}`, 'bad_parameter')),
        }),
    }),
  );
  await listen(app, config.port, config.host);
  const stopFollowing = followList({
    file: config.operatorsFile,
    entries: operators,
    read: readOperators,
    taken: (read) => logger.log('operators_read', { count: read.length }),
    refused: (error) => logger.log('operators_not_read', { err: error }),
  });
  const alertKeeper = startAlertKeeper({ node: config.node, database, ...ways, canaries: config.canaries, logger });
  const stopServing = await serveObserved(observed, config.operations, seen);
  const stopBeats = await startBeats({
    app: 'monitor',
    store: beatStore(database),
    facts: processFacts({ pooled: () => database.pooled(), signInFailures: signIns.recent }),
    logger,
  });
  const stopPings = startPings(partnerWork.partnerPings(database, partners), logger);
  logger.log('monitor_up', { port: config.port });

  return {
    async close() {
      await stopBeats();
      await stopServing();
      await alertKeeper.stop();
      ways.mailer?.close();
      stopFollowing();
      await stopPings();
      await directory.stop();
      await app.close();
      await database.close();
    },
  };
}

/** Adopted directories for a process that may not write them: on a first start it may come before those that do. */
function readingStore(database: Database): DirectoryStore {
  const own = new Map<number, Uint8Array>();
  return {
    async adopted(above) {
      const rows = await directoryStore(database).adopted(above);
      return rows.length > 0 ? rows : [...own].flatMap(([version, signed]) => (version > above ? [signed] : []));
    },
    async keep(documents) {
      for (const { version, signed } of documents) own.set(version, signed);
    },
  };
}
