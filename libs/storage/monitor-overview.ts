import { watchStore } from './partner-watch';
import type { PartnerWatch } from '../exchange';
import type { Database } from './database';
import { askCarefully } from './monitor-messages';

/** What is known of a partner's deliveries. */
export interface PartnerDeliveries {
  readonly partner: string;
  /** The newest message that came from it, and the newest of ours that arrived there, within 30 days. */
  readonly lastIn: Date | null;
  readonly lastOut: Date | null;
  readonly waiting: number;
  readonly oldestAt: Date | null;
  readonly oldestEmergencyAt: Date | null;
  /** Given up, refused or expired among messages of the last 24 hours. */
  readonly failed: number;
  /** When the certificate ends that it showed last when we called it. */
  readonly certificateEnds: Date | null;
  readonly heldSince: Date | null;
  readonly heldReason: string | null;
}

/** A process of this node that has said something within a day. */
export interface ProcessBeat {
  readonly id: string;
  readonly app: string;
  readonly host: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly beatAt: Date;
  readonly facts: Readonly<Record<string, unknown>>;
}

const PARTNERS = `
SELECT p.partner,
  (SELECT i.received_at FROM inbox i WHERE i.sender_node = p.partner AND i.received_at > now() - interval '30 days'
   ORDER BY i.received_at DESC LIMIT 1) AS "lastIn",
  (SELECT o.created_at FROM outbox o WHERE o.recipient_node = p.partner AND o.state IN ('received', 'delivered', 'opened')
   AND o.created_at > now() - interval '30 days' ORDER BY o.created_at DESC LIMIT 1) AS "lastOut",
  coalesce(w.waiting, 0) AS waiting, w.oldest AS "oldestAt", w.emergency AS "oldestEmergencyAt", coalesce(f.failed, 0) AS failed,
  (SELECT l.valid_to FROM partner_link l WHERE l.partner = p.partner AND l.side = 'out' ORDER BY l.last_seen DESC LIMIT 1)
    AS "certificateEnds",
  h.since AS "heldSince", h.reason AS "heldReason"
FROM unnest($1::text[]) WITH ORDINALITY AS p (partner, place)
LEFT JOIN (SELECT recipient_node, count(*)::int AS waiting, min(created_at) AS oldest,
    min(created_at) FILTER (WHERE lane = 'emergency') AS emergency
  FROM outbox WHERE state IN ('queued', 'sending') GROUP BY recipient_node) AS w ON w.recipient_node = p.partner
LEFT JOIN (SELECT recipient_node, count(*)::int AS failed FROM outbox
  WHERE state IN ('refused', 'expired', 'undeliverable') AND created_at > now() - interval '24 hours' GROUP BY recipient_node) AS f
  ON f.recipient_node = p.partner
LEFT JOIN partner_hold h ON h.partner = p.partner
ORDER BY p.place`;

const PROCESSES = `
SELECT id, app, host, version, started_at AS "startedAt", beat_at AS "beatAt", facts FROM process_beat
WHERE beat_at > now() - interval '1 day' ORDER BY app, host, started_at`;

/** Everything on the overview but its charts. */
export interface OverviewFacts {
  readonly partners: readonly PartnerDeliveries[];
  readonly watches: readonly PartnerWatch[];
  readonly processes: readonly ProcessBeat[];
  readonly queueHolds: readonly string[];
  /** How long the database took to answer, in milliseconds. */
  readonly databaseMs: number;
}

export async function overviewFacts(database: Database, partners: readonly string[]): Promise<OverviewFacts> {
  const begun = performance.now();
  await database.query('SELECT 1');
  const databaseMs = performance.now() - begun;
  const watches = await watchStore(database).known();
  return askCarefully(database, async (query) => ({
    partners: await query<PartnerDeliveries>(PARTNERS, [partners]),
    watches,
    processes: await query<ProcessBeat>(PROCESSES),
    queueHolds: (await query<{ queue: string }>('SELECT queue FROM queue_hold ORDER BY queue')).map(
      ({ queue }) => queue,
    ),
    databaseMs,
  }));
}

/** How the messages stand that were handed in within one hour, and how long it took until they were filed, in seconds. */
export interface HourOfMessages {
  readonly hour: Date;
  readonly arrived: number;
  readonly failed: number;
  readonly waiting: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The groups of states are those of the filters of the list, so that a count and the list behind it agree. */
const HOURS = `
WITH counted AS (
  SELECT date_trunc('hour', created_at, 'UTC') AS hour,
    (count(*) FILTER (WHERE state IN ('received', 'delivered', 'opened')))::int AS arrived,
    (count(*) FILTER (WHERE state IN ('refused', 'expired', 'undeliverable')))::int AS failed,
    (count(*) FILTER (WHERE state IN ('queued', 'sending')))::int AS waiting
  FROM outbox WHERE created_at >= $1 GROUP BY 1),
timed AS (
  SELECT date_trunc('hour', o.created_at, 'UTC') AS hour,
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM e.at - o.created_at)::float8) AS seconds
  FROM delivery_event e JOIN outbox o ON o.id = e.message_id AND o.created_at >= $1
  WHERE e.at >= $1 AND e.state = 'delivered' GROUP BY 1)
SELECT hour, arrived, failed, waiting, seconds[1] AS p50, seconds[2] AS p95 FROM counted LEFT JOIN timed USING (hour) ORDER BY hour`;

/** The hours since one, those in which nothing was handed in left out. */
export function hoursSince(database: Database, since: Date): Promise<HourOfMessages[]> {
  return askCarefully(database, (query) => query<HourOfMessages>(HOURS, [since]));
}

/** The deepest that a lane was within an hour. */
export interface DepthSample {
  readonly at: Date;
  readonly lane: string;
  readonly waiting: number;
}

const DEPTHS = `
SELECT date_trunc('hour', at, 'UTC') AS at, lane, max(waiting) AS waiting FROM depth_sample WHERE at >= $1
GROUP BY 1, 2 ORDER BY 1, 2`;

export const depthsSince = (database: Database, since: Date): Promise<DepthSample[]> =>
  askCarefully(database, (query) => query<DepthSample>(DEPTHS, [since]));
