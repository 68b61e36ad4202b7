import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { freePort } from './free-ports';
import { waitFor } from './wait-for';

const PROGRAM = 'redis-server';
const HOST = '127.0.0.1';

/** A Redis of a test's own, with its append-only file and dumps in one folder. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Sends one command and answers what comes back, as raw text. */
  command(...words: readonly string[]): Promise<string>;
  /** It keeps its connections and says nothing, like a machine without power, until it is thawed. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

let found: boolean | undefined;

/** Whether a redis-server is on the PATH. Says so once when there is none. @throws Error in CI when there is none */
export function hasRedis(): boolean {
  if (found !== undefined) return found;
  found = spawnSync(PROGRAM, ['--version'], { stdio: 'ignore' }).status === 0;
  if (!found) process.stderr.write('Redis: no redis-server found, the Redis back end is NOT tested\n');
  if (!found && process.env['CI']) throw new Error('CI must test the Redis back end: install redis-server.');
  return found;
}

/** @param more settings of redis.conf besides the usual */
export async function startRedis(folder: string, more: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  // Uncompressed, so that a search through its files sees what they hold.
  const settings = {
    rdbcompression: 'no',
    port,
    bind: HOST,
    dir: folder,
    appendonly: 'yes',
    save: '',
    logfile: path.join(folder, 'redis.log'),
    ...more,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn(PROGRAM, flags, { stdio: 'ignore' });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  // A test file that fails half-way must not keep jest waiting, nor leave the server behind.
  server.unref();
  process.once('exit', () => server.kill('SIGKILL'));
  const command = (...words: readonly string[]) => ask(port, words);
  await waitFor('Redis to answer', async () => (await command('PING')).startsWith('+PONG'));
  return {
    url: `redis://${HOST}:${port}`,
    port,
    folder,
    command,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      server.ref();
      server.kill('SIGTERM');
      await exited;
    },
  };
}

/** A command as a RESP array, on a connection of its own; the answer ends when Redis closes after QUIT. */
function ask(port: number, words: readonly string[]): Promise<string> {
  const encode = (parts: readonly string[]) =>
    `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, HOST, () => socket.write(encode(words) + encode(['QUIT'])));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('error', reject);
    socket.once('close', () =>
      resolve(
        Buffer.concat(chunks)
          .toString('utf8')
          .replace(/\+OK\r\n$/, ''),
      ),
    );
  });
}
