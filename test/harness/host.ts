import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: { readonly message: string; readonly code?: string; readonly causeCode?: string };
}

/** What went wrong in the host, with the code of its TraoError and of that error's cause. */
export class HostError extends Error {
  readonly codes: readonly (string | undefined)[];

  constructor({ message, code, causeCode }: NonNullable<Answer['failure']>) {
    super(message);
    this.codes = [code, causeCode];
  }
}

/** The process that runs PostgreSQL and two nodes (host-process.cjs), and the questions to it. */
export class Host {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private asked = 0;

  /** @param more environment, e.g. a clock that is moved */
  constructor(more: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...more };
    // Tests make and break their own servers; one that the environment names belongs to somebody.
    delete env['DATABASE_URL'];
    delete env['REDIS_URL'];
    const execArgv = ['--disable-warning=ExperimentalWarning'];
    this.child = fork(path.join(__dirname, 'host-process.cjs'), [], {
      env,
      execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    // A test file that fails half-way must not keep jest waiting: the host ends when jest does.
    this.child.unref();
    this.child.channel?.unref();
    this.child.on('message', (answer) => this.hear(answer as Answer));
    this.child.once('exit', (code) => {
      for (const id of this.waiting.keys())
        this.hear({ id, failure: { message: `The host of the nodes ended with ${code}.` } });
    });
  }

  /** @throws HostError */
  ask<T = void>(deed: string, ...args: readonly unknown[]): Promise<T> {
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, failure }) => (failure ? reject(new HostError(failure)) : resolve(result as T)));
      this.child.send({ id, deed, args }, (error) => error && this.hear({ id, failure: { message: error.message } }));
    });
  }

  async close(): Promise<void> {
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.connected) this.child.disconnect();
    if (this.child.exitCode === null && this.child.signalCode === null) await exited;
  }

  private hear(answer: Answer): void {
    const done = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    done?.(answer);
  }
}
