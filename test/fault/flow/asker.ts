import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

/** What came of asking, again and again. */
export interface Answered {
  /** Milliseconds to each answer. */
  readonly times: readonly number[];
  /** One line for each question that got none, or one that says that something is wrong. */
  readonly unanswered: readonly string[];
}

const EVERY_MS = 250;
const PATIENCE_MS = 10_000;

/** Looks at addresses in turn: on connections that stay open, as a proxy's do, and each time on a new one too. */
export class Asker {
  private readonly kept = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly fresh = new Agent({ keepAlive: false });
  private stopped = false;

  constructor(private readonly urls: readonly string[]) {}

  /** Asks each once. @throws Error where one does not answer */
  async once(): Promise<void> {
    for (const url of this.urls) await ask(url, this.kept);
  }

  /** Asks until it is stopped. */
  async go(): Promise<Answered> {
    const times: number[] = [];
    const unanswered: string[] = [];
    while (!this.stopped) {
      for (const url of this.urls)
        for (const agent of [this.kept, this.fresh]) {
          const began = performance.now();
          await ask(url, agent).then(
            () => times.push(performance.now() - began),
            (error: Error) =>
              unanswered.push(`${new URL(url).pathname} ${agent === this.kept ? 'kept' : 'new'}: ${error.message}`),
          );
        }
      await pause(EVERY_MS);
    }
    this.kept.destroy();
    return { times, unanswered };
  }

  stop(): void {
    this.stopped = true;
  }
}

/** @throws Error without an answer, or with one of 400 and more */
function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent, timeout: PATIENCE_MS }, (response) => {
      response.resume().once('end', () => {
        if ((response.statusCode ?? 500) < 400) resolve();
        else reject(new Error(`HTTP ${response.statusCode}`));
      });
      response.once('error', reject);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.once('error', reject);
  });
}
