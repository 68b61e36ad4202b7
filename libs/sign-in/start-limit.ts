import { TraoError } from '../errors';

/** Sign-ins that may begin in a second, over time and at once: many times what the officers of a node can begin. */
const PER_S = 10;
const AT_ONCE = 300;

/**
 * Bounds how many sign-ins begin: anybody may begin one, and each makes a session that lasts until its time is over. All of a process
 * together, because a proxy in front shows one address for everybody.
 */
export class StartLimit {
  private left = AT_ONCE;
  private at: number | undefined;

  /** @param now milliseconds of a clock that does not run backwards */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @throws TraoError `overloaded` */
  begin(): void {
    const now = this.now();
    this.left = Math.min(AT_ONCE, this.left + ((now - (this.at ?? now)) * PER_S) / 1_000);
    this.at = now;
    if (this.left < 1) throw new TraoError('overloaded');
    this.left -= 1;
  }
}
