import type { Server } from 'node:https';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import 'reflect-metadata';
import type { RaiseAlarm } from '../../libs/exchange';
import { listen, nestLogger, observeRequests, ProblemFilter, type SeenRequest } from '../../libs/http';
import type { Logger } from '../../libs/platform';
import type { TlsIdentity } from '../../libs/trust';
import { Connections, type ConnectionLimits } from './connections';
import { GatewayModule, type GatewayParts } from './gateway.module';
import { Refusals } from './refusals';
import { limitConnections, refuseResumption, tlsOptions } from './tls';

export interface GatewayServing {
  readonly parts: GatewayParts;
  /** Our certificate in use, and who tells that it has changed. */
  readonly tls: { identity(): TlsIdentity; whenChanged(listener: () => void): void };
  /** Who tells that another directory is in force. */
  readonly directory: { whenAdopted(listener: () => void): void };
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly connections: ConnectionLimits;
  readonly logger: Logger;
  readonly raiseAlarm: RaiseAlarm;
  /** Gets each answered request. */
  readonly seen?: (request: SeenRequest) => void;
}

/** Serves partners over mutual TLS. Certificate and directory are those in force, without a restart. */
export async function serveGateway(
  serving: GatewayServing,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { parts, tls, directory, host, port, logger, raiseAlarm } = serving;
  const { self } = parts;
  const secureContext = () => tlsOptions(tls.identity(), self.partners(), self.node);
  const refusals = new Refusals(logger, raiseAlarm);
  const connections = new Connections(serving.connections, (address) => refusals.crowd(address));
  const module = GatewayModule.register({
    ...parts,
    seat: (partner, socket) => connections.seat(partner, socket),
    whenRefused: (identified, socket) => refusals.peer(identified, socket),
  });
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: nestLogger(logger),
    // Nest hands these to node:https, which knows more of them than Nest's type.
    httpsOptions: secureContext() as NonNullable<NestApplicationOptions['httpsOptions']>,
  });
  app.disable('x-powered-by');
  observeRequests(app, logger, serving.seen);
  app.useGlobalFilters(new ProblemFilter(logger));
  const server = app.getHttpServer() as Server;
  // For new connections; open ones go on, and each of their requests is judged by the directory in force.
  const renew = () => server.setSecureContext(secureContext());
  directory.whenAdopted(renew);
  tls.whenChanged(renew);
  limitConnections(server);
  refuseResumption(server);
  refusals.watch(server);
  connections.guard(server);
  await listen(app, port, host);
  return { port: (server.address() as { port: number }).port, close };

  async function close() {
    await app.close();
    refusals.stop();
  }
}
