import { followList, type Logger } from '../../libs/platform';
import { readClients, type Client } from './clients';

/**
 * Keeps a list of clients as its file says.
 * @param clients the list itself, which everybody looks into at each request
 * @param units units that this process was started for: others come with the next start
 * @returns stops following
 */
export function followClients(
  file: string,
  clients: Client[],
  units: readonly string[],
  logger: Logger,
  everyMs?: number,
): () => void {
  let left = 0;
  const read = (text: string) => {
    const next = readClients(text);
    const served = next.filter((client) => client.role !== 'unit' || units.includes(client.unit));
    left = next.length - served.length;
    return served;
  };
  const list = {
    file,
    entries: clients,
    read,
    taken: (served: readonly Client[]) => logger.log('clients_read', { count: served.length, left }),
    refused: (error: unknown) => logger.log('clients_not_read', { err: error }),
  };
  return followList(list, everyMs);
}
