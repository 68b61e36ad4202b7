import { setTimeout as pause } from 'node:timers/promises';
import { TraoError } from '../../libs/errors';
import { sayOff, watchPartners, type WatchPorts, type WatchReport } from '../../libs/exchange';
import type { Logger } from '../../libs/platform';

const EVERY_MS = 5 * 60_000;
/** A look is put off or brought forward by up to this part, so that nodes and workers do not all ask at the same time. */
const JITTER = 0.2;

/** Looks at all partners right after the start and then every few minutes. A look that fails is made again at the next turn. */
export class DirectoryWatch {
  private readonly ending = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly ports: WatchPorts & { readonly random: () => number },
    private readonly logger: Logger,
  ) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.look();
      const late = 1 + JITTER * (2 * this.ports.random() - 1);
      await pause(EVERY_MS * late, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    try {
      this.tell(await watchPartners(this.ports));
    } catch (error) {
      this.logger.warn({ err: error }, 'partners were not asked; they are asked again later');
    }
  }

  private tell({ version, answered, clock }: WatchReport): void {
    this.logger.debug({ version, answered }, 'partners asked for their directory');
    if (!clock.ours) return;
    const detail = `${sayOff(clock.ours.offMs)} Set it right: timedatectl set-ntp true. Then look again: trao doctor`;
    const line = { err: new TraoError('clock_skew', { detail }) };
    // Nothing is refused because of it: a case that waits is worse than a time that is wrong.
    if (clock.ours.grave) this.logger.error(line, 'this clock is far off');
    else this.logger.warn(line, 'this clock is off');
  }
}
