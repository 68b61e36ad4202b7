/**
 * A token bucket: so much at once, and so much a second over time.
 * Times are milliseconds of any clock that does not run backwards.
 */
export class TokenBucket {
  private level: number;
  private at: number | undefined;

  /**
   * @param perS what flows in
   * @param burst what it holds, and holds at the start
   */
  constructor(
    private readonly perS: number,
    private readonly burst: number,
  ) {
    this.level = burst;
  }

  /**
   * How long to wait until `amount` may be taken; 0 when it may be taken now. More than the bucket ever holds may be taken from a full
   * one, which then owes the rest: otherwise a large batch would wait for ever.
   * @returns milliseconds
   */
  waitMs(amount: number, now: number): number {
    this.fill(now);
    const missing = Math.min(amount, this.burst) - this.level;
    return missing <= 0 ? 0 : Math.ceil((missing * 1_000) / this.perS);
  }

  take(amount: number, now: number): void {
    this.fill(now);
    this.level -= amount;
  }

  private fill(now: number): void {
    const passedMs = Math.max(0, now - (this.at ?? now));
    this.level = Math.min(this.burst, this.level + (passedMs * this.perS) / 1_000);
    this.at = now;
  }
}
