import type { Database } from './database';

export { forgetAttempts, preparePartitions } from './partitions';

/**
 * What is kept only so long. Of messages the sealed bytes go, once both sides have filed them; row, digest, times and receipts stay as
 * evidence, so that a message that comes again is known. Each statement looks at few rows and skips those that others hold, so it can
 * be cut off anywhere and begun again, by any number of workers.
 */

type Asked = Pick<Database, 'query'>;

/** How many days each is kept. */
export interface KeepDays {
  /** Sealed bytes of messages that both sides have filed, from then on. */
  readonly sealed: number;
  /** Attempts to deliver; whole months of them. At least 30. */
  readonly attempts: number;
  /** Alerts that are resolved, from then on. */
  readonly alerts: number;
  /** Samples of how deep the queues were. */
  readonly samples: number;
  /** Rows of processes that ended without saying so. */
  readonly processes: number;
}

/** Rows of one statement: few enough that no other waits long for one of them. */
const BATCH = 200;

/**
 * Outgoing: the partner's verified receipt says of these very bytes that they are filed, for as long as `before` asks, and none says
 * otherwise. Nothing else is touched: neither what is queued, sent, refused, expired or given up, nor what a worker still holds.
 */
const BLANK_SENT = `
WITH due AS (
  SELECT o.id FROM outbox o
  WHERE o.state IN ('delivered', 'opened') AND o.sealed <> '' AND o.created_at < $1 AND NOT o.forget AND o.kept IS NULL
    AND EXISTS (SELECT FROM receipt r WHERE r.message_id = o.id AND r.issuer = o.recipient_node AND r.state = 'obtained'
      AND r.event IN ('delivered', 'opened') AND r.digest = o.digest AND r.stored_at < $1)
    AND NOT EXISTS (SELECT FROM receipt r WHERE r.message_id = o.id AND r.issuer = o.recipient_node AND r.state = 'obtained'
      AND r.event = 'refused' AND r.digest = o.digest)
  ORDER BY o.created_at LIMIT $2 FOR UPDATE OF o SKIP LOCKED)
UPDATE outbox o SET sealed = '' FROM due WHERE o.id = due.id RETURNING o.id`;

/**
 * Incoming: filed here, the sender has our receipt that says so, and no other receipt waits to go to it. Other bytes under the id of such
 * a message go with it, unless they came lately.
 */
const BLANK_FILED = `
WITH due AS (
  SELECT i.sender_node, i.id FROM inbox i
  WHERE i.state = 'filed' AND i.sealed <> '' AND i.received_at < $1
    AND EXISTS (SELECT FROM receipt r WHERE r.message_id = i.id AND r.sender_node = i.sender_node AND r.issuer <> r.sender_node
      AND r.state = 'handed' AND r.event = 'delivered' AND r.digest = i.digest AND r.stored_at < $1)
    AND NOT EXISTS (SELECT FROM receipt r WHERE r.message_id = i.id AND r.sender_node = i.sender_node AND r.state = 'waiting')
    AND NOT EXISTS (SELECT FROM inbox_conflict c WHERE c.sender_node = i.sender_node AND c.id = i.id AND c.received_at >= $1)
  ORDER BY i.received_at LIMIT $2 FOR UPDATE OF i SKIP LOCKED),
other AS (
  UPDATE inbox_conflict c SET sealed = '' FROM due WHERE c.sender_node = due.sender_node AND c.id = due.id)
UPDATE inbox i SET sealed = '' FROM due WHERE i.sender_node = due.sender_node AND i.id = due.id RETURNING i.id`;

const OLD_ALERTS = `
DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE state = 'resolved' AND resolved_at < $1 ORDER BY resolved_at LIMIT $2)
  AND state = 'resolved' RETURNING id`;

/** Those that no monitor has seen stay. */
const OLD_ALARMS = `
DELETE FROM alarm WHERE id IN (SELECT id FROM alarm WHERE folded AND at < $1 ORDER BY at LIMIT $2) RETURNING id`;

const OLD_REQUESTS = `
DELETE FROM idempotency WHERE (client_id, key) IN (SELECT client_id, key FROM idempotency WHERE at < $1 ORDER BY at LIMIT $2) RETURNING key`;

const OLD_SAMPLES = `
DELETE FROM depth_sample WHERE (at, lane) IN (SELECT at, lane FROM depth_sample WHERE at < $1 ORDER BY at LIMIT $2) RETURNING at`;

/** Pings and tests of connections that have ended. */
const oldProbes = (table: 'partner_ping' | 'partner_test') => `
DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE requested_at < $1 LIMIT $2) AND requested_at < $1 RETURNING id`;

const OLD_PROCESSES = `
DELETE FROM process_beat WHERE id IN (SELECT id FROM process_beat WHERE beat_at < $1 ORDER BY beat_at LIMIT $2)
  AND beat_at < $1 RETURNING id`;

/** Blanks sealed bytes of outgoing messages that partners filed before a time. @returns how many messages */
export const blankSent = (database: Asked, before: Date): Promise<number> => inBatches(database, BLANK_SENT, before);

/** Blanks sealed bytes of incoming messages that were filed here before a time. @returns how many messages */
export const blankFiled = (database: Asked, before: Date): Promise<number> => inBatches(database, BLANK_FILED, before);

/** Removes pings and connection tests that were asked for before a time. @returns how many */
export const dropProbes = async (database: Asked, before: Date): Promise<number> =>
  (await inBatches(database, oldProbes('partner_ping'), before)) +
  (await inBatches(database, oldProbes('partner_test'), before));

/** Removes alerts that were resolved before a time, with what was told of them. @returns how many */
export const dropAlerts = (database: Asked, before: Date): Promise<number> => inBatches(database, OLD_ALERTS, before);

/** Removes alarms that were raised before a time and that became alerts. @returns how many */
export const dropAlarms = (database: Asked, before: Date): Promise<number> => inBatches(database, OLD_ALARMS, before);

/** Forgets requests that clients made before a time: the same key then makes another message. @returns how many */
export const dropRequests = (database: Asked, before: Date): Promise<number> =>
  inBatches(database, OLD_REQUESTS, before);

/** Removes samples of queues from before a time. @returns how many */
export const dropSamples = (database: Asked, before: Date): Promise<number> => inBatches(database, OLD_SAMPLES, before);

/** Removes processes that have not been heard of since a time. @returns how many */
export const dropProcesses = (database: Asked, before: Date): Promise<number> =>
  inBatches(database, OLD_PROCESSES, before);

/** Removes sessions of officers and operators that have ended. */
export async function dropSessions(database: Asked, now: Date): Promise<void> {
  // Without a time zone: connect-pg-simple writes the time of the database's zone.
  await database.query('DELETE FROM office_session WHERE expire < $1::timestamptz', [now]);
  await database.query('DELETE FROM monitor_session WHERE expire < $1::timestamptz', [now]);
}

/** Does a statement again and again until it finds less than a batch. */
async function inBatches({ query }: Asked, sql: string, before: Date): Promise<number> {
  for (let done = 0; ;) {
    const rows = await query(sql, [before, BATCH]);
    done += rows.length;
    if (rows.length < BATCH) return done;
  }
}
