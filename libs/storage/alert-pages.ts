import type { TellChannel, TellEvent } from '../monitoring';
import type { Query } from './database';

/** The last time that one target was told of an alert, or is to be. */
export interface LastTell {
  readonly alertId: string;
  readonly channel: TellChannel;
  readonly target: string;
  readonly event: TellEvent;
  readonly at: Date;
  readonly attempts: number;
  readonly sentAt: Date | null;
  /** Why it did not go so far. */
  readonly code: string | null;
}

/** Who was told last of alerts, by alert, channel and target. */
export async function lastTells(query: Query, alertIds: readonly string[]): Promise<ReadonlyMap<string, LastTell[]>> {
  const told = new Map<string, LastTell[]>();
  if (alertIds.length === 0) return told;
  const rows = await query<LastTell>(
    `SELECT DISTINCT ON (alert_id, channel, target) alert_id AS "alertId", channel, target, event, at, attempts,
       sent_at AS "sentAt", code
     FROM alert_tell WHERE alert_id = ANY ($1::uuid[]) ORDER BY alert_id, channel, target, alert_tell.at DESC`,
    [alertIds],
  );
  for (const row of rows) told.set(row.alertId, [...(told.get(row.alertId) ?? []), row]);
  return told;
}

/** How many alerts are open, by level. */
export async function openAlertCounts(query: Query): Promise<Readonly<Record<string, number>>> {
  const rows = await query<{ readonly level: string; readonly count: number }>(
    `SELECT level, count(*)::int AS count FROM alert WHERE state <> 'resolved' GROUP BY level`,
  );
  return Object.fromEntries(rows.map(({ level, count }) => [level, count]));
}
