import { Client } from 'pg';
import { connectionOf } from './connection';
import { ABOUT_FILES, WORK_CHANNEL } from './work';

const RECONNECT_MS = 500;

/**
 * Calls `wake` whenever a commit says that there is work, and whether it may be about files. It holds one connection of its own and opens it again when it breaks.
 * A missed call costs time, not messages: the relay also looks by itself.
 * @returns stops listening
 */
export function listenForWork(url: string, wake: (files: boolean) => void): () => Promise<void> {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const connect = async () => {
    const { username, ...rest } = connectionOf(url);
    const next = new Client({ ...rest, user: username, application_name: 'trao-listen', keepAlive: true });
    client = next;
    next.on('error', () => reconnect(next));
    next.on('end', () => reconnect(next));
    next.on('notification', ({ payload }) => wake(payload === ABOUT_FILES));
    try {
      await next.connect();
      await next.query(`LISTEN ${WORK_CHANNEL}`);
      wake(true);
    } catch {
      reconnect(next);
    }
  };
  const reconnect = (broken: Client) => {
    if (stopped || client !== broken) return;
    client = undefined;
    broken.end().catch(() => undefined);
    timer = setTimeout(() => void connect(), RECONNECT_MS);
  };
  void connect();

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
