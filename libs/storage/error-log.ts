import type { errorLog } from '../monitoring';
import type { Query } from './database';

type Group = Omit<errorLog.ErrorGroup, 'source'>;
type Row = { readonly [K in keyof Group]: Group[K] | null } & { readonly count: number };

/**
 * So many of the newest failures of each place are counted: an outage makes millions of failed attempts, and a page must not wait for
 * them. That there were more is said.
 */
const COUNTED = 50_000;
const GROUPS = 500;

/** Failures of each place: `$1` since when, `$2` how many at most, the newest first. */
const FAILURES: Readonly<Record<errorLog.ErrorSource, string>> = {
  // By the index of failed attempts alone; rows of messages are looked up for those that are counted.
  sending: `
    SELECT a.code, o.recipient_node AS partner, a.at, a.message_id AS id
    FROM (SELECT message_id, at, code FROM attempt WHERE code IS NOT NULL AND at >= $1 ORDER BY at DESC LIMIT $2) a
    LEFT JOIN outbox o ON o.id = a.message_id`,
  // By the index of what is not settled; a message lives for less than a month.
  ended: `
    SELECT coalesce(code, state) AS code, recipient_node AS partner, changed_at AS at, id
    FROM outbox WHERE state IN ('refused', 'undeliverable', 'expired') AND created_at >= $1::timestamptz - interval '31 days'
      AND changed_at >= $1 ORDER BY changed_at DESC LIMIT $2`,
  receiving: `
    SELECT coalesce(r.code, 'refused') AS code, i.sender_node AS partner, i.changed_at AS at, i.id
    FROM (SELECT sender_node, id, changed_at FROM inbox
          WHERE state = 'refused' AND received_at >= $1::timestamptz - interval '7 days' AND changed_at >= $1
          ORDER BY received_at DESC LIMIT $2) i
    LEFT JOIN LATERAL (SELECT code FROM receipt
      WHERE message_id = i.id AND sender_node = i.sender_node AND issuer <> sender_node AND event = 'refused' LIMIT 1) r ON true`,
  // An alarm is about a partner, a message or something else.
  alarm: `
    SELECT code, CASE WHEN subject ~ '^[a-z]{2}(-[a-z]{2})?$' THEN subject END AS partner, at,
      CASE WHEN subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN subject::uuid END AS id
    FROM (SELECT code, subject, at FROM alarm WHERE code IS NOT NULL AND at >= $1 ORDER BY id DESC LIMIT $2) l`,
};

/** The groups, and one row without a code: how many were looked at before the filter. */
const grouped = (failures: string) => `
WITH failure AS MATERIALIZED (${failures})
SELECT * FROM (
  SELECT code, partner, count(*)::int AS count, max(at) AS "lastAt", (array_agg(id ORDER BY at DESC))[1] AS "messageId"
  FROM failure WHERE ($3::text IS NULL OR code = $3) AND ($4::text IS NULL OR partner = $4)
  GROUP BY code, partner ORDER BY count DESC, code LIMIT ${GROUPS}) g
UNION ALL SELECT NULL, NULL, count(*)::int, NULL, NULL FROM failure`;

/** What failed since a time, by code, place and partner, the most frequent first. */
export async function countErrors(query: Query, filter: errorLog.ErrorFilter, since: Date): Promise<errorLog.ErrorLog> {
  const sources = Object.keys(FAILURES) as errorLog.ErrorSource[];
  const asked = sources.filter((source) => filter.source === undefined || filter.source === source);
  const found = await Promise.all(
    asked.map(async (source) => {
      const parameters = [since, COUNTED, filter.code ?? null, filter.partner ?? null];
      const rows = await query<Row>(grouped(FAILURES[source]), parameters);
      const groups = rows.flatMap((row) => (row.code === null ? [] : [toGroup(row, source)]));
      return { groups, partial: rows.some(({ code, count }) => code === null && count >= COUNTED) };
    }),
  );
  const groups = found.flatMap((one) => one.groups);
  return {
    groups: groups.toSorted((a, b) => b.count - a.count || b.lastAt.getTime() - a.lastAt.getTime()),
    partial: found.some(({ partial }) => partial),
  };
}

const toGroup = ({ code, partner, count, lastAt, messageId }: Row, source: errorLog.ErrorSource) => ({
  code: code!,
  source,
  partner: partner ?? undefined,
  count,
  lastAt: lastAt!,
  messageId: messageId ?? undefined,
});
