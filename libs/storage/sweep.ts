import { TraoError } from '../errors';
import type { StoredCaseEvent, SweepStore } from '../casework';
import { caseColumns, readCases, readEvents } from './cases';
import { columns } from './columns';
import type { Query } from './database';
import { blankCopies } from './erasure';
import { insertAlarms } from './node-records';

/** The cases in which a time has come, of all units. Runs inside one transaction. */
export function sweepStore(query: Query): SweepStore {
  return {
    lockDueCases: (now, limit) =>
      readCases(query, 'next_mark_at <= $1 ORDER BY next_mark_at LIMIT $2 FOR UPDATE SKIP LOCKED', [now, limit]),

    events: (unit, referralId, messageIds) =>
      readEvents(query, 'unit = $1 AND referral_id = $2 AND message_id = ANY ($3::uuid[])', [
        unit,
        referralId,
        messageIds,
      ]),

    async save({ cases, redacted, alarms }) {
      if (cases.length > 0) {
        // `changed_at` stays: that time went by is no news, and must not push what is new down an inbox.
        const written = await query(
          `UPDATE unit_case c SET summary = n.summary, next_mark_at = n.mark
           FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[], $5::timestamptz[]) AS n (unit, referral, key, summary, mark)
           WHERE c.unit = n.unit AND c.referral_id = n.referral AND c.wrapped_key = n.key RETURNING c.unit`,
          caseColumns(cases),
        );
        if (written.length < cases.length) throw new TraoError('case_busy');
      }
      if (redacted.length > 0) {
        await replaceOriginals(query, redacted);
        await blankCopies(query, redacted);
      }
      await insertAlarms(query, alarms);
    },
  };
}

async function replaceOriginals(query: Query, events: readonly StoredCaseEvent[]): Promise<void> {
  await query(
    `UPDATE case_event e SET original = n.original
     FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[]) AS n (unit, referral, message, direction, original)
     WHERE e.unit = n.unit AND e.message_id = n.message AND e.referral_id = n.referral AND e.direction = n.direction`,
    columns(
      events,
      (e) => e.unit,
      (e) => e.referralId,
      (e) => e.messageId,
      (e) => e.direction,
      (e) => e.original,
    ),
  );
}
