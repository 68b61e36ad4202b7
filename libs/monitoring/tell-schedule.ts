import type { TraoError } from '../errors';

/** Where people are told besides the page. */
export const TELL_CHANNELS = ['mail', 'webhook'] as const;
export type TellChannel = (typeof TELL_CHANNELS)[number];

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** After so long nobody is helped by it any more; the alert itself is reminded of in its own time. */
const GIVE_UP_MS = 24 * 3_600_000;

/**
 * When a tell that failed is tried again: after 10, 20, 40 … seconds, at most an hour, for a day.
 * @param attempts how often it was tried, this time included
 * @returns undefined when it is given up: what was refused for good, or a day has passed
 */
export function retryTellAt(fault: TraoError, attempts: number, since: Date, now: Date): Date | undefined {
  if (!fault.retryable || now.getTime() - since.getTime() >= GIVE_UP_MS) return undefined;
  return new Date(now.getTime() + Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE_MS));
}
