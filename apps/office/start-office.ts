import { randomUUIDv7 } from 'node:crypto';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import 'reflect-metadata';
import { TraoError } from '../../libs/errors';
import { listen, nestLogger, ProblemFilter } from '../../libs/http';
import { FileKeystore } from '../../libs/keystore';
import { createLogger, DirectoryKeeper, type OfficeConfig } from '../../libs/platform';
import { alarmStore, Database, directoryStore, forUnit, readStore, sendStore } from '../../libs/storage';
import { readClients } from './clients';
import { OfficeModule } from './office.module';

/** Starts the office of a node: where national systems (and later officers) compose, send and read. */
export async function startOffice(config: OfficeConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('office', config.node, config.logLevel);
  const clients = readClients(config.clients);
  const database = await Database.open({ url: config.databaseUrl, poolSize: 10, applicationName: 'trao-office' });
  const raiseAlarm = alarmStore(database);
  const directory = await DirectoryKeeper.start({ ...config, store: directoryStore(database), raiseAlarm, logger });
  const self = { node: config.node, partners: directory.partners };
  const keys = new FileKeystore(config.keyFolder);
  const clock = { now: () => new Date() };

  const module = OfficeModule.register({
    self,
    clients,
    database,
    sendPorts: { self, keys, clock, newId: randomUUIDv7, transaction: forUnit(database, sendStore) },
    readPorts: { keys, read: forUnit(database, readStore) },
  });
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: nestLogger(logger),
  });
  app.disable('x-powered-by');
  app.useGlobalFilters(new ProblemFilter(logger));
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) =>
        new TraoError('bad_request', {
          faults: errors.map(({ property }) => ({ pointer: `?${property}`, rule: 'is not allowed or wrong' })),
        }),
    }),
  );
  await listen(app, config.port, config.host);
  logger.info({ port: config.port }, 'office is up');

  return {
    async close() {
      directory.stop();
      await app.close();
      await database.close();
    },
  };
}
