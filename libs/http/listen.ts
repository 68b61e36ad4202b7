import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { INestApplication } from '@nestjs/common';
import { TraoError } from '../errors';

/** How long clients may take, and how many there may be. */
export interface ListenLimits {
  /** For the head of a request. A slower client loses its connection. */
  readonly headMs: number;
  /** How often Node looks for those that are too slow; its own half minute would be added to every limit. */
  readonly lookMs: number;
  /** Nothing moves within a request or its answer for so long: longer than an office keeps a page's stream of news open (5 min). */
  readonly silenceMs: number;
  /** Connections in all, of a process that says nothing of its own: what its proxy and its users open in a bad hour, far below what memory allows. */
  readonly most: number;
  /** Those that have not asked anything yet. One more takes the place of the oldest, so that those who ask find a place. */
  readonly mostSilent: number;
}

const LIMITS: ListenLimits = {
  headMs: 10_000,
  lookMs: 2_000,
  silenceMs: 360_000,
  most: 2_048,
  mostSilent: 1_024,
};

/**
 * Longer than a proxy in front keeps a connection without work (nginx a minute, haproxy some seconds): who closes first must be the one
 * that asks, or a request meets a connection that is just being closed, and its officer gets a 502. Node.js itself closes after 5 s.
 */
const KEEP_ALIVE_MS = 75_000;

/** Listens, or says plainly which port is taken. Nobody can hold all connections by being slow or silent. @throws TraoError `port_taken` */
export async function listen(
  app: INestApplication,
  port: number,
  host: string,
  { headMs, lookMs, silenceMs, most, mostSilent }: ListenLimits = LIMITS,
): Promise<void> {
  try {
    const server = app.getHttpServer() as Server & { connectionsCheckingInterval: number };
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.headersTimeout = headMs;
    // Nest makes plain servers without options; Node reads this one when it begins to listen.
    server.connectionsCheckingInterval = lookMs;
    server.timeout ||= silenceMs;
    server.maxConnections ||= most;
    // Of TLS the sockets that ask are others than those that connect; whoever serves that counts addresses and partners.
    if (!(server instanceof TlsServer)) boundSilent(server, mostSilent);
    await app.listen(port, host);
  } catch (cause) {
    const taken = (cause as { code?: string }).code === 'EADDRINUSE';
    throw taken ? new TraoError('port_taken', { detail: `${host}:${port}`, cause }) : cause;
  }
}

function boundSilent(server: Server, most: number): void {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    if (silent.size > most) silent.values().next().value?.destroy();
  });
  server.prependListener('request', ({ socket }: { socket: Socket }) => silent.delete(socket));
}
