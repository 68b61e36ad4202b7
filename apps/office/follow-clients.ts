import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '../../libs/platform';
import { readClients, type Client } from './clients';

const LOOK_MS = 5_000;

/**
 * Keeps a list of clients as its file says: whoever is taken out of the file, or loses a role, has lost it here some seconds later,
 * sessions and all. A file that cannot be read or understood changes nothing, and the log says so; a file that is gone, too.
 * @param clients the list itself, which everybody looks into at each request
 * @param units units that this process was started for: others come with the next start
 * @returns stops following
 */
export function followClients(
  file: string,
  clients: Client[],
  units: readonly string[],
  logger: Logger,
  everyMs = LOOK_MS,
): () => void {
  let seen: string | undefined;
  const look = async () => {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state === seen) return;
      const next = readClients(await readFile(file, 'utf8'));
      const served = next.filter((client) => client.role !== 'unit' || units.includes(client.unit));
      const first = seen === undefined;
      seen = state;
      clients.splice(0, clients.length, ...served);
      if (!first) logger.log('clients_read', { count: served.length, left: next.length - served.length });
    } catch (error) {
      logger.log('clients_not_read', { err: error });
    }
  };
  let running = look();
  const timer = setInterval(() => {
    running = running.then(look);
  }, everyMs).unref();
  return () => clearInterval(timer);
}
