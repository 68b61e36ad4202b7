import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from '../../../libs/storage';
import { cpuMsOf, parseStat } from '../proc';

/** CPU in milliseconds by a name. */
export type CpuByName = Readonly<Record<string, number>>;

/** Threads of one process: `main` runs JavaScript, `libuv-worker` cryptography and files, `V8Worker` collects garbage and compiles. */
export function startThreads(pid: number): () => CpuByName {
  const before = threadsOf(pid);
  return () => grown(before, threadsOf(pid));
}

/** Connections of the server by the role that they are of, and its own processes by their kind. */
export async function startBackends(admin: Pick<Database, 'query'>): Promise<() => Promise<CpuByName>> {
  const before = await backendsOf(admin);
  return async () => grown(before, await backendsOf(admin));
}

interface Counted {
  readonly name: string;
  readonly ms: number;
}

/** Sums by name of what was added to each; what began in between counts whole. */
export function grown(before: ReadonlyMap<number, Counted>, after: ReadonlyMap<number, Counted>): CpuByName {
  const sums: Record<string, number> = {};
  for (const [id, { name, ms }] of after) sums[name] = (sums[name] ?? 0) + ms - (before.get(id)?.ms ?? 0);
  return sums;
}

function threadsOf(pid: number): Map<number, Counted> {
  const threads = new Map<number, Counted>();
  for (const id of entries(`/proc/${pid}/task`)) {
    const text = read(`/proc/${pid}/task/${id}/stat`);
    if (text === undefined) continue;
    const name = id === pid ? 'main' : (/\((.*)\)/.exec(text)?.[1] ?? '?');
    threads.set(id, { name, ms: parseStat(text).ownMs });
  }
  return threads;
}

async function backendsOf(admin: Pick<Database, 'query'>): Promise<Map<number, Counted>> {
  const rows = await admin.query<{ pid: number; name: string }>(
    `SELECT pid, CASE backend_type WHEN 'client backend' THEN usename::text ELSE backend_type END AS name FROM pg_stat_activity`,
  );
  return new Map(rows.map(({ pid, name }) => [pid, { name, ms: cpuMsOf(pid) ?? 0 }]));
}

function entries(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
