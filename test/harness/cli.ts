import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths';
import { waitFor } from './wait-for';

export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command-line program as a person starts it, running. */
export interface CliRun {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
  /** Waits until it has written something that matches, on either stream. Default 150,000 ms: two demonstrations beside other tests take their time. */
  says(pattern: RegExp, timeoutMs?: number): Promise<void>;
}

/** Starts `node bin/trao.cjs ARGS`. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): CliRun {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
  const child = spawn(process.execPath, [path.join(ROOT, 'bin', 'trao.cjs'), ...args], {
    cwd: ROOT,
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  }
  const ended = new Promise<CliEnd>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...said }));
  });
  return {
    child,
    ended,
    async says(pattern, timeoutMs = 150_000) {
      await waitFor(
        `trao ${args[0]} to say ${pattern}`,
        () => {
          const all = said.stdout + said.stderr;
          if (pattern.test(all)) return true;
          throw new Error(all.slice(-500));
        },
        { timeoutMs },
      );
    },
  };
}

/** Runs the command-line program to its end. */
export const runCli = (...args: readonly string[]): Promise<CliEnd> => startCli(args).ended;

/**
 * The processes that have to do with a folder, by their command line, environment, working directory or open files. Linux only, as far
 * as our own user may look.
 */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => clues(pid).some((clue) => clue.includes(folder)))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()}`);
}

function clues(pid: string): string[] {
  const links = [`/proc/${pid}/cwd`, ...list(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`)];
  return [read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`), ...links.map(target)];
}

/** A process may end while we look at it. */
function gracefully<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

const read = (file: string) => gracefully(() => readFileSync(file, 'latin1'), '');
const list = (folder: string) => gracefully(() => readdirSync(folder), []);
const target = (link: string) => gracefully(() => readlinkSync(link), '');
