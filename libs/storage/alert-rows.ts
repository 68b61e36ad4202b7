import type { Alert, Told } from '../monitoring';
import type { Query } from './database';

/** The columns of an alert as `Alert` names them; `a` is the table. */
export const ALERT = `a.id, a.kind, a.subject, a.level, a.state, a.first_at AS "firstAt", a.last_at AS "lastAt", a.count, a.code,
  a.detail, a.acknowledged_by AS "acknowledgedBy", a.acknowledged_at AS "acknowledgedAt", a.silenced_until AS "silencedUntil",
  a.resolved_at AS "resolvedAt", a.told_at AS "toldAt", a.next_tell_at AS "nextTellAt", a.tells`;

export type AlertRow = { readonly [K in keyof Alert]: Alert[K] | null };

/** Without what is absent. */
export function toAlert(row: AlertRow): Alert {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as unknown as Alert;
}

/** Writes alerts as they are now. */
export async function saveAlerts(query: Query, alerts: readonly Alert[]): Promise<void> {
  if (alerts.length === 0) return;
  await query(
    `INSERT INTO alert (id, kind, subject, level, state, first_at, last_at, count, code, detail, acknowledged_by, acknowledged_at,
       silenced_until, resolved_at, told_at, next_tell_at, tells)
     SELECT id, kind, subject, level, state, "firstAt", "lastAt", count, code, detail, "acknowledgedBy", "acknowledgedAt",
       "silencedUntil", "resolvedAt", "toldAt", "nextTellAt", tells
     FROM jsonb_to_recordset($1) AS a (id uuid, kind text, subject text, level text, state text, "firstAt" timestamptz,
       "lastAt" timestamptz, count int, code text, detail text, "acknowledgedBy" text, "acknowledgedAt" timestamptz,
       "silencedUntil" timestamptz, "resolvedAt" timestamptz, "toldAt" timestamptz, "nextTellAt" timestamptz, tells int)
     ON CONFLICT (id) DO UPDATE SET level = excluded.level, state = excluded.state, last_at = excluded.last_at,
       count = excluded.count, code = excluded.code, detail = excluded.detail, acknowledged_by = excluded.acknowledged_by,
       acknowledged_at = excluded.acknowledged_at, silenced_until = excluded.silenced_until, resolved_at = excluded.resolved_at,
       told_at = excluded.told_at, next_tell_at = excluded.next_tell_at, tells = excluded.tells`,
    [JSON.stringify(alerts)],
  );
}

/** What is told of an alert, from its row and the row of the tell. */
export function toTold(row: AlertRow & Pick<Told, 'event' | 'at'>): Told {
  const { event, at, ...rest } = row;
  const { id: alertId, kind, level, subject, count, firstAt, code } = toAlert(rest);
  return { alertId, event, at, kind, level, subject, count, firstAt, code };
}
