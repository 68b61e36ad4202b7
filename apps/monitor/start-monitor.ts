import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import session from 'express-session';
import 'reflect-metadata';
import { faultAt, TraoError } from '../../libs/errors';
import { listen, nestLogger, ProblemFilter } from '../../libs/http';
import {
  assertFitForProduction,
  createLogger,
  DirectoryKeeper,
  followList,
  type MonitorConfig,
  processFacts,
  startBeats,
} from '../../libs/platform';
import { Provider } from '../../libs/sign-in';
import { Database, directoryStore, isEmbeddedServer, sessionStore, beatStore } from '../../libs/storage';
import { PageFilter, usePages } from '../../libs/web';
import { MonitorModule } from './monitor.module';
import { readOperators } from './operators';
import { Shell } from './pages/shell/shell';

/** Starts the monitor of a node: where operators watch deliveries. It holds no key and its database role sees no content. */
export async function startMonitor(config: MonitorConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('monitor', config.node, config.logLevel);
  const operators = [...readOperators(config.operators)];
  const database = await Database.open({ url: config.databaseUrl, poolSize: 6, applicationName: 'trao-monitor' });
  await assertFitForProduction(config, () => isEmbeddedServer(database));
  const directory = await DirectoryKeeper.start({
    ...config,
    // It follows what the others adopt and raise; itself it writes neither.
    store: { adopted: directoryStore(database).adopted, keep: async () => undefined },
    raiseAlarm: async () => undefined,
    logger,
  });
  const self = { node: config.node, partners: directory.partners };
  const { timeZone, language, invented } = config.pages;
  const shell = new Shell({ node: config.node, timeZone, language, invented });
  const provider = new Provider(config.pages);
  const app = await NestFactory.create<NestExpressApplication>(
    MonitorModule.register({ self, operators, database, shell, provider }),
    { bodyParser: false, logger: nestLogger(logger) },
  );
  app.disable('x-powered-by');
  app.useGlobalFilters(new PageFilter(logger, shell, undefined, new ProblemFilter(logger)));
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
  const stopBeats = await startBeats({
    app: 'monitor',
    store: beatStore(database),
    facts: processFacts({ pooled: () => database.pooled() }),
    logger,
  });
  logger.log('monitor_up', { port: config.port });

  return {
    async close() {
      await stopBeats();
      stopFollowing();
      await directory.stop();
      await app.close();
      await database.close();
    },
  };
}
