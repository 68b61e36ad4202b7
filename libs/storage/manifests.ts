import type { reconciling } from '../exchange';
import { columns } from './columns';
import type { Database, Query } from './database';

type Asked = Pick<Database, 'query'>;

/** In the order of ids, so that the index gives them without sorting. Refused ones are nobody's to keep. */
const ENTRIES: Readonly<Record<reconciling.Way, string>> = {
  sent: `
    SELECT id, digest, CASE state WHEN 'received' THEN 'held' WHEN 'delivered' THEN 'filed' ELSE 'opened' END AS standing
    FROM outbox WHERE id > $2 AND id < $3 AND recipient_node = $1 AND state IN ('received', 'delivered', 'opened')
    ORDER BY id LIMIT $4`,
  received: `
    SELECT id, digest, CASE WHEN state <> 'filed' THEN 'held' WHEN opened_told THEN 'opened' ELSE 'filed' END AS standing
    FROM inbox WHERE sender_node = $1 AND id > $2 AND id < $3 AND state IN ('stored', 'held', 'filed')
    ORDER BY id LIMIT $4`,
};

/** The rows that manifests are made of. */
export function manifestRows({ query }: Asked): reconciling.ManifestRows {
  return {
    entries: (partner, way, after, to, limit) =>
      query<reconciling.ManifestEntry>(ENTRIES[way], [partner, after, to, limit]),
    async before(partner, day) {
      const [row] = await query<Record<reconciling.Way, number>>(
        `SELECT coalesce(sum(sent), 0)::float8 AS sent, coalesce(sum(received), 0)::float8 AS received
         FROM manifest_day WHERE partner = $1 AND day < $2`,
        [partner, day],
      );
      return row!;
    },
  };
}

/** What a gateway does with manifests: it keeps them, tells what it knows, and has a worker look where they differ. */
export function manifestAnswers({ query }: Asked, node: string) {
  return {
    keep: (partner: string, own: reconciling.SignedManifest, theirs: reconciling.SignedManifest) =>
      keepManifests(query, partner, own, theirs),

    /** What this node knows of messages between itself and a partner, in the order of the ids. */
    known: (partner: string, ids: readonly string[]) =>
      query<reconciling.KnownThere>(
        `SELECT a.id, EXISTS (SELECT FROM outbox o WHERE o.id = a.id AND o.recipient_node = $1) AS sent,
           EXISTS (SELECT FROM inbox i WHERE i.sender_node = $1 AND i.id = a.id) AS held,
           ARRAY(SELECT r.token FROM receipt r WHERE r.message_id = a.id AND r.sender_node = $1 AND r.issuer = $3
             ORDER BY r.issued_at LIMIT 16) AS receipts
         FROM unnest($2::uuid[]) WITH ORDINALITY AS a (id, place) ORDER BY a.place`,
        [partner, ids, node],
      ),

    /**
     * Has a worker compare a day with a partner. A comparison that waits takes the day in; the next one waits some minutes, so that a
     * partner that asks without end keeps nobody busy.
     */
    async wish(partner: string, day: string): Promise<void> {
      await query(
        `INSERT INTO manifest_round (id, partner, since, until, reason, mark, due_at)
         SELECT gen_random_uuid(), $1, $2, $2, 'partner', 'partner waits', greatest(now(), (
           SELECT max(requested_at) + ${BETWEEN_WISHES} FROM manifest_round WHERE partner = $1 AND reason = 'partner'))
         ON CONFLICT (partner, mark) DO UPDATE SET since = least(manifest_round.since, excluded.since),
           until = greatest(manifest_round.until, excluded.until)`,
        [partner, day],
      );
    },
  };
}
export type ManifestAnswers = ReturnType<typeof manifestAnswers>;

const BETWEEN_WISHES = `interval '10 minutes'`;

/** The newest manifest of each side of a day. */
export async function keepManifests(
  query: Query,
  partner: string,
  ...signed: readonly reconciling.SignedManifest[]
): Promise<void> {
  await query(
    `INSERT INTO manifest (partner, day, issuer, token) SELECT $1, * FROM unnest($2::date[], $3::text[], $4::text[])
     ON CONFLICT (partner, day, issuer) DO UPDATE SET token = excluded.token, at = now()`,
    [
      partner,
      ...columns(
        signed,
        ({ claims }) => claims.day,
        ({ claims }) => claims.iss,
        ({ token }) => token,
      ),
    ],
  );
}

/** Keeps the sums of a day, of which the running counts are made. */
export async function keepSums({ query }: Asked, partner: string, own: reconciling.SignedManifest): Promise<void> {
  const { day, sent, received } = own.claims;
  await query(
    `INSERT INTO manifest_day (partner, day, sent, received) VALUES ($1, $2, $3, $4)
     ON CONFLICT (partner, day) DO UPDATE SET sent = excluded.sent, received = excluded.received, counted_at = now()`,
    [partner, day, sent.count, received.count],
  );
}
