import { randomUUIDv7 } from 'node:crypto';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import 'reflect-metadata';
import { FILE_LIMITS } from '../../libs/attachments';
import { faultAt, TraoError } from '../../libs/errors';
import session from 'express-session';
import { listen, nestLogger, observeRequests, ProblemFilter } from '../../libs/http';
import { openKeystore } from '../../libs/keystore';
import {
  agreedDeadlines,
  assertFitForProduction,
  countRefusedSignIns,
  createLogger,
  DirectoryKeeper,
  type OfficeConfig,
  processFacts,
  startBeats,
} from '../../libs/platform';
import {
  accessStore,
  alarmStore,
  caseFileStore,
  Database,
  directoryStore,
  draftStore,
  fileStore,
  forUnit,
  holdStore,
  isEmbeddedServer,
  listStore,
  noticeSendingStore,
  noticeStore,
  outboxAge,
  readStore,
  sendStore,
  sessionStore,
  settingsStore,
  beatStore,
} from '../../libs/storage';
import { openMailer } from '../../libs/mail';
import { clamdScan, noScanner } from '../../libs/scanner';
import {
  countRequests,
  processMetrics,
  serveObserved,
  watchSending,
  type ObservedProcess,
  type Watch,
} from '../../libs/telemetry';
import { expectedKeys, isPublished } from '../../libs/trust';
import { PageFilter, usePages } from '../../libs/web';
import { readClients } from './clients';
import { followClients } from './follow-clients';
import { startNotifier } from './notifier';
import { OfficeModule } from './office.module';
import { startPinger } from './pinger';
import { CaseLists } from './pages/cases/case-lists';
import { CaseRoom } from './pages/cases/case-room';
import { makePages } from './pages/pages';

/** Starts the office of a node: where national systems (and later officers) compose, send and read. */
export async function startOffice(config: OfficeConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('office', config.node, config.logLevel);
  const clients = [...readClients(config.clients)];
  const deadlinesFor = agreedDeadlines(config.deadlines);
  const database = await Database.open({ url: config.databaseUrl, poolSize: 10, applicationName: 'trao-office' });
  await assertFitForProduction(config, () => isEmbeddedServer(database));
  const raiseAlarm = alarmStore(database);
  const directory = await DirectoryKeeper.start({ ...config, store: directoryStore(database), raiseAlarm, logger });
  const self = { node: config.node, partners: directory.partners };
  const published = (kid: string, unit?: string) => isPublished(directory.partners().directory, config.node, kid, unit);
  const keys = await openKeystore({ ...config.keys, published });
  const served = clients.flatMap((client) => (client.role === 'unit' ? [client.unit] : []));
  const { units: active } = expectedKeys(directory.partners().directory, config.node, new Date());
  const units = active.filter((unit) => served.includes(unit));
  await keys.assertReady({ signing: units, storage: units });
  const ports = { self, keys, clock: { now: () => new Date() }, newId: randomUUIDv7, deadlinesFor };

  const observed: ObservedProcess = {
    app: 'office',
    node: config.node,
    database,
    directory: () => directory.partners().directory,
    outbox: () => outboxAge(database),
  };
  const seen: Watch = { logger, metrics: processMetrics(observed) };

  const mailer = config.mail && openMailer(config.mail);
  const scan = config.scanner ? clamdScan(config.scanner) : noScanner;
  const readPorts = { ...ports, read: forUnit(database, readStore) };
  const accessPorts = { ...ports, transaction: forUnit(database, accessStore) };
  const lists = new CaseLists({ ...ports, list: forUnit(database, listStore) });
  const room = new CaseRoom(accessPorts, readPorts, raiseAlarm);
  const pages = config.pages && makePages(config.pages, config.node, clients, keys, { lists, room });
  const sendPorts = watchSending({ ...ports, transaction: forUnit(database, sendStore) }, seen);
  const module = OfficeModule.register({
    self,
    clients,
    database,
    sendPorts,
    readPorts,
    draftPorts: { ...ports, transaction: forUnit(database, draftStore) },
    filePorts: { ...ports, limits: FILE_LIMITS, scan, transaction: forUnit(database, fileStore) },
    caseFilePorts: { ...ports, read: forUnit(database, caseFileStore) },
    notesPorts: { ...ports, transaction: forUnit(database, holdStore) },
    accessPorts,
    settingsPorts: { ...ports, transaction: forUnit(database, settingsStore) },
    mails: mailer !== undefined,
    pages,
    signedDirectory: () => directory.signed,
  });
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: nestLogger(logger),
  });
  app.disable('x-powered-by');
  observeRequests(app, logger, countRequests(seen.metrics));
  const signIns = countRefusedSignIns(logger);
  const problems = new ProblemFilter(signIns.logger);
  app.useGlobalFilters(pages ? new PageFilter(signIns.logger, pages.shell, pages.parking, problems) : problems);
  if (pages && config.pages) {
    const { assets } = pages.shell;
    const providerOrigin = pages.provider.origin;
    usePages(app, {
      ...config.pages,
      store: sessionStore(database, session, 'office_session'),
      assets,
      providerOrigin,
      cookie: 'trao',
    });
  }
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
  const stopFollowing = followClients(config.clientsFile, clients, served, logger);
  const stopNotifier =
    mailer &&
    startNotifier({
      units,
      clients,
      collecting: { ...ports, transaction: forUnit(database, noticeStore) },
      sending: { ...ports, transaction: forUnit(database, noticeSendingStore), mail: mailer.send },
      logger,
    });
  const stopPinger = startPinger({ database, units, sending: sendPorts, logger });
  const stopServing = await serveObserved(observed, config.operations, seen);
  const stopBeats = await startBeats({
    app: 'office',
    store: beatStore(database),
    facts: processFacts({
      pooled: () => database.pooled(),
      keys: () => keys.list(),
      signInFailures: signIns.recent,
    }),
    logger,
  });
  logger.log('office_up', { port: config.port });

  return {
    async close() {
      await stopBeats();
      await stopServing();
      await stopPinger();
      stopFollowing();
      await directory.stop();
      await stopNotifier?.();
      mailer?.close();
      await app.close();
      await database.close();
    },
  };
}
