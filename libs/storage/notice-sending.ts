import type { ClaimedNotice, NoticeEnd, SendNoticeStore } from '../notices';
import type { Query } from './database';
import { SETTINGS, toSettings, type SettingsRow } from './settings';

interface Row extends SettingsRow {
  readonly officer: string;
  readonly urgent: boolean;
  readonly attempts: number;
  readonly wantedAt: Date;
}

/** `due_at` moves into the claim: what happens from now on asks for a mail of its own. A claim that has run out is taken over. */
const CLAIM = `
WITH due AS (
  SELECT officer FROM notice
  WHERE unit = $1 AND ((claimed_until IS NULL AND due_at <= $2) OR claimed_until <= $2)
  ORDER BY least(due_at, claimed_until) LIMIT $4 FOR UPDATE SKIP LOCKED),
claimed AS (
  UPDATE notice n SET claimed_urgent = urgent OR (claimed_until IS NOT NULL AND claimed_urgent), claimed_until = $3,
    due_at = NULL, urgent = false
  FROM due WHERE n.unit = $1 AND n.officer = due.officer
  RETURNING n.officer, n.claimed_urgent, n.attempts, n.wanted_at)
SELECT c.officer, c.claimed_urgent AS urgent, c.attempts, c.wanted_at AS "wantedAt", ${SETTINGS}
FROM claimed c JOIN officer_setting s ON s.unit = $1 AND s.officer = c.officer ORDER BY c.officer`;

/** The mails of a unit that are due. Runs inside one transaction of the unit. */
export function noticeSendingStore(query: Query): SendNoticeStore {
  return {
    async claimDue(unit, now, until, limit) {
      const rows = await query<Row>(CLAIM, [unit, now, until, limit]);
      return rows.map(({ officer, urgent, attempts, wantedAt, ...row }): ClaimedNotice => ({
        officer,
        urgent,
        attempts,
        wantedAt,
        settings: toSettings(row),
      }));
    },

    endNotice: (unit, claimed, end) => ended(query, unit, claimed, end),
  };
}

async function ended(query: Query, unit: string, { officer, urgent }: ClaimedNotice, end: NoticeEnd): Promise<void> {
  switch (end.end) {
    case 'sent':
      await query(
        `UPDATE notice SET claimed_until = NULL, attempts = 0, sent_at = $3,
           due_at = greatest(due_at, CASE WHEN due_at IS NULL THEN NULL WHEN urgent THEN $5::timestamptz ELSE $4::timestamptz END),
           wanted_at = CASE WHEN due_at IS NULL THEN NULL ELSE $3::timestamptz END
         WHERE unit = $1 AND officer = $2`,
        [unit, officer, end.at, end.next, end.nextUrgent],
      );
      return;
    case 'later':
      await query(
        `UPDATE notice SET claimed_until = NULL, attempts = attempts + $4, due_at = least(due_at, $3), urgent = urgent OR $5
         WHERE unit = $1 AND officer = $2`,
        [unit, officer, end.at, end.failed ? 1 : 0, urgent],
      );
      return;
    case 'dropped':
      await query(
        `UPDATE notice SET claimed_until = NULL, attempts = 0, wanted_at = due_at WHERE unit = $1 AND officer = $2`,
        [unit, officer],
      );
  }
}
