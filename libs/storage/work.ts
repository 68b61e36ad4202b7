import { randomUUID } from 'node:crypto';
import { ENOUGH_FOR_A_BATCH, WORK_KINDS, type Batch, type DueGroup, type RelayStore, type WorkKind } from '../exchange';
import { circuitOf, PAUSE_LEFT, type CircuitColumns } from './circuit';
import type { Database, Query } from './database';
import { together, type Write } from './together';

/**
 * Claims of due rows. A claim is a batch that names its rows, for a bounded time, and leaves the rows alone: they are written when a job
 * takes them in hand. A row whose batch nobody finishes is due again by itself, so nothing depends on what the queue remembers. Rows are
 * found by state and time, never by `id > last`: sequences commit out of order (quality, measured facts).
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
    // Told without reading them.
    bytes: 'octet_length(sealed)',
    strikes: 'strikes',
    key: ['id'],
  },
  ingest: {
    table: 'inbox',
    open: `state IN ('stored', 'held')`,
    partner: `$2 = ''`,
    bytes: 'octet_length(sealed)',
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

/** The claim of a batch holds. One that reaches much further than claims do was made by a clock that ran ahead: it holds nothing. */
const OPEN = (batch: string) => `${batch}.until > now() AND ${batch}.until < now() + 2 * ${CLAIM}`;

/** Batches of a group that are claimed and not over, and the rows that they name. */
const claimed = (kind: string, lane: string, partner: string) => `
  SELECT count(DISTINCT b.id)::int AS in_flight, coalesce(array_agg(i), '{}') AS ids
  FROM work_batch b, unnest(b.ids) i WHERE b.kind = ${kind} AND b.lane = ${lane} AND b.partner = ${partner} AND ${OPEN('b')}`;

const DUE = WORK_KINDS.map((kind) => {
  const { table, open, partner } = SOURCES[kind];
  const partners = kind === 'ingest' ? `(SELECT '' AS partner)` : `(SELECT unnest($1::text[]) AS partner)`;
  const match = partner.replace('$2', 'p.partner');
  const free = kind === 'deliver' ? `AND NOT ${SUSPENDED('p.partner')}` : '';
  return `
  SELECT '${kind}' AS kind, l.lane, p.partner, c.in_flight, d.due, d.oldest
  FROM ${partners} p, lanes l, LATERAL (${claimed(`'${kind}'`, 'l.lane', 'p.partner')}) c,
    LATERAL (SELECT count(*)::int AS due, min(next_attempt_at) AS oldest FROM (
      SELECT next_attempt_at FROM ${table} WHERE ${match} AND lane = l.lane AND ${open} AND next_attempt_at <= now()
        AND id <> ALL (c.ids) ORDER BY next_attempt_at LIMIT ${ENOUGH_FOR_A_BATCH}) t) d
  WHERE d.due > 0 AND NOT ${HELD('l.lane', kind === 'ingest' ? 'ingest' : 'partner')} ${free}`;
}).join('\n  UNION ALL');

const DUE_GROUPS = `
WITH lanes (lane, rank) AS (VALUES ('emergency', 1), ('urgent', 2), ('normal', 3)), due AS (${DUE})
SELECT d.kind, d.lane, d.partner, d.in_flight, d.due, extract(epoch FROM now() - d.oldest) * 1000 AS oldest_ms, c.failures, ${PAUSE_LEFT} AS pause_ms
FROM due d JOIN lanes USING (lane) LEFT JOIN circuit c ON c.partner = d.partner ORDER BY lanes.rank`;

function claimSql({ table, open, partner, bytes, strikes, key }: Source): string {
  return `
WITH claimed AS (${claimed('$5', '$1', '$2')}),
candidate AS (
  SELECT ${key.join(', ')}, ${strikes} AS strikes, ${bytes} AS bytes, next_attempt_at FROM ${table}
  WHERE lane = $1 AND ${partner} AND ${open} AND next_attempt_at <= now() AND id <> ALL ((SELECT ids FROM claimed)::uuid[])
  ORDER BY next_attempt_at LIMIT $3),
ranked AS (
  SELECT *, row_number() OVER w AS n, sum(bytes) OVER w AS total, first_value(strikes) OVER w AS first
  FROM candidate WINDOW w AS (ORDER BY next_attempt_at, id)),
chosen AS (
  SELECT id FROM ranked
  WHERE n = 1 OR (first < ${ISOLATE_AFTER} AND strikes < ${ISOLATE_AFTER} AND total <= ${MAX_BATCH_BYTES}))
INSERT INTO work_batch (id, kind, lane, partner, ids, until)
SELECT $4, $5, $1, $2, array_agg(id), now() + ${CLAIM} FROM chosen HAVING count(*) > 0 RETURNING id`;
}

