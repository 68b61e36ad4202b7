import { TraoError, type Code } from '../errors';
import type { Clock } from '../casework';
import { backoffMs, boundedRetryAfterMs, MAX_PAUSE_MS, MAX_PROBE_PAUSE_MS } from './retry';

/**
 * The circuit of one partner, kept in the database so that all workers share it. Closed: send freely. Open: nothing before
 * `retryAt`, then one probe of a single message. It keeps a dead partner from burning the attempts of every message.
 */
export interface Circuit {
  readonly failures: number;
  readonly retryAt: Date | undefined;
}

export const CLOSED: Circuit = { failures: 0, retryAt: undefined };

/** Where circuits are kept. */
export interface CircuitStore {
  circuit(partner: string): Promise<Circuit>;
  /** Stores a circuit for all workers. */
  saveCircuit(partner: string, circuit: Circuit): Promise<void>;
}

interface CircuitPorts {
  readonly store: CircuitStore;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A transport failure may carry the partner's wish. */
export class RetryAfterError extends TraoError {
  constructor(
    code: Code,
    readonly retryAfterMs: number | undefined,
    detail?: string,
  ) {
    super(code, detail === undefined ? {} : { detail });
  }
}

/** True when a failed request says something about the partner, not about this machine. */
export const isPartnerFault = ({ code }: TraoError): boolean => code.startsWith('partner_') || code === 'bad_answer';

/** Notes that a request to the partner as a whole failed. */
export async function openCircuit(partner: string, error: TraoError, ports: CircuitPorts): Promise<void> {
  const wish = error instanceof RetryAfterError ? error.retryAfterMs : undefined;
  const circuit = await ports.store.circuit(partner);
  await ports.store.saveCircuit(partner, afterFailure(circuit, ports.clock.now(), ports.random(), wish));
}

/** Notes that the partner answered. */
export async function closeCircuit(partner: string, { store }: Pick<CircuitPorts, 'store'>): Promise<void> {
  const circuit = await store.circuit(partner);
  if (circuit.failures > 0) await store.saveCircuit(partner, CLOSED);
}

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
export function newBatchLimit(
  circuit: Circuit,
  now: Date,
  full: number,
  inFlight: number,
  maxInFlight: number,
): number {
  if (circuit.retryAt === undefined) return inFlight < maxInFlight ? full : 0;
  const pauseMs = circuit.retryAt.getTime() - now.getTime();
  // A clock that ran ahead when the circuit opened must not keep it open: no pause is ever this long.
  const isOver = pauseMs <= 0 || pauseMs > MAX_PAUSE_MS;
  return isOver && inFlight === 0 ? 1 : 0;
}
