import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from './logger';

export interface BeatParts {
  readonly app: string;
  readonly store: {
    beat(beat: {
      readonly id: string;
      readonly app: string;
      readonly host: string;
      readonly version: string;
      readonly startedAt: Date;
      readonly facts: object;
    }): Promise<void>;
    end(id: string): Promise<void>;
  };
  /** What this process has to say besides: ids, numbers, dates. */
  readonly facts: () => object | Promise<object>;
  readonly logger: Logger;
}

const EVERY_MS = 15_000;
const MIB = 1024 * 1024;
const VERSION = versionOf(['..', '../..', '../../..']);

/**
 * Lets the monitor see that this process runs and how it is: a row every 15 seconds. A database that does not answer is no fault of this
 * process, so a beat that fails is only said.
 * @returns ends it and takes the row away
 */
export async function startBeats({ app, store, facts, logger }: BeatParts): Promise<() => Promise<void>> {
  const id = randomUUID();
  const startedAt = new Date();
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const beat = async () => {
    try {
      const lag = delay.max / 1e6;
      delay.reset();
      const own = { eventLoopLagMs: Math.round(lag), rssMb: Math.round(process.memoryUsage.rss() / MIB) };
      const all = { ...own, diskFree: await diskFree(), ...(await facts()) };
      await store.beat({ id, app, host: hostname(), version: VERSION, startedAt, facts: all });
    } catch (error) {
      logger.log('beat_failed', { err: error });
    }
  };
  let running = beat();
  await running;
  const timer = setInterval(() => {
    running = running.then(beat);
  }, EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    delay.disable();
    await running;
    await store.end(id).catch(() => undefined);
  };
}

/** The version of Trao: its package lies above the sources, and one folder further above what is compiled. */
function versionOf(above: readonly string[]): string {
  const file = above.map((up) => join(__dirname, up, 'package.json')).find(existsSync);
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : 'unknown';
}

/** The part of the disk under the working folder that is free for this process, 0 to 1. */
async function diskFree(): Promise<number> {
  const { bavail, blocks } = await statfs(process.cwd());
  return blocks === 0 ? 1 : Math.round((1000 * bavail) / blocks) / 1000;
}
