import type { WorkKind } from '../exchange';
import type { Database } from './database';
import type { QueueName } from './holds';

/** How full a queue is. Messages, receipts and messages to file count alike: each is one row that waits. */
export interface QueueFacts {
  readonly queue: QueueName;
  /** Rows that wait, those in hand among them. */
  readonly waiting: number;
  /** Of these: due now. The others are in hand, or wait for their next try. */
  readonly due: number;
  /** Batches that a worker has claimed. */
  readonly batches: number;
  readonly oldestAt: Date | null;
}

/** Where rows wait, as the relay sees them (work.ts). */
const WAITING: Readonly<Record<WorkKind, string>> = {
  deliver: `SELECT lane, next_attempt_at, created_at AS since FROM outbox WHERE state IN ('queued', 'sending')`,
  ingest: `SELECT lane, next_attempt_at, received_at AS since FROM inbox WHERE state IN ('stored', 'held')`,
  acknowledge: `SELECT lane, next_attempt_at, stored_at AS since FROM receipt WHERE state = 'waiting'`,
};
const queueOf = (kind: string) =>
  `CASE WHEN lane = 'emergency' THEN 'emergency' WHEN ${kind} = 'ingest' THEN 'ingest' ELSE 'partner' END`;

const QUEUE_FACTS = `
WITH row AS (${Object.entries(WAITING)
  .map(([kind, rows]) => `SELECT ${queueOf(`'${kind}'`)} AS queue, next_attempt_at, since FROM (${rows}) r`)
  .join(' UNION ALL ')}),
held AS (SELECT ${queueOf('kind')} AS queue, count(*)::int AS batches FROM work_batch WHERE until > now() GROUP BY 1),
counted AS (
  SELECT queue, count(*)::int AS waiting, (count(*) FILTER (WHERE next_attempt_at <= now()))::int AS due, min(since) AS oldest
  FROM row GROUP BY queue)
SELECT q.queue, coalesce(c.waiting, 0) AS waiting, coalesce(c.due, 0) AS due, coalesce(h.batches, 0) AS batches, c.oldest AS "oldestAt"
FROM unnest(ARRAY['emergency', 'partner', 'ingest']) WITH ORDINALITY AS q (queue, rank)
  LEFT JOIN counted c USING (queue) LEFT JOIN held h USING (queue) ORDER BY q.rank`;

/** How full the queues are. */
export const queueFacts = ({ query }: Pick<Database, 'query'>): Promise<QueueFacts[]> => query(QUEUE_FACTS);

/** Files that travel: to partners, and those that came and wait for the scanner. */
export async function fileFacts({ query }: Pick<Database, 'query'>) {
  const [row] = await query<{ leaving: number; judging: number; oldestAt: Date | null }>(
    `SELECT (count(*) FILTER (WHERE delivery = 'waiting'))::int AS leaving,
       (count(*) FILTER (WHERE state IN ('awaiting', 'quarantined')))::int AS judging, min(created_at) AS "oldestAt"
     FROM attachment WHERE delivery = 'waiting' OR state IN ('awaiting', 'quarantined')`,
  );
  return row!;
}

/** A process of this node, by its signs of life. */
export interface ProcessRow {
  readonly id: string;
  readonly app: string;
  readonly host: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly beatAt: Date;
  readonly up: boolean;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Processes that have given a sign of life within a day, those that live first. */
export const processRows = ({ query }: Pick<Database, 'query'>): Promise<ProcessRow[]> =>
  query(
    `SELECT id, app, host, version, started_at AS "startedAt", beat_at AS "beatAt", beat_at > now() - interval '60 seconds' AS up, facts
     FROM process_beat WHERE beat_at > now() - interval '1 day' ORDER BY up DESC, app, beat_at DESC LIMIT 200`,
  );

/** What has come to a dead end, counted by why and with whom. */
export interface DeadGroup {
  readonly what: 'sent' | 'received' | 'receipt' | 'file';
  readonly partner: string;
  /** The state in which it ended. */
  readonly state: string;
  readonly code: string | null;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** A file that has failed so often is told to people (push-files.ts). */
const STUCK_AFTER = 20;

const DEAD = `
SELECT 'sent' AS what, recipient_node AS partner, state, code, count(*)::int AS count, min(created_at) AS "firstAt", max(created_at) AS "lastAt"
FROM outbox WHERE state IN ('undeliverable', 'refused', 'expired') GROUP BY recipient_node, state, code
UNION ALL
SELECT 'received', i.sender_node, i.state, r.code, count(*)::int, min(i.received_at), max(i.received_at)
FROM inbox i LEFT JOIN LATERAL (
  SELECT code FROM receipt WHERE message_id = i.id AND sender_node = i.sender_node AND event = 'refused' ORDER BY stored_at LIMIT 1) r ON true
WHERE i.state = 'refused' GROUP BY i.sender_node, i.state, r.code
UNION ALL
SELECT 'receipt', sender_node, state, code, count(*)::int, min(stored_at), max(stored_at)
FROM receipt WHERE state = 'refused' GROUP BY sender_node, state, code
UNION ALL
SELECT 'file', coalesce(recipient_node, sender_node, ''), CASE WHEN delivery = 'waiting' THEN 'stuck' WHEN delivery = 'withheld' THEN 'withheld' ELSE state END,
  NULL, count(*)::int, min(created_at), max(created_at)
FROM attachment WHERE (delivery = 'waiting' AND attempts >= ${STUCK_AFTER}) OR delivery = 'withheld' OR state IN ('damaged', 'infected')
GROUP BY 2, 3
ORDER BY 1, 5 DESC, 2`;

/** Everything that nobody will move on by itself, in groups. */
export const deadGroups = ({ query }: Pick<Database, 'query'>): Promise<DeadGroup[]> => query(DEAD);
