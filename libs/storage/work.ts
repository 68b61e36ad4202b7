import { randomUUID } from 'node:crypto';
import { WORK_KINDS, type Batch, type Circuit, type DueGroup, type RelayStore, type WorkKind } from '../exchange';
import type { Database, Query } from './database';

/**
 * Claims of due rows. A claim pushes `next_attempt_at` into the future and names the batch: a row whose batch nobody finishes is due
 * again by itself, so nothing depends on what the queue remembers. Rows are found by state and time, never by `id > last`:
 * sequences commit out of order (quality, measured facts).
 */

/** How long a claim holds. A job in hand renews it, so that it may take longer, and a dead one is noticed soon. */
const CLAIM = `interval '30 seconds'`;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** A row that may itself be the cause of so many failures travels alone. */
const ISOLATE_AFTER = 3;

interface Source {
  readonly table: string;
  /** Rows that wait. */
  readonly open: string;
  /** Rows of the group: $1 lane, $2 partner. */
  readonly partner: string;
  readonly bytes: string;
  readonly strikes: string;
  /** Column(s) that name a row, beside `id`. */
  readonly key: readonly string[];
}

const SOURCES: Record<WorkKind, Source> = {
  deliver: {
    table: 'outbox',
    // What is over is not sent any more: the partner would store it, refuse it, and contradict our evidence.
    open: `state IN ('queued', 'sending') AND expires_at > now()`,
    partner: 'recipient_node = $2',
    bytes: 'length(sealed)',
    strikes: 'strikes',
    key: ['id'],
  },
  ingest: {
    table: 'inbox',
    open: `state IN ('stored', 'held')`,
    partner: `$2 = ''`,
    bytes: 'length(sealed)',
    strikes: 'attempts',
    key: ['sender_node', 'id'],
  },
  acknowledge: {
    table: 'receipt',
    open: `state = 'waiting'`,
    partner: 'sender_node = $2',
    bytes: '0',
    strikes: '0',
    key: ['issuer', 'id'],
  },
};

/** Operators have suspended the partner: nothing is sent to it. Evidence about what it sends still goes back. */
export const SUSPENDED = (partner: string) => `EXISTS (SELECT FROM partner_hold h WHERE h.partner = ${partner})`;

/** Operators hold the queue that work of a lane and a kind goes to (libs/queue). */
const HELD = (lane: string, others: 'partner' | 'ingest') =>
  `EXISTS (SELECT FROM queue_hold q WHERE q.queue = CASE WHEN ${lane} = 'emergency' THEN 'emergency' ELSE '${others}' END)`;

/** Files travel beside the queues, with the lanes of messages that are no emergency. */
export const FILES_HELD = HELD(`'normal'`, 'partner');

const DUE = WORK_KINDS.map((kind) => {
  const { table, open, partner } = SOURCES[kind];
  const partners = kind === 'ingest' ? `(SELECT '' AS partner)` : `(SELECT unnest($1::text[]) AS partner)`;
  const match = partner.replace('$2', 'p.partner');
  const free = kind === 'deliver' ? `AND NOT ${SUSPENDED('p.partner')}` : '';
  return `
  SELECT '${kind}' AS kind, l.lane, p.partner FROM ${partners} p, lanes l
  WHERE NOT ${HELD('l.lane', kind === 'ingest' ? 'ingest' : 'partner')} ${free}
    AND EXISTS (SELECT FROM ${table} t WHERE ${match} AND t.lane = l.lane AND ${open} AND t.next_attempt_at <= now())`;
}).join('\n  UNION ALL');

const DUE_GROUPS = `
WITH lanes (lane, rank) AS (VALUES ('emergency', 1), ('urgent', 2), ('normal', 3)), due AS (${DUE})
SELECT d.*, c.failures, c.retry_at,
  (SELECT count(*)::int FROM work_batch b WHERE b.kind = d.kind AND b.lane = d.lane AND b.partner = d.partner AND b.until > now())
    AS in_flight
FROM due d JOIN lanes USING (lane) LEFT JOIN circuit c ON c.partner = d.partner ORDER BY lanes.rank`;

