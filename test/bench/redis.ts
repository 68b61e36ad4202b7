import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TraoError } from '../../libs/errors';
import type { Cleanup } from './cleanup';
import type { Measured } from './meter';

const READY_LIMIT_MS = 10_000;

/** The Redis server of this machine, or undefined. */
export function findRedis(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'redis-server')).find(isExecutable);
}

/** Starts a Redis of our own that writes its log to disk every second, as a production one for queues must. */
export async function startRedis(
  binary: string,
  folder: string,
  port: number,
  cleanup: Cleanup,
): Promise<{ readonly url: string; readonly measured: Measured }> {
  const dir = join(folder, 'redis');
  mkdirSync(dir, { recursive: true });
  const log = openSync(join(dir, 'redis.log'), 'a');
  const settings = { port, bind: '127.0.0.1', dir, appendonly: 'yes', appendfsync: 'everysec', save: '' };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn(binary, flags, { stdio: ['ignore', log, log] });
  server.on('error', () => undefined); // seen below: it never answers
  cleanup.add('Redis', async () => {
    if (server.exitCode !== null || server.pid === undefined) return;
    const exited = once(server, 'exit');
    server.kill('SIGTERM');
    await exited;
  });
  const end = performance.now() + READY_LIMIT_MS;
  while (!(await answers(port))) {
    if (performance.now() > end)
      throw new TraoError('start_failed', { detail: `${binary} does not answer; see ${dir}/redis.log` });
    await pause(50);
  }
  return { url: `redis://127.0.0.1:${port}`, measured: { name: 'redis', pid: server.pid ?? -1, kind: 'single' } };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.once('error', () => end(false));
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
