import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { CATALOGUE, TraoError, type Code } from '../errors';
import { logTail } from './log-tail';

export interface ProcessSpec {
  readonly name: string;
  /** Absolute path of a script that node can run. */
  readonly script: string;
  readonly args?: readonly string[];
  /** All that the process gets, beside the few variables that describe the machine (`INHERITED`). */
  readonly env: Readonly<Record<string, string>>;
  /** Gets stdout and stderr, appended. */
  readonly logFile: string;
  readonly execArgv?: readonly string[];
}

/** What a process told with announceReady(). */
export type ReadyInfo = Readonly<Record<string, unknown>>;

export interface ProcessExit {
  readonly name: string;
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** True when the supervisor was asked to end it. */
  readonly expected: boolean;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
}

/** Secrets of one process must not reach the next through the environment, so only these are passed on. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'CI', 'NODE_COMPILE_CACHE', 'NODE_ENV'];
/** Where traces go: whoever starts a demonstration may follow it. */
const TRACES = ['OTEL_EXPORTER_OTLP_ENDPOINT'];
const KILL_AFTER_MS = 10_000;
/** The last IPC message may be read after the exit is known. */
const LAST_WORDS_MS = 500;

/** One run of one process: from its spawn to its exit, never restarted. */
export class LaunchedProcess {
  readonly pid: number;
  /** Fulfilled by announceReady(); rejected with start_failed when the process ends or stays silent before that. */
  readonly ready: Promise<ReadyInfo>;
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #logStart: number;
  #ending = false;

  constructor(
    readonly spec: ProcessSpec,
    readyTimeoutMs: number,
  ) {
    mkdirSync(dirname(spec.logFile), { recursive: true });
    const log = openSync(spec.logFile, 'a', 0o600);
    this.#logStart = fstatSync(log).size;
    const flags = ['--disable-warning=ExperimentalWarning', ...(spec.execArgv ?? [])];
    this.#child = spawn(process.execPath, [...flags, spec.script, ...(spec.args ?? [])], {
      env: { ...inheritedEnv(), ...spec.env },
      stdio: ['ignore', log, log, 'ipc'],
      // Its own process group: Ctrl-C on the terminal reaches the supervisor only, which then stops in order.
      detached: true,
    });
    closeSync(log);
    this.pid = this.#child.pid ?? -1;
    this.exited = this.#watchExit();
    this.ready = this.#watchReady(readyTimeoutMs);
    // Whoever awaits `ready` gets the error; nobody awaiting it must not end this process.
    this.ready.catch(() => undefined);
  }

  /** SIGTERM, then SIGKILL after 10 s. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    await this.exited;
    clearTimeout(timer);
  }

  /** SIGKILL, as a crash would be: the exit counts as unexpected. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  #watchExit(): Promise<ProcessExit> {
    const { name } = this.spec;
    return new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void =>
        resolve({ name, pid: this.pid, code, signal, expected: this.#ending });
      this.#child.once('exit', end);
      this.#child.once('error', () => this.#child.pid === undefined && end(null, null));
    });
  }

  #watchReady(timeoutMs: number): Promise<ReadyInfo> {
    return new Promise((resolve, reject) => {
      let failure: Failure | undefined;
      const timer = setTimeout(() => {
        reject(this.#startFailed(`was not ready after ${timeoutMs} ms`, undefined));
        this.#child.kill('SIGKILL');
      }, timeoutMs);
      this.#child.on('message', (message) => {
        const { ready, failed, ...info } = message as { ready?: true; failed?: Failure };
        if (failed) failure = failed;
        if (!ready) return;
        clearTimeout(timer);
        resolve(info);
      });
      void this.exited.then(async ({ code, signal }) => {
        clearTimeout(timer);
        await this.#lastWords();
        reject(this.#startFailed(`ended with ${signal ?? `exit code ${code}`} before it was ready`, failure));
      });
    });
  }

  async #lastWords(): Promise<void> {
    if (!this.#child.connected) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LAST_WORDS_MS);
      this.#child.once('disconnect', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #startFailed(what: string, failure: Failure | undefined): TraoError {
    const { name, logFile } = this.spec;
    if (failure)
      return new TraoError('start_failed', { detail: `${name}: ${failure.message}`, cause: asCause(failure) });
    const tail = logTail(logFile, this.#logStart);
    const lines = tail ? `Last lines of ${logFile}: ${tail}` : `It wrote nothing to ${logFile}.`;
    return new TraoError('start_failed', { detail: `${name} ${what}. ${lines}` });
  }
}

/** The child's error as it was there, as far as it crosses the channel. */
function asCause({ code, message, detail }: Failure): Error {
  if (!Object.hasOwn(CATALOGUE, code)) return new Error(message);
  return new TraoError(code as Code, detail === undefined ? {} : { detail });
}

function inheritedEnv(): Record<string, string> {
  return Object.fromEntries(
    [...INHERITED, ...TRACES].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
