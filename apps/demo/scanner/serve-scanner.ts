import { createServer } from 'node:net';
import { listenHere, type Service } from '../listen';
import { ClamdSession } from './clamd-session';

const IDLE_MS = 60_000;

/** Answers like clamd and knows the EICAR test only. NOT a virus scanner: for the demonstration, which takes no real files. */
export function serveScanner(port: number): Promise<Service> {
  const open = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    const session = new ClamdSession(
      (text) => socket.write(text),
      () => socket.end(),
    );
    socket.on('data', (bytes: Buffer) => session.take(bytes));
  });
  return listenHere(server, port).then((service) => ({
    close() {
      for (const socket of open) socket.destroy();
      return service.close();
    },
  }));
}
