import type { Logger } from '../../libs/platform';

const MINUTE_MS = 60_000;
/** Lines of one address in a minute, and of all together; what comes beyond is counted. */
const OF_AN_ADDRESS = 100;
const OF_ALL = 500;
/** Addresses that are told apart in a minute; the rest are counted together. */
const ADDRESSES = 500;

interface Seen {
  lines: number;
  more: number;
}

/**
 * Bounds what refused connections write to the log: whoever reaches the port could fill the disk with them. So many lines a minute, then
 * one for each address with how many there were.
 */
export class RefusalLog {
  private seen = new Map<string, Seen>();
  private written = 0;
  private others = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly logger: Pick<Logger, 'log'>) {
    this.timer = setInterval(() => this.sum(), MINUTE_MS).unref();
  }

  /** Writes a line, or counts it. */
  note(from: string | undefined, write: () => void): void {
    const address = from ?? 'unknown';
    const seen = this.seen.get(address) ?? { lines: 0, more: 0 };
    if (seen.lines < OF_AN_ADDRESS && this.written < OF_ALL) {
      this.seen.set(address, seen);
      seen.lines += 1;
      this.written += 1;
      write();
    } else if (this.seen.has(address) || this.seen.size < ADDRESSES) {
      this.seen.set(address, seen);
      seen.more += 1;
    } else this.others += 1;
  }

  /** Tells what was counted, and begins another minute. */
  sum(): void {
    for (const [from, { more }] of this.seen)
      if (more > 0) this.logger.log('connections_refused', { from, count: more });
    if (this.others > 0) this.logger.log('connections_refused', { count: this.others });
    this.seen = new Map();
    this.written = 0;
    this.others = 0;
  }

  stop(): void {
    clearInterval(this.timer);
    this.sum();
  }
}
