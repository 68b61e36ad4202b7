import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { TraoError } from '../errors';

/**
 * Longer than a proxy in front keeps a connection without work (nginx a minute, haproxy some seconds): who closes first must be the one
 * that asks, or a request meets a connection that is just being closed, and its officer gets a 502. Node.js itself closes after 5 s.
 */
const KEEP_ALIVE_MS = 75_000;
/** A client that is slower with the head of its request loses its connection. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Of a process that says nothing of its own: what its proxy and its users open in a bad hour, and far below what memory allows. */
const MOST_CONNECTIONS = 2_048;

/** Listens, or says plainly which port is taken. Nobody can hold all connections by being slow. @throws TraoError `port_taken` */
export async function listen(app: INestApplication, port: number, host: string): Promise<void> {
  try {
    const server = app.getHttpServer() as Server;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.maxConnections ||= MOST_CONNECTIONS;
    await app.listen(port, host);
  } catch (cause) {
    const taken = (cause as { code?: string }).code === 'EADDRINUSE';
    throw taken ? new TraoError('port_taken', { detail: `${host}:${port}`, cause }) : cause;
  }
}
