import { TraoError } from '../errors';
import { step, type Alert, type AlertEvent, type TellChannel, type TellEvent, type Told } from '../monitoring';
import { ALERT, saveAlerts, toAlert, toTold, type AlertRow } from './alert-rows';
import { columns } from './columns';
import type { Database, Query } from './database';

/** Where people are told, by channel. */
export type TellTargets = Readonly<Record<TellChannel, readonly string[]>>;

/** A tell that is due, taken by this process for a while. */
export interface ClaimedTell {
  readonly id: string;
  readonly channel: TellChannel;
  readonly target: string;
  /** How often it was tried, this time included. */
  readonly attempts: number;
  readonly told: Told;
}

/** How trying has ended: it went, or it is tried again, or (undefined) it is given up. */
export type TellEnd = { readonly sentAt: Date } | { readonly code: string; readonly againAt: Date | undefined };

/** One row per target: each is tried by itself, and one that is down holds up no other. */
export async function insertTells(
  query: Query,
  tells: readonly { readonly alert: Alert; readonly event: TellEvent }[],
  targets: TellTargets,
  at: Date,
  newId: () => string,
): Promise<void> {
  const rows = tells.flatMap(({ alert, event }) =>
    (['mail', 'webhook'] as const).flatMap((channel) =>
      targets[channel].map((target) => ({ id: newId(), alert: alert.id, event, channel, target })),
    ),
  );
  if (rows.length === 0) return;
  await query(
    `INSERT INTO alert_tell (id, alert_id, event, channel, target, at, next_attempt_at)
     SELECT *, $6::timestamptz, $6::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])`,
    [
      ...columns(
        rows,
        (r) => r.id,
        (r) => r.alert,
        (r) => r.event,
        (r) => r.channel,
        (r) => r.target,
      ),
      at,
    ],
  );
}

const CLAIM = `
WITH due AS (
  SELECT id FROM alert_tell WHERE sent_at IS NULL AND next_attempt_at <= $1 AND channel = $2
  ORDER BY at, id LIMIT $4 FOR UPDATE SKIP LOCKED),
claimed AS (
  UPDATE alert_tell t SET attempts = t.attempts + 1, next_attempt_at = $3 FROM due WHERE t.id = due.id
  RETURNING t.id, t.alert_id, t.event, t.channel, t.target, t.at, t.attempts)
SELECT c.id AS "tellId", c.channel, c.target, c.attempts, c.event, c.at, ${ALERT}
FROM claimed c JOIN alert a ON a.id = c.alert_id ORDER BY c.at, c.id`;

/** Tells that wait to go out. */
export function tellStore({ query }: Database) {
  return {
    /** Takes what is due; it is due again at `until` when its end is not noted by then. */
    async claim(channel: TellChannel, now: Date, until: Date, limit: number): Promise<ClaimedTell[]> {
      type Row = AlertRow & Pick<Told, 'event' | 'at'> & Omit<ClaimedTell, 'id' | 'told'> & { readonly tellId: string };
      const rows = await query<Row>(CLAIM, [now, channel, until, limit]);
      return rows.map(({ tellId, channel: by, target, attempts, ...told }) => ({
        id: tellId,
        channel: by,
        target,
        attempts,
        told: toTold(told),
      }));
    },
    /** What is given up is due at no time, and its code says why. */
    async end(ids: readonly string[], end: TellEnd): Promise<void> {
      const [sentAt, code, again] =
        'sentAt' in end ? [end.sentAt, null, null] : [null, end.code, end.againAt ?? 'infinity'];
      await query(
        `UPDATE alert_tell SET sent_at = $2, code = $3, next_attempt_at = coalesce($4::timestamptz, next_attempt_at)
         WHERE id = ANY ($1::uuid[])`,
        [ids, sentAt, code, again],
      );
    },
  };
}

/**
 * What an operator does to an alert, inside their transaction.
 * @returns the alert before and after
 * @throws TraoError `not_found`; `alert_resolved` for one that has ended
 */
export async function changeAlert(
  query: Query,
  id: string,
  event: Extract<AlertEvent, { event: 'acknowledged' | 'silenced' | 'resolved' }>,
  targets: TellTargets,
  newId: () => string,
): Promise<{ readonly before: Alert; readonly after: Alert }> {
  const [row] = await query<AlertRow>(`SELECT ${ALERT} FROM alert a WHERE a.id = $1 FOR UPDATE`, [id]);
  if (!row) throw new TraoError('not_found');
  const before = toAlert(row);
  if (before.state === 'resolved') throw new TraoError('alert_resolved');
  const { alert: after, tell } = step(before, event);
  await saveAlerts(query, [after]);
  if (tell) await insertTells(query, [{ alert: after, event: tell }], targets, event.at, newId);
  return { before, after };
}
