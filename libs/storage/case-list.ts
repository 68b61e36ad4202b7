import type { ListStore } from '../caseload';
import type { DeliveryState } from '../lifecycle';
import type { StoredCase } from '../casework';
import type { Query } from './database';

type Row = Omit<StoredCase, 'nextMarkAt'> & { readonly changedAt: Date };

/** What lists of cases are made from. Runs inside one transaction of a unit. */
export function listStore(query: Query): ListStore {
  return {
    async changedSince(unit, since) {
      const rows = await query<Row>(
        `SELECT unit, referral_id AS "referralId", wrapped_key AS "wrappedKey", summary, changed_at AS "changedAt"
         FROM unit_case WHERE unit = $1 AND ($2::timestamptz IS NULL OR changed_at > $2)`,
        [unit, since ?? null],
      );
      return rows.map(({ changedAt, ...stored }) => ({ stored, changedAt }));
    },

    async unsettled(unit) {
      const rows = await query<{ referralId: string; state: DeliveryState }>(
        `SELECT DISTINCT ON (e.referral_id) e.referral_id AS "referralId", o.state
         FROM case_event e JOIN outbox o ON o.id = e.message_id
         WHERE e.unit = $1 AND e.direction = 'sent' AND e.referral_id IN (
           SELECT x.referral_id FROM outbox y JOIN case_event x ON x.unit = $1 AND x.message_id = y.id AND x.direction = 'sent'
           WHERE y.state NOT IN ('delivered', 'opened'))
         ORDER BY e.referral_id, e.at DESC`,
        [unit],
      );
      return new Map(rows.map(({ referralId, state }) => [referralId, state]));
    },
  };
}
