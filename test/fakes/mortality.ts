import type { MemoryNode } from './memory-node';

/** A process that ended in the middle of its work. */
class Died extends Error {}

type Call = (...args: unknown[]) => Promise<unknown>;

/**
 * Lets the processes of a node die at a chosen call of a port, before it has an effect or after, or stand still when they have begun
 * a batch.
 */
export class Mortality {
  private callsLeft = Infinity;
  private meanwhile: (() => Promise<void>) | undefined;

  constructor(node: MemoryNode) {
    const { accept, acknowledge, deliver, ingest, relay, reseal, settle } = node.ports;
    for (const ports of [accept, acknowledge, deliver, ingest, relay, reseal, settle]) {
      this.wrap(ports, ['post', 'begin', 'transaction', 'enqueue']);
      if ('store' in ports) this.wrap(ports.store, Object.keys(ports.store));
    }
  }

  /** The process dies after so many more steps. */
  dieAfter(calls: number): void {
    this.callsLeft = calls;
  }

  /** The next worker that begins a batch goes on only after this. */
  standStill(meanwhile: () => Promise<void>): void {
    this.meanwhile = meanwhile;
  }

  heal(): void {
    this.callsLeft = Infinity;
    this.meanwhile = undefined;
  }

  /** Runs work to its end or to the death of its process; other errors are passed on. */
  async survive(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { cause = error } = error as Error;
      if (!(cause instanceof Died)) throw error;
    }
  }

  private wrap(ports: object, names: readonly string[]): void {
    const target = ports as Record<string, Call | undefined>;
    for (const name of names) {
      const call = target[name];
      if (!call) continue;
      target[name] = async (...args) => {
        this.tick();
        const result = await call(...args);
        if (name === 'begin') await this.pause();
        this.tick();
        return result;
      };
    }
  }

  private async pause(): Promise<void> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
  }

  private tick(): void {
    if (this.callsLeft === 0) {
      this.callsLeft = Infinity;
      throw new Died();
    }
    this.callsLeft -= 1;
  }
}
