import { randomUUIDv7 } from 'node:crypto';
import type { Server } from 'node:https';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import 'reflect-metadata';
import type { AcceptPorts, SettlePorts } from '../../libs/exchange';
import { listen, nestLogger, ProblemFilter } from '../../libs/http';
import { openKeystore } from '../../libs/keystore';
import { createLogger, DirectoryKeeper, TlsKeeper, type GatewayConfig } from '../../libs/platform';
import { acceptStore, alarmStore, Database, directoryStore, settleStore } from '../../libs/storage';
import type { Partners } from '../../libs/trust';
import { GatewayModule } from './gateway.module';
import { Refusals } from './refusals';
import { limitConnections, refuseResumption, tlsOptions } from './tls';

/** Starts the gateway of a node: what partners reach, and the only process that they reach. It cannot read content. */
export async function startGateway(config: GatewayConfig): Promise<{ close(): Promise<void> }> {
  const logger = createLogger('gateway', config.node, config.logLevel);
  const database = await Database.open({ url: config.databaseUrl, poolSize: 10, applicationName: 'trao-gateway' });
  const raiseAlarm = alarmStore(database);
  const directory = await DirectoryKeeper.start({
    ...config,
    store: directoryStore(database),
    raiseAlarm,
    logger,
  });
  const tls = await TlsKeeper.start({ ...config, partners: directory.partners, raiseAlarm, logger });
  const secureContext = () => tlsOptions(tls.identity(), directory.partners(), config.node);
  const refusals = new Refusals(logger, raiseAlarm);

  const self = { node: config.node, partners: directory.partners };
  const keys = new FileKeystore(config.keyFolder);
  const acceptPorts: AcceptPorts = {
    self,
    keys,
    store: acceptStore(database, config.node),
    clock: { now: () => new Date() },
    newId: randomUUIDv7,
    raiseAlarm,
  };
  const settlePorts: SettlePorts = {
    self,
    raiseAlarm,
    transaction: (work) => database.transaction((query) => work(settleStore(query))),
  };
  await keys.receiptKey(); // fail at start, not at the first message

  const module = GatewayModule.register({
    self,
    acceptPorts,
    settlePorts,
    signedDirectory: () => directory.signed,
    whenRefused: (identified, socket) => refusals.peer(identified, socket),
  });
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: nestLogger(logger),
    // Nest hands these to node:https, which knows more of them than Nest's type.
    httpsOptions: secureContext() as NonNullable<NestApplicationOptions['httpsOptions']>,
  });
  app.disable('x-powered-by');
  app.useGlobalFilters(new ProblemFilter(logger));
  const server = app.getHttpServer() as Server;
  // For new connections; open ones go on, and each of their requests is judged by the directory in force.
  const renew = () => server.setSecureContext(secureContext());
  directory.whenAdopted(renew);
  tls.whenChanged(renew);
  limitConnections(server);
  refuseResumption(server);
  refusals.watch(server);
  await listen(app, config.port, config.host);
  logger.info({ port: config.port }, 'gateway is up');

  return {
    async close() {
      directory.stop();
      await app.close();
      tls.stop();
      await database.close();
    },
  };
}
