import { asTraoError } from '../errors';
import type { Logger } from './logger';

const WINDOW_MS = 15 * 60_000;
/** More are as alarming, and memory is not for whoever tries. */
const MAX_KEPT = 10_000;

/**
 * Counts sign-ins and tokens that are refused, by what the filters of errors log: every refusal goes through them. Who only has to sign in
 * again is sent there without a line, and is not counted.
 * @returns the logger to give to the filters, and how many there were in the last 15 minutes
 */
export function countRefusedSignIns(
  logger: Logger,
  now: () => number = Date.now,
): { readonly logger: Logger; readonly recent: () => number } {
  let times: number[] = [];
  const recent = () => {
    times = times.filter((at) => now() - at < WINDOW_MS);
    return times.length;
  };
  return {
    recent,
    logger: {
      ...logger,
      log(event, fields) {
        const { err } = (fields ?? {}) as { readonly err?: unknown };
        const code = ['page_refused', 'request_refused'].includes(event) ? asTraoError(err).code : undefined;
        if (code === 'sign_in_refused' || code === 'unauthenticated') {
          if (times.length >= MAX_KEPT) times.shift();
          times.push(now());
        }
        logger.log(event, fields);
      },
    },
  };
}
