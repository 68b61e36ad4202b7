import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from '../harness/paths';
import type { Host, Running } from './hosts';

export type AppKind = 'gateway' | 'worker' | 'office';

const READY_MS = 400_000;
const MAX_STARTS = 5;
const BETWEEN_STARTS_MS = 1_000;
const DIST = path.join(ROOT, 'dist');

/** One process of a node, on a machine of its own. */
export class AppProcess {
  private running: Running | undefined;

  constructor(
    readonly kind: AppKind,
    readonly host: Host,
    /** All of its settings, read anew at every start. */
    private readonly env: () => Readonly<Record<string, string>>,
  ) {}

  /**
   * Starts it and waits until it serves. What ends at its start is started again, as an init system does: a machine whose cable was just
   * plugged in may not reach its database yet.
   * @throws Error with the reason that it gave last
   */
  async start(): Promise<void> {
    for (let starts = 1; ; starts += 1) {
      try {
        return await this.startOnce();
      } catch (error) {
        if (starts === MAX_STARTS) throw error;
        await pause(BETWEEN_STARTS_MS);
      }
    }
  }

  private async startOnce(): Promise<void> {
    const script = path.join(DIST, 'apps', this.kind, 'main.js');
    if (!existsSync(script)) throw new Error(`${script} is not built: npm run build`);
    const env = { NODE_COMPILE_CACHE: path.join(ROOT, '.cache', 'compile'), ...this.env() };
    const flags = ['--disable-warning=ExperimentalWarning', script];
    const running = this.host.spawn(process.execPath, flags, { env, ipc: true });
    this.running = running;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.host.name} was not ready in time`)), READY_MS);
      running.child.on('message', (message) => {
        const { ready, failed } = message as { ready?: true; failed?: { code: string; detail?: string } };
        if (failed) reject(new Error(`${this.host.name}: ${failed.code} ${failed.detail ?? ''}`));
        if (ready) resolve();
      });
      void running.ended.then(() => {
        clearTimeout(timer);
        reject(new Error(`${this.host.name} ended before it was ready`));
      });
      running.child.once('message', () => clearTimeout(timer));
    });
  }

  async stop(): Promise<void> {
    await this.running?.end('SIGTERM');
  }
}
