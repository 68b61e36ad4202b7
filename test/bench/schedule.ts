/**
 * An open loop: message number i is due at i / rate, whatever became of those before. A generator that waits for answers sends
 * less when the system slows down and so hides exactly the latencies that matter (coordinated omission).
 */
export interface Schedule {
  readonly ratePerS: number;
  readonly seconds: number;
}

/** When message `index` is due, in milliseconds after the beginning. */
export function dueAtMs({ ratePerS }: Schedule, index: number): number {
  return (index * 1000) / ratePerS;
}

/** How many messages are due `elapsedMs` after the beginning. After a stall, all that were missed are due at once. */
export function dueCount(schedule: Schedule, elapsedMs: number): number {
  if (elapsedMs < 0) return 0;
  const begun = Math.floor((elapsedMs * schedule.ratePerS) / 1000) + 1;
  return Math.min(begun, totalCount(schedule));
}

/** How many messages the whole run has. */
export function totalCount({ ratePerS, seconds }: Schedule): number {
  return Math.ceil(ratePerS * seconds);
}
