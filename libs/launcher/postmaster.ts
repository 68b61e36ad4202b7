import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TraoError } from '../errors';

const PATIENCE_MS = 10_000;

/** What the server wrote into `postmaster.pid`: its process id (line 1) and whether it takes connections (line 8). */
export function readPostmaster(cluster: string): { pid: number; ready: boolean } | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 1 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/** The setting by which a later start recognises who started a server. */
export function launcherMark(pid: number): string {
  return `cluster_name=trao-${pid}`;
}

/**
 * Stops the server that an earlier start left over in `cluster`, as after kill -9 of the launcher and its watchdog.
 * A process is only signalled when it is a PostgreSQL of this very cluster; a server whose launcher lives is not left over.
 * @throws TraoError start_failed when the cluster is in use, or its server does not end
 */
export async function stopLeftOver(cluster: string, log: (line: string) => void): Promise<void> {
  const noted = readPostmaster(cluster);
  if (!noted) return;
  const { pid } = noted;
  const server = serverOf(cluster, pid);
  if (!server) {
    // After a reboot the number may belong to any process of this user; PostgreSQL would then refuse to start.
    if (isAlive(pid)) rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  if (server.launcher !== undefined && server.launcher === server.parent) {
    throw new TraoError('start_failed', {
      detail: `The database in ${cluster} is in use by process ${server.launcher}.`,
    });
  }
  log(`stopping the left-over PostgreSQL (process ${pid}) of ${cluster}`);
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    trySignal(pid, signal);
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      if (!serverOf(cluster, pid)) return;
      await sleep(10);
    }
  }
  throw new TraoError('start_failed', { detail: `The left-over PostgreSQL, process ${pid}, does not end.` });
}

/** The process `pid` when it is the main process of a PostgreSQL that serves `cluster`. */
function serverOf(cluster: string, pid: number): { parent: number; launcher: number | undefined } | undefined {
  const found = inspect(pid);
  if (!found || !`${found.args} `.includes(`/postgres -D ${cluster} `)) return undefined;
  const mark = /cluster_name=trao-(\d+)/.exec(found.args);
  return { parent: found.parent, launcher: mark ? Number(mark[1]) : undefined };
}

/** Command line and parent of a process: from /proc, because slim Linux images have no `ps`; elsewhere from `ps`. */
function inspect(pid: number): { args: string; parent: number } | undefined {
  try {
    if (existsSync('/proc/self/stat')) {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command's name, in brackets, may hold anything; state and parent follow it.
      return { args, parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) };
    }
    const line = execFileSync('ps', ['-ww', '-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [parent = '', ...args] = line.split(/\s+/);
    return { args: args.join(' '), parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
