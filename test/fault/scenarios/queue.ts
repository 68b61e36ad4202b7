import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '../../harness/wait-for';
import { dishonest, sentTwice } from './refusals';
import type { Scenario, ScenarioContext } from './scenario';
import { during } from './traffic';

/** Redis says in which process it runs. */
async function redisPid({ nodes }: ScenarioContext): Promise<number> {
  const info = await nodes.redis!.command('INFO', 'server');
  return Number(/process_id:(\d+)/.exec(info)?.[1]);
}

/** A Redis in the place of the one that was killed: as new, without a file of what it did. */
async function startEmptyRedis({ nodes, atEnd }: ScenarioContext): Promise<void> {
  const folder = path.join(nodes.folder, 'redis-empty');
  mkdirSync(folder, { recursive: true });
  const { port } = new URL(nodes.redis!.url);
  const flags = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'no', '--save', ''];
  const server = spawn('redis-server', flags, { stdio: 'ignore' });
  server.unref();
  atEnd(() => server.kill('SIGKILL'));
  await waitFor('Redis to answer', async () => (await nodes.redis!.command('PING')).startsWith('+PONG'));
}

/** The queue fails in mid-flow; officers notice nothing of it. */
function failing(trouble: (context: ScenarioContext) => Promise<void>): Scenario['run'] {
  return async (context) => {
    let healedAt = 0;
    const flow = await during(
      context.nodes,
      async () => {
        await pause(1_500);
        await trouble(context);
        healedAt = Date.now();
      },
      { everyMs: 400 },
    );
    const faults = [...dishonest(flow), ...(await sentTwice(context.nodes, flow))];
    const refused = [...flow.refusals.keys()].map((code) => `an officer was refused with ${code}`);
    return { promised: flow.promised, healedAt, alarms: [], faults: [...faults, ...refused], seen: {} };
  };
}

const REDIS = { queues: ['redis'] } as const;

export const QUEUE: readonly Scenario[] = [
  {
    name: 'redis_restart',
    how: 'Redis killed in mid-flow and started empty, without AOF, after 5 s',
    ...REDIS,
    run: failing(async (context) => {
      process.kill(await redisPid(context), 'SIGKILL');
      await pause(5_000);
      await startEmptyRedis(context);
    }),
  },
  {
    name: 'redis_paused',
    how: 'Redis stopped by SIGSTOP for 40 s, longer than claims last',
    ...REDIS,
    run: failing(async (context) => {
      const pid = await redisPid(context);
      context.afterwards(() => process.kill(pid, 'SIGCONT'));
      process.kill(pid, 'SIGSTOP');
      await pause(40_000);
      process.kill(pid, 'SIGCONT');
    }),
  },
  {
    name: 'redis_full',
    how: 'Redis out of memory (maxmemory 1 MB, noeviction) for 10 s',
    ...REDIS,
    run: failing(async ({ nodes }) => {
      await nodes.redis!.command('CONFIG', 'SET', 'maxmemory', '1mb');
      await pause(10_000);
      await nodes.redis!.command('CONFIG', 'SET', 'maxmemory', '0');
    }),
  },
];
