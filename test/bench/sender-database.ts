import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { connectionOf } from '../../libs/storage';
import { nowMs } from './office-load';

/** When a message reached a state, by the clock of the sender's database (milliseconds since 1970). */
export interface Reached {
  readonly id: string;
  readonly receivedMs: number | undefined;
  readonly deliveredMs: number | undefined;
}

const CLOCK_PROBES = 9;
const LOOK_MS = 50;

/** What the benchmark reads in the database of the sending node. */
export class SenderDatabase {
  private constructor(
    private readonly pool: Pool,
    /** The database's clock minus ours. */
    private readonly aheadMs: number,
  ) {}

  static async open(url: string): Promise<SenderDatabase> {
    const { username, ...rest } = connectionOf(url);
    const pool = new Pool({ ...rest, user: username, max: 2, application_name: 'trao-bench' });
    return new SenderDatabase(pool, await clockOffset(pool));
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** Which of these messages are delivered. */
  async deliveredAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT id FROM outbox WHERE id = ANY ($1::uuid[]) AND state = 'delivered'`,
      [ids],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** How many messages are not delivered yet. */
  async backlog(): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM outbox WHERE state <> 'delivered'`,
    );
    return rows[0]?.count ?? 0;
  }

  /** Waits until everything is delivered, at most so long; answers what is left. */
  async drain(limitMs: number): Promise<number> {
    const end = nowMs() + limitMs;
    for (;;) {
      const left = await this.backlog();
      if (left === 0 || nowMs() > end) return left;
      await pause(LOOK_MS);
    }
  }

  /** How many messages became `delivered`, which means with a verified receipt, in a span of our clock. */
  async deliveredBetween(fromMs: number, toMs: number): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM delivery_event WHERE state = 'delivered' AND at >= to_timestamp($1) AND at < to_timestamp($2)`,
      [(fromMs + this.aheadMs) / 1000, (toMs + this.aheadMs) / 1000],
    );
    return rows[0]?.count ?? 0;
  }

  /** When each message that was delivered since a time reached its states, by our clock. */
  async reachedSince(fromMs: number): Promise<Map<string, Reached>> {
    const { rows } = await this.pool.query<{ id: string; received: number | null; delivered: number | null }>(
      `SELECT message_id AS id, extract(epoch FROM min(at))::float8 * 1000 AS received,
         (extract(epoch FROM min(at) FILTER (WHERE state = 'delivered')))::float8 * 1000 AS delivered
       FROM delivery_event WHERE state IN ('received', 'delivered') AND at >= to_timestamp($1) GROUP BY message_id`,
      [(fromMs + this.aheadMs) / 1000],
    );
    const ours = (ms: number | null) => (ms === null ? undefined : ms - this.aheadMs);
    return new Map(
      rows.map((row) => [row.id, { id: row.id, receivedMs: ours(row.received), deliveredMs: ours(row.delivered) }]),
    );
  }
}

/** Both clocks are of one machine; the embedded server and we may still read them differently. The quickest look tells best. */
async function clockOffset(pool: Pool): Promise<number> {
  let best = { tookMs: Infinity, aheadMs: 0 };
  for (let probe = 0; probe < CLOCK_PROBES; probe += 1) {
    const before = nowMs();
    const { rows } = await pool.query<{ ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
    );
    const after = nowMs();
    if (after - before < best.tookMs)
      best = { tookMs: after - before, aheadMs: (rows[0]?.ms ?? 0) - (before + after) / 2 };
  }
  return best.aheadMs;
}
