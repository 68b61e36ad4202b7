import { readdirSync, readFileSync } from 'node:fs';
import { NODES, type NodeId, type TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import { readerOf } from './reading';

/** What two nodes use when they have nothing to do. */
export interface Baseline {
  /** Connections to the databases by role, e.g. `trao_vn_worker`. */
  readonly connections: Readonly<Record<string, number>>;
  /** By name of the process. */
  readonly processes: Readonly<Record<string, { readonly rssMb: number; readonly files: number }>>;
}

/** A pool and the connections of a queue may be fuller than they were; they may not grow from run to run. */
const MORE_CONNECTIONS = 22;
const MAX_RSS_MB = 350;
const MORE_FILES = 60;
const SETTLED_MS = 60_000;
/**
 * A job whose worker died is in nobody's way: its rows were claimed anew. BullMQ finds it when its lock has ended (30 s), at the second of
 * two looks (30 s each).
 */
const MAX_JOB_AGE_MS = 120_000;

export async function baselineOf(nodes: TwoNodes): Promise<Baseline> {
  const read = readerOf(nodes, 'vn');
  const rows = await read<{ role: string; n: number }>(
    `SELECT usename::text AS role, count(*)::int AS n FROM pg_stat_activity WHERE usename LIKE 'trao\\_%' GROUP BY 1`,
  );
  const pids = await nodes.pids();
  return {
    connections: Object.fromEntries(rows.map(({ role, n }) => [role, n])),
    processes: Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, usageOf(pid)])),
  };
}

/** I8: waits until nothing is in hand any more, then compares with what was used before. */
export async function backToBaseline(nodes: TwoNodes, before: Baseline): Promise<string[]> {
  const settled = async () => {
    const open = await inHand(nodes);
    if (open.length > 0) throw new Error(open.join('; '));
    return true;
  };
  const left = await waitFor('everything to be put down', settled, { timeoutMs: SETTLED_MS, everyMs: 250 }).then(
    () => [],
    (error: Error) => [error.message],
  );
  return [...left, ...grown(before, await baselineOf(nodes))];
}

/** Rows that wait, claims that are held, jobs, and transactions that stand open. */
async function inHand(nodes: TwoNodes): Promise<string[]> {
  const found: string[] = [];
  for (const node of NODES) {
    const read = readerOf(nodes, node);
    const counts = await read<{ what: string; n: number }>(
      `SELECT 'batches' AS what, count(*)::int AS n FROM work_batch WHERE until > now()
       UNION ALL SELECT 'messages to send', count(*)::int FROM outbox WHERE state IN ('queued', 'sending')
       UNION ALL SELECT 'messages to file', count(*)::int FROM inbox WHERE state IN ('stored', 'held')
       UNION ALL SELECT 'receipts to hand back', count(*)::int FROM receipt WHERE state = 'waiting'
       UNION ALL SELECT 'open transactions', count(*)::int FROM pg_stat_activity
         WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND now() - state_change > interval '1 second'`,
    );
    found.push(...counts.filter(({ n }) => n > 0).map(({ what, n }) => `${node} has ${n} ${what}`));
    const jobs = nodes.redis ? await jobsOnRedis(nodes) : await jobsOnPostgres(nodes, node);
    if (jobs > 0) found.push(`${node} has ${jobs} old jobs in its queue`);
  }
  return found;
}

/** Jobs that should have been found by now. */
async function jobsOnPostgres(nodes: TwoNodes, node: NodeId): Promise<number> {
  const read = readerOf(nodes, node);
  const [row] = await read<{ n: number }>('SELECT count(*)::int AS n FROM bullmq.job WHERE added_at_ms < $1', [
    Date.now() - MAX_JOB_AGE_MS,
  ]);
  return row?.n ?? 0;
}

/** Jobs of both nodes: their queues differ by the number of their database only. */
async function jobsOnRedis({ redis }: TwoNodes): Promise<number> {
  let jobs = 0;
  for (const [index] of NODES.entries()) {
    const answer = await redis!.command('EVAL', COUNT_JOBS, '0', String(index), String(Date.now() - MAX_JOB_AGE_MS));
    jobs += Number(/:(\d+)/.exec(answer)?.[1] ?? Number.NaN);
  }
  return jobs;
}

/** Jobs are hashes with a number as the last part of their name. Those that were added before a time are counted. */
const COUNT_JOBS = `redis.call('SELECT', ARGV[1]); local n = 0
for _, key in ipairs(redis.call('KEYS', '{trao}:*')) do 
  if string.match(key, ':%d+$') and tonumber(redis.call('HGET', key, 'timestamp')) < tonumber(ARGV[2]) then n = n + 1 end
end return n`;

function grown(before: Baseline, after: Baseline): string[] {
  const faults: string[] = [];
  for (const [role, n] of Object.entries(after.connections)) {
    const limit = (before.connections[role] ?? 0) + MORE_CONNECTIONS;
    if (n > limit) faults.push(`${role} has ${n} connections, more than ${limit}`);
  }
  for (const [name, { rssMb, files }] of Object.entries(after.processes)) {
    if (rssMb > MAX_RSS_MB) faults.push(`${name} takes ${rssMb} MB of memory`);
    const limit = (before.processes[name]?.files ?? files) + MORE_FILES;
    if (files > limit) faults.push(`${name} has ${files} open files, more than ${limit}`);
  }
  const missing = Object.keys(before.processes).filter((name) => !(name in after.processes));
  return [...faults, ...missing.map((name) => `${name} does not run any more`)];
}

function usageOf(pid: number): { rssMb: number; files: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rssKb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  return { rssMb: Math.round(rssKb / 1024), files: readdirSync(`/proc/${pid}/fd`).length };
}
