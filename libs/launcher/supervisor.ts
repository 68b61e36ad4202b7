import { TraoError } from '../errors';
import { LaunchedProcess, type ProcessExit, type ProcessSpec, type ReadyInfo } from './launched-process';

export interface SupervisorOptions {
  /** Bring a process back that ended by itself: after `respawnDelayMs`, doubled at every failure up to 30 s. Default false. */
  readonly respawn?: boolean;
  /** Default 1,000 ms. */
  readonly respawnDelayMs?: number;
  /** How long a process may take to announce itself. Default 30,000 ms. */
  readonly readyTimeoutMs?: number;
  readonly onExit?: (exit: ProcessExit) => void;
}

export interface Supervisor {
  /** SIGTERM, then SIGKILL after 10 s; all processes at once when no name is given. They do not come back. */
  stop(name?: string): Promise<void>;
  /** SIGKILL, as a crash: with `respawn` the process comes back. */
  kill(name: string): Promise<void>;
  /** Stops the process when it runs, starts it and waits until it is ready. */
  restart(name: string): Promise<ReadyInfo>;
  /** The running processes by name. */
  pids(): Readonly<Record<string, number>>;
  /** What the process announced when it was last ready. */
  info(name: string): ReadyInfo;
}

const MAX_DELAY_MS = 30_000;
const STEADY_MS = 60_000;

interface Slot {
  readonly spec: ProcessSpec;
  running: LaunchedProcess | undefined;
  wanted: boolean;
  failures: number;
  timer: NodeJS.Timeout | undefined;
  info: ReadyInfo;
}

/**
 * Starts all processes at once and waits until each has announced itself (see `child.ts`).
 * When one fails, the others are stopped before the error is thrown.
 * @throws TraoError start_failed, naming the process; its cause is the error that the process announced, if any
 */
export async function startProcesses(
  specs: readonly ProcessSpec[],
  options: SupervisorOptions = {},
): Promise<Supervisor> {
  const supervisor = new ProcessSupervisor(specs, options);
  try {
    await supervisor.startAll();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return supervisor;
}

class ProcessSupervisor implements Supervisor {
  readonly #slots: ReadonlyMap<string, Slot>;
  readonly #options: SupervisorOptions;

  constructor(specs: readonly ProcessSpec[], options: SupervisorOptions) {
    this.#options = options;
    this.#slots = new Map(specs.map((spec) => [spec.name, emptySlot(spec)]));
    if (this.#slots.size < specs.length) {
      throw new TraoError('start_failed', { detail: 'Two processes have the same name.' });
    }
  }

  async startAll(): Promise<void> {
    await Promise.all([...this.#slots.values()].map((slot) => this.#start(slot)));
    // Only a set that came up once is kept up: a wrong setting must end the start, not loop.
    for (const slot of this.#slots.values()) slot.wanted = true;
    for (const slot of this.#slots.values()) if (!slot.running) this.#scheduleRespawn(slot);
  }

  async stop(name?: string): Promise<void> {
    const slots = name === undefined ? [...this.#slots.values()] : [this.#slot(name)];
    await Promise.all(
      slots.map(async (slot) => {
        slot.wanted = false;
        clearTimeout(slot.timer);
        await slot.running?.stop();
      }),
    );
  }

  async kill(name: string): Promise<void> {
    await this.#slot(name).running?.kill();
  }

  async restart(name: string): Promise<ReadyInfo> {
    const slot = this.#slot(name);
    await this.stop(name);
    await this.#start(slot);
    slot.wanted = true;
    return slot.info;
  }

  pids(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#slots].flatMap(([name, { running }]) => (running ? [[name, running.pid] as const] : [])),
    );
  }

  info(name: string): ReadyInfo {
    return this.#slot(name).info;
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (!slot) throw new TraoError('not_found', { detail: `No process is named ${name}.` });
    return slot;
  }

  async #start(slot: Slot): Promise<void> {
    const launched = new LaunchedProcess(slot.spec, this.#options.readyTimeoutMs ?? 30_000);
    const startedAt = Date.now();
    slot.running = launched;
    void launched.exited.then((exit) => {
      slot.running = undefined;
      if (Date.now() - startedAt > STEADY_MS) slot.failures = 0;
      this.#scheduleRespawn(slot);
      this.#options.onExit?.(exit);
    });
    slot.info = await launched.ready;
  }

  #scheduleRespawn(slot: Slot): void {
    if (!this.#options.respawn || !slot.wanted) return;
    const delay = Math.min((this.#options.respawnDelayMs ?? 1_000) * 2 ** slot.failures, MAX_DELAY_MS);
    slot.failures += 1;
    slot.timer = setTimeout(() => {
      // A run that fails again ends in its own exit, which schedules the next one.
      this.#start(slot).catch(() => undefined);
    }, delay);
  }
}

function emptySlot(spec: ProcessSpec): Slot {
  return { spec, running: undefined, wanted: false, failures: 0, timer: undefined, info: {} };
}
