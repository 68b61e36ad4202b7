import type { Logger } from '../../libs/platform';

/** Shortest time between two looks: a burst of notifications costs one look, and rows gather, so that batches grow under load. */
const PAUSE_MS = 20;
/** Pause after a failed look, e.g. while the database is down. */
const FAULT_PAUSE_MS = 1_000;

/** Runs a step whenever it is woken, one at a time, until the step finds nothing more to do. */
export class RelayLoop {
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(
    /** Answers how much it found; it is called again until that is 0. */
    private readonly step: () => Promise<number>,
    private readonly logger: Logger,
  ) {}

  wake(): void {
    this.again = true;
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        const found = await this.step();
        if (found > 0) this.again = true;
        await pause(PAUSE_MS);
      } catch (error) {
        this.logger.log('step_failed', { err: error });
        await pause(FAULT_PAUSE_MS);
      }
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
