import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What Linux tells about a process under /proc (proc(5)). Everything here answers undefined where there is no /proc. */
export interface ProcessTimes {
  readonly parent: number;
  /** CPU time in user and kernel mode of all threads, in milliseconds. */
  readonly ownMs: number;
  /** The same of its children that have ended and were waited for. */
  readonly endedChildrenMs: number;
}

/** `USER_HZ`: 100 on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/** Reads `/proc/PID/stat`. The command's name, in brackets, may hold anything, also brackets and spaces. */
export function parseStat(text: string): ProcessTimes {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Counted from the state, which is field 3 of proc(5): ppid is field 4, utime 14, stime 15, cutime 16, cstime 17.
  const ticks = (field: number) => Number(fields[field - 3]);
  return {
    parent: ticks(4),
    ownMs: (ticks(14) + ticks(15)) * MS_PER_TICK,
    endedChildrenMs: (ticks(16) + ticks(17)) * MS_PER_TICK,
  };
}

/** Reads a size of `/proc/PID/status`, in MiB. */
export function parseStatus(text: string, name: string): number | undefined {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** The CPU time of one process, in milliseconds since it began. */
export function cpuMsOf(pid: number): number | undefined {
  return timesOf(pid)?.ownMs;
}

/**
 * The CPU time of a server and all its child processes, those that have ended included, so that a connection that closes
 * between two looks is not lost.
 */
export function cpuMsOfTree(pid: number): number | undefined {
  const own = timesOf(pid);
  if (!own) return undefined;
  const children = childrenOf(pid).map((child) => timesOf(child)?.ownMs ?? 0);
  return own.ownMs + own.endedChildrenMs + sum(children);
}

/** Makes `peakMbOf` count from now. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not permitted or not Linux: the peak then counts from the start of the process.
  }
}

/** The most memory that a process has held, in MiB. */
export function peakMbOf(pid: number): number | undefined {
  return sizeOf(pid, 'VmHWM');
}

/** What a server and its child processes hold together, in MiB: their own memory, and what they share counted once. */
export function memoryMbOfTree(pid: number): number | undefined {
  const pids = [pid, ...childrenOf(pid)];
  const own = pids.map((process) => sizeOf(process, 'RssAnon') ?? 0);
  const shared = pids.map((process) => sizeOf(process, 'RssShmem') ?? 0);
  return sizeOf(pid, 'RssAnon') === undefined ? undefined : sum(own) + Math.max(...shared);
}

function childrenOf(pid: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((candidate) => timesOf(candidate)?.parent === pid);
}

function timesOf(pid: number): ProcessTimes | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

function sizeOf(pid: number, name: string): number | undefined {
  const text = read(`/proc/${pid}/status`);
  return text === undefined ? undefined : parseStatus(text, name);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
