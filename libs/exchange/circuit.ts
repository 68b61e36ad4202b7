import { backoffMs, boundedRetryAfterMs, MAX_PROBE_PAUSE_MS } from './retry';

/**
 * The circuit of one partner, kept in the database so that all workers share it. Closed: send freely. Open: nothing before
 * `retryAt`, then one probe of a single message. It keeps a dead partner from burning the attempts of every message.
 */
export interface Circuit {
  readonly failures: number;
  readonly retryAt: Date | undefined;
}

export const CLOSED: Circuit = { failures: 0, retryAt: undefined };

/** The circuit after the partner as a whole failed (no connection, no TLS, no answer, 5xx). */
export function afterFailure(circuit: Circuit, now: Date, random: number, retryAfterMs?: number): Circuit {
  const failures = circuit.failures + 1;
  const pause =
    retryAfterMs === undefined ? backoffMs(failures, random, MAX_PROBE_PAUSE_MS) : boundedRetryAfterMs(retryAfterMs);
  return { failures, retryAt: new Date(now.getTime() + pause) };
}

/**
 * How many messages the next batch to a partner may hold.
 * @returns 0 while the circuit is open or enough batches are under way, 1 for a probe, else `full`
 */
export function newBatchLimit(circuit: Circuit, now: Date, full: number, inFlight: number, maxInFlight: number): number {
  if (circuit.retryAt === undefined) return inFlight < maxInFlight ? full : 0;
  return circuit.retryAt <= now && inFlight === 0 ? 1 : 0;
}
