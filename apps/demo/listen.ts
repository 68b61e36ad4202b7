import type { Server } from 'node:net';
import { TraoError } from '../../libs/errors';
import { LOOPBACK } from './demo-config';

export interface Service {
  close(): Promise<void>;
}

/** Listens on loopback and nowhere else. @throws TraoError `port_taken` */
export function listenHere(server: Server & { closeAllConnections?: () => void }, port: number): Promise<Service> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(taken ? new TraoError('port_taken', { detail: `${LOOPBACK}:${port}`, cause }) : cause);
    });
    server.listen(port, LOOPBACK, () =>
      resolve({
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections?.(); // a browser keeps its connections open
          }),
      }),
    );
  });
}
