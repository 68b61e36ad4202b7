import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { TraoError } from '../errors';

/**
 * Longer than a proxy in front keeps a connection without work (nginx a minute, haproxy some seconds): who closes first must be the one
 * that asks, or a request meets a connection that is just being closed, and its officer gets a 502. Node.js itself closes after 5 s.
 */
const KEEP_ALIVE_MS = 75_000;

/** Listens, or says plainly which port is taken. @throws TraoError `port_taken` */
export async function listen(app: INestApplication, port: number, host: string): Promise<void> {
  try {
    (app.getHttpServer() as Server).keepAliveTimeout = KEEP_ALIVE_MS;
    await app.listen(port, host);
  } catch (cause) {
    const taken = (cause as { code?: string }).code === 'EADDRINUSE';
    throw taken ? new TraoError('port_taken', { detail: `${host}:${port}`, cause }) : cause;
  }
}
