/** First pause, in milliseconds. */
const BASE_MS = 1_000;
/** Longest pause, also for `Retry-After` (protocol §4). */
export const MAX_PAUSE_MS = 15 * 60_000;
/** Longest pause between probes of a partner that does not answer, so that delivery resumes within a minute of its return. */
export const MAX_PROBE_PAUSE_MS = 30_000;

/**
 * Exponential backoff with full jitter: a uniformly random pause up to base · 2^(attempt-1), so that senders spread out.
 * @param attempt 1 after the first failure
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number, ceilingMs = MAX_PAUSE_MS): number {
  const limit = Math.min(ceilingMs, BASE_MS * 2 ** Math.min(attempt - 1, 30));
  return Math.ceil(random * limit);
}

/** The pause that a partner asks for, bounded: `Retry-After: 10^9` must not silence a lane, and `0` must not make it spin. */
export function boundedRetryAfterMs(retryAfterMs: number): number {
  return Math.min(Math.max(retryAfterMs, BASE_MS), MAX_PAUSE_MS);
}
