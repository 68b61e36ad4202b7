import { randomUUIDv7 } from 'node:crypto';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import 'reflect-metadata';
import { faultAt, TraoError } from '../../libs/errors';
import { listen, nestLogger, ProblemFilter } from '../../libs/http';
import { FileKeystore } from '../../libs/keystore';
import { agreedDeadlines, createLogger, DirectoryKeeper, type OfficeConfig } from '../../libs/platform';
import {
  alarmStore,
  Database,
  directoryStore,
  draftStore,
  forUnit,
  holdStore,
  readStore,
  sendStore,
} from '../../libs/storage';
import { readClients } from './clients';
import { OfficeModule } from './office.module';

/** Starts the office of a node: where national systems (and later officers) compose, send and read. */
export async function startOffice(config: OfficeConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('office', config.node, config.logLevel);
  const clients = readClients(config.clients);
  const deadlinesFor = agreedDeadlines(config.deadlines);
  const database = await Database.open({ url: config.databaseUrl, poolSize: 10, applicationName: 'trao-office' });
  const raiseAlarm = alarmStore(database);
  const directory = await DirectoryKeeper.start({ ...config, store: directoryStore(database), raiseAlarm, logger });
  const self = { node: config.node, partners: directory.partners };
  const keys = new FileKeystore(config.keyFolder);
  const ports = { self, keys, clock: { now: () => new Date() }, newId: randomUUIDv7, deadlinesFor };

  const module = OfficeModule.register({
    self,
    clients,
    database,
    sendPorts: { ...ports, transaction: forUnit(database, sendStore) },
    readPorts: { ...ports, read: forUnit(database, readStore) },
    draftPorts: { ...ports, transaction: forUnit(database, draftStore) },
    notesPorts: { ...ports, transaction: forUnit(database, holdStore) },
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
          faults: errors.map(({ property }) => faultAt(`?${property}`, 'bad_parameter')),
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
