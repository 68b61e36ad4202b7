import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../../libs/storage';
import { NODES, type NodeId, type TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import type { PointApp } from '../build/points';
import type { Armed } from './control';

/** What strikes a process that stands at a point. */
export const STRIKES = ['kill', 'stop', 'backends', 'flush'] as const;
export type Strike = (typeof STRIKES)[number];

/** SQLSTATE of deadlock_detected (PostgreSQL, appendix A). */
const DEADLOCK = '40P01';

/**
 * Strikes the process that stands at a point, lets it go on where it lives, and brings back what died.
 * @param stopMs how long a stopped process stands still
 * @returns when the fault was over, in ms since 1970
 */
export async function strike(
  kind: Strike,
  armed: Armed,
  pid: number,
  nodes: TwoNodes,
  stopMs: number,
): Promise<number> {
  const { node, app } = armed;
  if (kind === 'kill') {
    await kill(nodes, node, app, pid);
    return Date.now();
  }
  if (kind === 'stop') {
    process.kill(pid, 'SIGSTOP');
    await pause(stopMs);
    process.kill(pid, 'SIGCONT');
  }
  if (kind === 'backends') await terminateBackends(nodes, node, app);
  if (kind === 'flush') await flushQueue(nodes);
  armed.release();
  return Date.now();
}

/** SIGKILL, then the process is started again as its service manager would. */
async function kill(nodes: TwoNodes, node: NodeId, app: PointApp, pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  const gone = async () => (await nodes.pids())[`${node}-${app}`] !== pid;
  await waitFor(`${node}-${app} to die`, gone, { everyMs: 10 });
  await nodes.startApp(node, app);
}

/** Ends all connections of a process to its database, those of its queue included. At least one must have been there. */
async function terminateBackends(nodes: TwoNodes, node: NodeId, app: PointApp): Promise<void> {
  const database = await nodes.database(node);
  const ended = await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = $2`,
    [`trao_${node}`, `trao_${node}_${app}`],
  );
  if (ended.length === 0) throw new Error(`${node}-${app} had no connection to its database.`);
}

/** Empties the queues of both nodes: FLUSHALL on Redis, the tables of jobs on PostgreSQL. */
export async function flushQueue(nodes: TwoNodes): Promise<void> {
  if (nodes.redis) return void (await nodes.redis.command('FLUSHALL'));
  for (const node of NODES) {
    const database = await nodes.database(node);
    const tables = await database.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename LIKE '%job%'`,
    );
    if (tables.length === 0) throw new Error('The queue has no table of jobs.');
    await emptied(database, `TRUNCATE ${tables.map(({ name }) => name).join(', ')} CASCADE`);
  }
}

/** Truncates. It locks several tables at once, as a worker does the other way round: PostgreSQL may choose it as the victim. */
async function emptied(database: Database, truncate: string): Promise<void> {
  try {
    await database.query(truncate);
  } catch (cause) {
    if ((cause as { cause?: { code?: string } }).cause?.code !== DEADLOCK) throw cause;
    await emptied(database, truncate);
  }
}
