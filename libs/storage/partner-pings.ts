import { randomUUID } from 'node:crypto';
import { TraoError } from '../errors';
import type { Database } from './database';
import { noteAct, type ActingOperator } from './operator-log';

/** A message that tests the whole path to a partner and back, and how it ended. */
export interface PartnerPing {
  readonly id: string;
  readonly partner: string;
  readonly scheduled: boolean;
  readonly requestedAt: Date;
  readonly messageId: string | null;
  readonly sentAt: Date | null;
  readonly endedAt: Date | null;
  readonly outcome: 'ok' | 'failed' | null;
  readonly code: string | null;
}

const PING = `id, partner, scheduled, requested_at AS "requestedAt", message_id AS "messageId", sent_at AS "sentAt",
  ended_at AS "endedAt", outcome, code`;

/** An office looks every few seconds. */
const TAKEN_WITHIN = `interval '60 seconds'`;
/** A partner's worker answers within seconds; beyond this it is as good as away. */
const ANSWERED_WITHIN = `interval '5 minutes'`;

/** One monitor of a node plans at a time: the next one sees what it has planned. */
const ALONE = `SELECT pg_advisory_xact_lock(hashtextextended('trao partner_ping', 0))`;

/** Nobody is pinged whom operators have suspended, and nobody while the queue of pings is held: that it fails would say nothing. */
const PLAN = `
INSERT INTO partner_ping (id, partner, scheduled)
SELECT gen_random_uuid(), p.partner, true FROM unnest($1::text[]) AS p (partner)
WHERE NOT EXISTS (SELECT FROM partner_ping g WHERE g.partner = p.partner AND g.requested_at > now() - $2 * interval '1 second')
  AND NOT EXISTS (SELECT FROM partner_hold h WHERE h.partner = p.partner)
  AND NOT EXISTS (SELECT FROM queue_hold q WHERE q.queue = 'partner')
RETURNING id`;

/** What has become of the pings that run, by the outbox: it knows without opening anything. */
const JUDGE = `
WITH seen AS (
  SELECT p.id, o.state, o.code, e.at, p.message_id IS NULL AS unsent, p.sent_at <= now() - ${ANSWERED_WITHIN} AS late,
    p.requested_at <= now() - ${TAKEN_WITHIN} AS old
  FROM partner_ping p LEFT JOIN outbox o ON o.id = p.message_id
    LEFT JOIN LATERAL (SELECT min(d.at) AS at FROM delivery_event d WHERE d.message_id = p.message_id AND d.state = 'delivered') e ON true
  WHERE p.ended_at IS NULL),
verdict AS (
  SELECT id, at, CASE WHEN state IN ('delivered', 'opened') THEN NULL
    WHEN state IN ('refused', 'expired', 'undeliverable') THEN coalesce(code, state)
    WHEN unsent AND old THEN 'ping_not_sent' WHEN late THEN 'ping_unanswered' END AS code,
    state IN ('delivered', 'opened') AS arrived
  FROM seen)
UPDATE partner_ping p SET ended_at = CASE WHEN v.arrived THEN coalesce(v.at, now()) ELSE now() END,
  outcome = CASE WHEN v.arrived THEN 'ok' ELSE 'failed' END, code = v.code
FROM verdict v WHERE p.id = v.id AND p.ended_at IS NULL AND (v.arrived OR v.code IS NOT NULL) RETURNING p.id`;

/** Pings as the monitor plans and follows them. */
export function partnerPings(database: Database, partners: () => readonly string[]) {
  return {
    /**
     * Plans a ping to every partner that had none for so long, once for the node however many monitors it has.
     * @returns how many
     */
    async plan(everySeconds: number): Promise<number> {
      return database.transaction(async (query) => {
        await query(ALONE);
        return (await query(PLAN, [partners(), everySeconds])).length;
      });
    },

    /** Ends the pings whose outcome is known. @returns how many */
    async follow(): Promise<number> {
      return (await database.query(JUDGE)).length;
    },

    /**
     * A ping at once; while one is under way that one is meant.
     * @returns its id
     * @throws TraoError `not_found`, `already_suspended`: nothing is sent to such a partner
     */
    async request(partner: string, operator: ActingOperator): Promise<string> {
      if (!partners().includes(partner)) throw new TraoError('not_found', { detail: partner });
      return database.transaction(async (query) => {
        await query(ALONE);
        const suspended = await query('SELECT FROM partner_hold WHERE partner = $1', [partner]);
        if (suspended.length > 0) throw new TraoError('already_suspended', { detail: partner });
        const [open] = await query<{ id: string }>(
          'SELECT id FROM partner_ping WHERE partner = $1 AND ended_at IS NULL LIMIT 1',
          [partner],
        );
        if (open) return open.id;
        const id = randomUUID();
        await query('INSERT INTO partner_ping (id, partner, scheduled) VALUES ($1, $2, false)', [id, partner]);
        await noteAct(query, operator, 'partner_pinged', partner, undefined, { ping: id });
        return id;
      });
    },

    /** The newest pings of a partner, the newest first. */
    list: (partner: string, limit: number) =>
      database.query<PartnerPing>(
        `SELECT ${PING} FROM partner_ping WHERE partner = $1 ORDER BY requested_at DESC LIMIT $2`,
        [partner, limit],
      ),
  };
}
export type PartnerPings = ReturnType<typeof partnerPings>;

/** Sends a ping. @returns the id of its message @throws TraoError why it cannot be sent */
export type SendPing = (ping: { readonly id: string; readonly partner: string }) => Promise<string>;

const NEXT = `
SELECT id, partner FROM partner_ping WHERE message_id IS NULL AND ended_at IS NULL ORDER BY requested_at LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** An earlier ping that still travels. A partner that is away for a week must not find a thousand pings on its return. */
const STILL_TRAVELS = `
SELECT o.id FROM partner_ping p JOIN outbox o ON o.id = p.message_id
WHERE p.partner = $1 AND o.state IN ('queued', 'sending', 'received') ORDER BY p.requested_at DESC LIMIT 1`;

/**
 * Sends the next ping that waits, as the office does it: the row stays locked meanwhile, so that no other office has it.
 * @param failed names why it could not be sent
 * @returns false when none waits
 */
export async function sendNextPing(
  database: Database,
  send: SendPing,
  failed: (error: unknown) => string,
): Promise<boolean> {
  return database.transaction(async (query) => {
    const [ping] = await query<{ id: string; partner: string }>(NEXT);
    if (!ping) return false;
    const [travelling] = await query<{ id: string }>(STILL_TRAVELS, [ping.partner]);
    try {
      const messageId = travelling?.id ?? (await send(ping));
      await query('UPDATE partner_ping SET message_id = $2, sent_at = clock_timestamp() WHERE id = $1', [
        ping.id,
        messageId,
      ]);
    } catch (error) {
      await query(`UPDATE partner_ping SET ended_at = clock_timestamp(), outcome = 'failed', code = $2 WHERE id = $1`, [
        ping.id,
        failed(error),
      ]);
    }
    return true;
  });
}