const CLAIMS = {
  deliver: claimSql(SOURCES.deliver),
  ingest: claimSql(SOURCES.ingest),
  acknowledge: claimSql(SOURCES.acknowledge),
};

type DueRow = Pick<DueGroup, 'kind' | 'lane' | 'partner' | 'due'> & {
  in_flight: number;
  oldest_ms: string;
} & CircuitColumns;

/** The relay's view of all work that is due. `partners` are the nodes that rows may go to. */
export function relayStore(database: Database, partners: () => readonly string[]): RelayStore {
  return {
    async dueGroups() {
      const rows = await database.query<DueRow>(DUE_GROUPS, [partners()]);
      return rows.map(({ kind, lane, partner, in_flight, due, oldest_ms, ...circuit }) => ({
        kind,
        lane,
        partner,
        due,
        oldestMs: Number(oldest_ms),
        inFlight: in_flight,
        circuit: circuitOf(circuit),
      }));
    },

    claim({ kind, lane, partner }, limit): Promise<Batch | undefined> {
      const id = randomUUID();
      return database.transaction(async (query) => {
        // Another relay is at it. A lock of its own statement, so that the next one sees what that relay has claimed.
        const [lock] = await query<{ taken: boolean }>(
          'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken',
          [`claim ${kind} ${lane} ${partner}`],
        );
        if (!lock?.taken) return undefined;
        const rows = await query(CLAIMS[kind], [lane, partner, limit, id, kind]);
        return rows.length > 0 ? { id, kind, lane } : undefined;
      });
    },
  };
}

/** The rows that a job has in hand. */
export const IN_HAND = `id = ANY ((SELECT ids FROM work_batch WHERE id = $1)::uuid[]) AND batch = $1`;

/**
 * Rows of the batch $1 that it may take in hand, of the ids $2 that it names: due, and in nobody else's; locked in a fixed order. Two batches
 * may name a row when the claim of the first has run out; the one that takes it first has it for as long as its claim holds. A job that
 * runs a second time takes the same rows.
 */
export const TAKEN = (table: string, open: string) => `
  ${table} WHERE id = ANY ($2::uuid[]) AND ${open} AND (batch = $1 OR next_attempt_at <= now() AND (
    batch IS NULL OR NOT EXISTS (SELECT FROM work_batch b WHERE b.id = ${table}.batch AND ${OPEN('b')})))
  ORDER BY id FOR UPDATE`;

/**
 * Renews the claim of a batch and takes its rows in hand, by a statement that answers them; a batch that has none left is over. Two statements:
 * one that held the batch and waited for its rows would meet a job that holds the rows and ends the batch.
 * @param sql gets the batch as $1, its ids as $2, and `more`
 */
export async function takeInHand<R>(
  { query }: Pick<Database, 'query'>,
  sql: string,
  batchId: string,
  ...more: readonly unknown[]
): Promise<R[]> {
  const [claim] = await query<{ ids: string[] }>(`${RENEWAL} RETURNING ids`, [batchId]);
  if (!claim) return [];
  const rows = await query<R>(sql, [batchId, claim.ids, ...more]);
  if (rows.length === 0) await endBatch(query, batchId);
  return rows;
}

const RENEWAL = `UPDATE work_batch SET until = now() + ${CLAIM} WHERE id = $1`;

/** Holds on to a batch whose job is still at work. */
export async function renewBatch(database: Database, batchId: string): Promise<void> {
  await database.query(RENEWAL, [batchId]);
}

/** Ends a batch and wakes the relay, which may claim the next one. */
async function endBatch(query: Query, batchId: string): Promise<void> {
  await together(query, { ended: writeEnd(batchId) }, wakeRelay());
}

/** The end of a batch; whoever runs it wakes the relay with it. */
export const writeEnd = (batchId: string): Write => ({
  sql: `DELETE FROM work_batch WHERE id = $1 OR until < now() - ${CLAIM}`,
  parameters: [batchId],
});

/** Tells the worker at the commit that there is work. */
export const wakeRelay = (): Write => ({ sql: `SELECT pg_notify($1, '')`, parameters: [WORK_CHANNEL] });

/** The channel on which commits tell the worker that there is work. */
export const WORK_CHANNEL = 'trao_work';
/** What they say there when files have to be looked at, which travel beside the queues. */
export const ABOUT_FILES = 'files';
