import type { Database } from './database';
import { PROCESS_ROLES } from './roles';

/** A process that has said so within this time lives. */
const UP = `beat_at > now() - interval '60 seconds'`;

const OUTBOX = `
SELECT recipient_node AS partner, lane, state, count(*)::int AS count,
  extract(epoch FROM now() - min(created_at))::float8 AS "oldestS"
FROM outbox WHERE state NOT IN ('delivered', 'opened') GROUP BY recipient_node, lane, state`;
const INBOX = `
SELECT sender_node AS partner, lane, count(*)::int AS count FROM inbox WHERE state IN ('stored', 'held') GROUP BY sender_node, lane`;
const RECEIPTS = `SELECT sender_node AS partner, count(*)::int AS count FROM receipt WHERE state = 'waiting' GROUP BY sender_node`;
const CIRCUITS = `SELECT partner, failures > 0 AS open FROM circuit`;
const CLOCKS = `
SELECT partner, clock_offset_ms::float8 AS "offsetMs" FROM partner_watch WHERE clock_offset_ms IS NOT NULL`;
/** What a partner has shown last, each way, and what our processes show: of several the one that ends first. */
const CERTIFICATES = `
SELECT DISTINCT ON (partner, side) partner, side, valid_to AS "validTo" FROM partner_link ORDER BY partner, side, last_seen DESC`;
const OWN_CERTIFICATE = `
SELECT min((facts #>> '{tls,validTo}')::timestamptz) AS "validTo" FROM process_beat WHERE ${UP} AND facts #>> '{tls,validTo}' IS NOT NULL`;
/** Of the keys of a unit and a use the last one counts: that the others end is what rotation is. Of the units the one that ends first. */
const KEYS = `
SELECT use, min(last) AS "validTo" FROM (
  SELECT key ->> 'use' AS use, max((key ->> 'validTo')::timestamptz) AS last
  FROM process_beat CROSS JOIN LATERAL jsonb_array_elements(facts -> 'keys') AS key
  WHERE ${UP} AND jsonb_typeof(facts -> 'keys') = 'array' AND key ->> 'validTo' IS NOT NULL AND key ->> 'state' = 'active'
  GROUP BY key ->> 'use', key ->> 'unit'
) AS series GROUP BY use`;
/** A process of which there is none is in the list as 0: a name that is missing would raise no alert. */
const PROCESSES = `
SELECT app, count(*) FILTER (WHERE ${UP})::int AS up, min((facts ->> 'diskFree')::float8) FILTER (WHERE ${UP}) AS "diskFree"
FROM unnest($1::text[]) AS app LEFT JOIN process_beat USING (app) GROUP BY app`;
const ALERTS = `
SELECT kind, level, state, count(*)::int AS count FROM alert WHERE state <> 'resolved' GROUP BY kind, level, state`;

/** Rows of the numbers below. */
interface Counted {
  readonly partner: string;
  readonly count: number;
}
interface Ending {
  readonly validTo: Date;
}

/**
 * The numbers behind the metrics of a node, read from what the role `monitor` may see. One statement after the other, so that whoever
 * asks for metrics takes one connection and no more.
 * @param node whose certificate is our own
 * @throws TraoError `database_unavailable`
 */
export async function metricsFacts({ query }: Pick<Database, 'query'>, node: string) {
  const outbox = await query<Counted & { readonly lane: string; readonly state: string; readonly oldestS: number }>(
    OUTBOX,
  );
  const inbox = await query<Counted & { readonly lane: string }>(INBOX);
  const receipts = await query<Counted>(RECEIPTS);
  const circuits = await query<{ readonly partner: string; readonly open: boolean }>(CIRCUITS);
  const clocks = await query<{ readonly partner: string; readonly offsetMs: number }>(CLOCKS);
  const shown = await query<Ending & { readonly partner: string; readonly side: string }>(CERTIFICATES);
  const own = await query<{ readonly validTo: Date | null }>(OWN_CERTIFICATE);
  const keys = await query<Ending & { readonly use: string }>(KEYS);
  const processes = await query<{ readonly app: string; readonly up: number; readonly diskFree: number | null }>(
    PROCESSES,
    [PROCESS_ROLES],
  );
  const alerts = await query<{
    readonly kind: string;
    readonly level: string;
    readonly state: string;
    readonly count: number;
  }>(ALERTS);
  return {
    outbox,
    inbox,
    receipts,
    circuits,
    clocks,
    certificates: [
      ...shown,
      ...own.flatMap(({ validTo }) => (validTo ? [{ partner: node, side: 'own', validTo }] : [])),
    ],
    keys,
    processes: processes.map(({ diskFree, ...more }) => ({ ...more, diskFree: diskFree ?? undefined })),
    alerts,
  };
}
