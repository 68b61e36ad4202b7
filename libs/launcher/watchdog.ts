/**
 * A process of its own that waits for the end of its parent and then stops the parent's PostgreSQL: `watchdog PID CLUSTER`.
 * The parent holds the other end of our stdin; the kernel closes it however the parent ends, kill -9 included.
 * It requires node: modules only, and so runs from the build and from the source alike (Node 24 strips the types).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pid = Number(process.argv[2]);
const cluster = process.argv[3] ?? '';

/** The number is only ours while the server notes it: another process may have it later. */
function serves(): boolean {
  try {
    process.kill(pid, 0);
    return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]) === pid;
  } catch {
    return false;
  }
}

/** `wanted` at once, or after up to `ms`. */
async function reached(wanted: boolean, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) if (serves() === wanted) return true;
  return false;
}

async function stopServer(): Promise<void> {
  // The parent may have died before its server wrote its number.
  if (!(await reached(true, 3_000))) return;
  process.kill(pid, 'SIGINT');
  if (await reached(false, 10_000)) return;
  process.kill(pid, 'SIGQUIT');
}

process.stdin.resume();
process.stdin.once('close', () => void stopServer());
