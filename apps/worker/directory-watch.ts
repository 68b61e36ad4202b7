import { setTimeout as pause } from 'node:timers/promises';
import { TraoError } from '../../libs/errors';
import { sayOff, watchPartners, type WatchPorts, type WatchReport } from '../../libs/exchange';
import type { Logger } from '../../libs/platform';

const EVERY_MS = 5 * 60_000;
/** While partners do not answer, as when all nodes start at the same time, the pauses grow from here. */
const FIRST_PAUSE_MS = 5_000;
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
    let afterSilence = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const all = await this.look();
      const pauseMs = all ? EVERY_MS : afterSilence;
      afterSilence = all ? FIRST_PAUSE_MS : Math.min(afterSilence * 2, EVERY_MS);
      const late = 1 + JITTER * (2 * this.ports.random() - 1);
      await pause(pauseMs * late, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** True when every partner has answered. */
  private async look(): Promise<boolean> {
    try {
      const report = await watchPartners(this.ports);
      this.tell(report);
      return report.answered === report.asked;
    } catch (error) {
      this.logger.log('partners_not_asked', { err: error });
      return false;
    }
  }

  private tell({ version, asked, answered, clock }: WatchReport): void {
    this.logger.log('partners_asked', { version, asked, answered });
    if (!clock.ours) return;
    const detail = `${sayOff(clock.ours.offMs)} Set it right: timedatectl set-ntp true. Then look again: trao doctor`;
    const line = { err: new TraoError('clock_skew', { detail }) };
    // Nothing is refused because of it: a case that waits is worse than a time that is wrong.
    this.logger.log(clock.ours.grave ? 'clock_far_off' : 'clock_off', line);
  }
}
