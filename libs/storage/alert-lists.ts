import type { Alert, AlertKind, AlertLevel, AlertState, TellChannel, TellEvent } from '../monitoring';
import { ALERT, toAlert, type AlertRow } from './alert-rows';
import type { Query } from './database';

/** Which alerts: each list empty or absent for all. */
export interface AlertFilter {
  readonly states?: readonly AlertState[] | undefined;
  readonly levels?: readonly AlertLevel[] | undefined;
  readonly kinds?: readonly AlertKind[] | undefined;
  readonly subject?: string | undefined;
  /** The last one of the page before. */
  readonly after?: Pick<Alert, 'lastAt' | 'id'> | undefined;
}

/** Somebody was told of an alert, or is to be. */
export interface AlertTell {
  readonly id: string;
  readonly event: TellEvent;
  readonly channel: TellChannel;
  readonly target: string;
  readonly at: Date;
  readonly attempts: number;
  /** Undefined once it went or was given up. */
  readonly nextAttemptAt: Date | undefined;
  readonly sentAt: Date | undefined;
  /** Why it did not go so far. */
  readonly code: string | undefined;
}

/** Alerts, what was seen last first. */
export async function listAlerts(query: Query, filter: AlertFilter, limit: number): Promise<Alert[]> {
  const all = (list: readonly string[] | undefined) => (list && list.length > 0 ? list : null);
  const rows = await query<AlertRow>(
    `SELECT ${ALERT} FROM alert a
     WHERE ($1::text[] IS NULL OR a.state = ANY ($1)) AND ($2::text[] IS NULL OR a.level = ANY ($2))
       AND ($3::text[] IS NULL OR a.kind = ANY ($3)) AND ($4::text IS NULL OR a.subject = $4)
       AND ($5::timestamptz IS NULL OR (a.last_at, a.id) < ($5, $6::uuid))
     ORDER BY a.last_at DESC, a.id DESC LIMIT $7`,
    [
      all(filter.states),
      all(filter.levels),
      all(filter.kinds),
      filter.subject ?? null,
      filter.after?.lastAt ?? null,
      filter.after?.id ?? null,
      limit,
    ],
  );
  return rows.map(toAlert);
}

/** One alert with everything that was told of it, the newest first; undefined for an id that is not known. */
export async function showAlert(
  query: Query,
  id: string,
): Promise<{ readonly alert: Alert; readonly tells: readonly AlertTell[] } | undefined> {
  const [row] = await query<AlertRow>(`SELECT ${ALERT} FROM alert a WHERE a.id = $1`, [id]);
  if (!row) return undefined;
  const tells = await query<{ readonly [K in keyof AlertTell]: AlertTell[K] | null }>(
    `SELECT id, event, channel, target, at, attempts, sent_at AS "sentAt", code,
       CASE WHEN sent_at IS NULL AND next_attempt_at <> 'infinity' THEN next_attempt_at END AS "nextAttemptAt"
     FROM alert_tell WHERE alert_id = $1 ORDER BY at DESC, id DESC`,
    [id],
  );
  return { alert: toAlert(row), tells: tells.map(withoutNulls) };
}

const withoutNulls = (row: { readonly [K in keyof AlertTell]: AlertTell[K] | null }) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as unknown as AlertTell;
