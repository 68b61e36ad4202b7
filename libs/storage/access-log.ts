import type { AccessStore, LoggedAccess, StoredAccess } from '../caseload';
import { caseSource, saveCases } from './cases';
import type { Query } from './database';

type Nullable = { readonly [K in keyof Required<LoggedAccess>]: LoggedAccess[K] | null };

/** Who opened what. Entries are added and never changed. Runs inside one transaction of a unit. */
export function accessStore(query: Query): AccessStore {
  const { lockCase } = caseSource(query);
  return {
    lockCase,
    saveCase: (record) => saveCases(query, [record]),

    async noteAccess({ unit, referralId, subject, officer, action, reasonCode, reason }: StoredAccess) {
      await query(
        `INSERT INTO access_log (unit, referral_id, subject, officer, action, reason_code, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [unit, referralId, subject ?? null, officer, action, reasonCode ?? null, reason ?? null],
      );
    },

    async accesses(unit, referralId, limit, before) {
      const rows = await query<Nullable>(
        `SELECT id::text, unit, referral_id AS "referralId", subject, officer, action, reason_code AS "reasonCode", reason, at
         FROM access_log WHERE unit = $1 AND ($2::uuid IS NULL OR referral_id = $2) AND ($4::bigint IS NULL OR id < $4)
         ORDER BY id DESC LIMIT $3`,
        [unit, referralId ?? null, limit, before ?? null],
      );
      return rows.map(({ subject, reasonCode, reason, ...row }) => ({
        ...(row as Pick<LoggedAccess, 'id' | 'unit' | 'referralId' | 'officer' | 'action' | 'at'>),
        subject: subject ?? undefined,
        reasonCode: reasonCode ?? undefined,
        reason: reason ?? undefined,
      }));
    },
  };
}
