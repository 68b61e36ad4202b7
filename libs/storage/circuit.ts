import type { Circuit } from '../exchange';
import type { Query } from './database';
import { dueAt } from './due';

/** How long the circuit `c` is still open, by the clock of the database, which all workers share: their own may differ. In milliseconds. */
export const PAUSE_LEFT = 'extract(epoch FROM c.retry_at - now())::float8 * 1000';

/** What is read of a circuit: failures in a row, and `PAUSE_LEFT`; null where there is none. */
export interface CircuitColumns {
  readonly failures: number | null;
  readonly pause_ms: number | null;
}

/** A circuit as its row tells it, its end by the clock of this process; closed when there is no row. */
export function circuitOf(row: CircuitColumns | undefined): Circuit {
  const pause = row?.pause_ms;
  const retryAt = typeof pause === 'number' ? new Date(Date.now() + pause) : undefined;
  return { failures: row?.failures ?? 0, retryAt };
}

/** Circuits of partners, shared by all workers. */
export function circuitStore(query: Query) {
  return {
    async circuit(partner: string): Promise<Circuit> {
      const [row] = await query<CircuitColumns>(
        `SELECT c.failures, ${PAUSE_LEFT} AS pause_ms FROM circuit c WHERE c.partner = $1`,
        [partner],
      );
      return circuitOf(row);
    },
    async saveCircuit(partner: string, circuit: Circuit): Promise<void> {
      await query(
        `INSERT INTO circuit (partner, failures, retry_at) VALUES ($1, $2, ${dueAt('$3::timestamptz', '$4')})
         ON CONFLICT (partner) DO UPDATE SET failures = excluded.failures, retry_at = excluded.retry_at`,
        [partner, circuit.failures, circuit.retryAt ?? null, new Date()],
      );
    },
  };
}