function claimSql({ table, open, partner, bytes, strikes, key }: Source): string {
  const columns = key.join(', ');
  const same = key.map((column) => `t.${column} = c.${column}`).join(' AND ');
  return `
WITH candidate AS (
  SELECT ${columns}, ${strikes} AS strikes, ${bytes} AS bytes, next_attempt_at FROM ${table}
  WHERE lane = $1 AND ${partner} AND ${open} AND next_attempt_at <= now()
  ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED),
ranked AS (
  SELECT *, row_number() OVER w AS n, sum(bytes) OVER w AS total, first_value(strikes) OVER w AS first
  FROM candidate WINDOW w AS (ORDER BY next_attempt_at, id)),
chosen AS (
  SELECT ${columns} FROM ranked
  WHERE n = 1 OR (first < ${ISOLATE_AFTER} AND strikes < ${ISOLATE_AFTER} AND total <= ${MAX_BATCH_BYTES})),
batch AS (
  INSERT INTO work_batch (id, kind, lane, partner, ids, until)
  SELECT $4, $5, $1, $2, array_agg(id), now() + ${CLAIM} FROM chosen HAVING count(*) > 0)
UPDATE ${table} t SET batch = $4, next_attempt_at = now() + ${CLAIM} FROM chosen c WHERE ${same} RETURNING t.id`;
}

const CLAIMS = {
  deliver: claimSql(SOURCES.deliver),
  ingest: claimSql(SOURCES.ingest),
  acknowledge: claimSql(SOURCES.acknowledge),
};

/** The relay's view of all work that is due. `partners` are the nodes that rows may go to. */
export function relayStore(database: Database, partners: () => readonly string[]): RelayStore {
  return {
    async dueGroups() {
      const rows = await database.query<
        DueGroup & { in_flight: number; failures: number | null; retry_at: Date | null }
      >(DUE_GROUPS, [partners()]);
      return rows.map(({ kind, lane, partner, in_flight, failures, retry_at }) => ({
        kind,
        lane,
        partner,
        inFlight: in_flight,
        circuit: { failures: failures ?? 0, retryAt: retry_at ?? undefined },
      }));
    },

    async claim({ kind, lane, partner }, limit): Promise<Batch | undefined> {
      const id = randomUUID();
      const rows = await database.query(CLAIMS[kind], [lane, partner, limit, id, kind]);
      return rows.length > 0 ? { id, kind, lane } : undefined;
    },
  };
}

/** The rows of a batch, for the job that has it in hand: `id = ANY(...)` on its ids, and still this batch's. */
export const IN_BATCH = `id = ANY ((SELECT ids FROM work_batch WHERE id = $1)::uuid[]) AND batch = $1`;

/** Renewed claim of a row whose job has begun. */
export const RENEWED = `next_attempt_at = now() + ${CLAIM}`;

const RENEWALS = Object.fromEntries(
  WORK_KINDS.map((kind) => [
    kind,
    `WITH held AS (UPDATE work_batch SET until = now() + ${CLAIM} WHERE id = $1 RETURNING ids)
     UPDATE ${SOURCES[kind].table} SET next_attempt_at = now() + ${CLAIM} WHERE batch = $1 AND id = ANY ((SELECT ids FROM held)::uuid[])`,
  ]),
) as Record<WorkKind, string>;

/** Holds on to a batch whose job is still at work. */
export async function renewBatch(database: Database, kind: WorkKind, batchId: string): Promise<void> {
  await database.query(RENEWALS[kind], [batchId]);
}

/** Ends a batch and wakes the relay, which may claim the next one. */
export async function endBatch(query: Query, batchId: string): Promise<void> {
  await query(
    `WITH ended AS (DELETE FROM work_batch WHERE id = $1 OR until < now() - ${CLAIM}) SELECT pg_notify($2, '')`,
    [batchId, WORK_CHANNEL],
  );
}

/** The channel on which commits tell the relay that there is work. */
export const WORK_CHANNEL = 'trao_work';

/** Circuits of partners, shared by all workers. */
export function circuitStore(query: Query) {
  return {
    async circuit(partner: string): Promise<Circuit> {
      const [row] = await query<{ failures: number; retry_at: Date | null }>(
        'SELECT failures, retry_at FROM circuit WHERE partner = $1',
        [partner],
      );
      return { failures: row?.failures ?? 0, retryAt: row?.retry_at ?? undefined };
    },
    async saveCircuit(partner: string, circuit: Circuit): Promise<void> {
      await query(
        `INSERT INTO circuit (partner, failures, retry_at) VALUES ($1, $2, $3)
         ON CONFLICT (partner) DO UPDATE SET failures = excluded.failures, retry_at = excluded.retry_at`,
        [partner, circuit.failures, circuit.retryAt ?? null],
      );
    },
  };
}
