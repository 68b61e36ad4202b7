import type { Resealing, ResealStore, StaleMessage } from '../exchange';
import { readCases, readEvents } from './cases';
import { columns } from './columns';
import type { Query } from './database';
import { insertAlarms } from './node-records';
import { WORK_CHANNEL } from './work';

type Row = Omit<StaleMessage, 'source'> & { readonly kept: Uint8Array | null };

/** Messages refused for a retired key, as the worker needs them. Runs inside one transaction. */
export function resealStore(query: Query): ResealStore {
  return {
    async lockStale(now, units, limit) {
      const rows = await query<Row>(
        `SELECT id, recipient_node AS "recipientNode", lane AS priority, kept,
           ARRAY(SELECT s.recipient_kid FROM superseded s WHERE s.message_id = o.id) || recipient_kid AS "triedKids"
         FROM outbox o WHERE state = 'refused' AND code = 'stale_key' AND reseal_at <= $1
         ORDER BY reseal_at LIMIT $2 FOR UPDATE OF o SKIP LOCKED`,
        [now, limit],
      );
      if (rows.length === 0) return [];
      return withSources(query, rows, units);
    },

    async save(resealings, alarms) {
      await saveSealed(
        query,
        resealings.flatMap((item) => ('token' in item ? [item] : [])),
      );
      const later = resealings.filter((item) => !('token' in item));
      await query(
        `UPDATE outbox o SET reseal_at = l.at::timestamptz, changed_at = now()
         FROM unnest($1::uuid[], $2::text[]) AS l (id, at) WHERE o.id = l.id`,
        columns(
          later,
          (l) => l.id,
          // Whatever was given up is not looked at again.
          (l) => ('lookAt' in l ? l.lookAt.toISOString() : 'infinity'),
        ),
      );
      await insertAlarms(query, alarms);
      await query('SELECT pg_notify($1, $2)', [WORK_CHANNEL, '']);
    },
  };
}

/** Messages with the places where their signed originals are. */
export async function withSources<M extends { readonly id: string; readonly kept: Uint8Array | null }>(
  query: Query,
  rows: readonly M[],
  units: readonly string[],
): Promise<(Omit<M, 'kept'> & Pick<StaleMessage, 'source'>)[]> {
  // The key of the table begins with the unit, which the outbox does not know.
  const events = await readEvents(
    query,
    `unit = ANY ($1::text[]) AND message_id = ANY ($2::uuid[]) AND direction = 'sent'`,
    [units, rows.map(({ id }) => id)],
  );
  const cases = await readCases(query, `(unit, referral_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))`, [
    events.map(({ unit }) => unit),
    events.map(({ referralId }) => referralId),
  ]);
  return rows.map(({ kept, ...message }) => {
    const event = events.find(({ messageId }) => messageId === message.id);
    const record =
      event && cases.find(({ unit, referralId }) => unit === event.unit && referralId === event.referralId);
    if (event && record) return { ...message, source: { record, event } };
    return { ...message, source: kept ? { kept } : undefined };
  });
}

type Sealed = Extract<Resealing, { token: string }>;

/** Puts what was sealed anew in the place of the bytes before, whose digest and key id stay known, and queues it. */
export async function saveSealed(query: Query, sealed: readonly Sealed[]): Promise<void> {
  if (sealed.length === 0) return;
  await query(
    `WITH n AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS n (id, token, digest, kid)),
     old AS (
       INSERT INTO superseded (message_id, digest, recipient_kid)
       SELECT o.id, o.digest, o.recipient_kid FROM outbox o JOIN n ON n.id = o.id RETURNING message_id),
     moved AS (
       UPDATE outbox o SET sealed = n.token, size_bytes = octet_length(n.token), digest = n.digest, recipient_kid = n.kid,
         state = 'queued', code = NULL, batch = NULL,
         strikes = 0, next_attempt_at = now(), reseal_at = '-infinity', changed_at = now(), forget = o.sealed = '',
         next_look_at = coalesce(o.next_look_at, now())
       FROM n JOIN old ON old.message_id = n.id WHERE o.id = n.id RETURNING o.id)
     INSERT INTO delivery_event (message_id, state) SELECT id, 'queued' FROM moved`,
    columns(
      sealed,
      (s) => s.id,
      (s) => s.token,
      (s) => s.digest,
      (s) => s.recipientKid,
    ),
  );
}
