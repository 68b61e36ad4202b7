import { reconciling } from '../exchange';
import { columns } from './columns';
import type { Database, Query } from './database';
import { keepManifests, keepSums, manifestRows } from './manifests';
import { saveSealed, withSources } from './resealing';
import { WORK_CHANNEL } from './work';

type Ports = Omit<reconciling.RoundPorts, 'self' | 'keys' | 'clock' | 'link' | 'transaction' | 'compared'>;

/** How far back a day can be that was never counted: ids that claim to be older are nobody's work. */
const OLDEST = `interval '3 years'`;
const COUNTED_AT_ONCE = 400;

/** What a worker that compares manifests needs of the database. */
export function comparingStore(database: Database): Ports {
  const { query } = database;
  return {
    rows: manifestRows(database),

    async known(partner, way, ids) {
      const rows = await query<{ id: string }>(KNOWN[way], [partner, ids]);
      return new Set(rows.map(({ id }) => id));
    },

    open: (partner, day, way) =>
      query<Pick<reconciling.Finding, 'messageId' | 'kind'>>(
        `SELECT message_id AS "messageId", kind FROM manifest_finding
         WHERE partner = $1 AND day = $2 AND way = $3 AND healed_at IS NULL`,
        [partner, day, way],
      ),

    async heal(partner, findings) {
      if (findings.length === 0) return;
      await query(
        `UPDATE manifest_finding f SET healed_at = now() FROM unnest($2::uuid[], $3::text[]) AS h (id, kind)
         WHERE f.partner = $1 AND f.message_id = h.id AND f.kind = h.kind`,
        [
          partner,
          ...columns(
            findings,
            (f) => f.messageId,
            (f) => f.kind,
          ),
        ],
      );
    },

    healing: (work) => database.transaction((inside) => work(compareStore(inside))),

    async keep(partner, own, theirs) {
      await keepSums(database, partner, own);
      await keepManifests(query, partner, own, theirs);
    },
    count: (partner, own) => keepSums(database, partner, own),

    async uncounted(partner, before) {
      const [first] = await query<{ id: string }>(
        `SELECT min(id::text) AS id FROM ((SELECT id FROM outbox ORDER BY id LIMIT 1)
           UNION ALL (SELECT id FROM inbox WHERE sender_node = $1 ORDER BY id LIMIT 1)) AS f`,
        [partner],
      );
      if (!first?.id) return [];
      const earliest = reconciling.dayOf(new Date(Number.parseInt(first.id.replace('-', '').slice(0, 12), 16)));
      const days = await query<{ day: string }>(
        `SELECT d::date::text AS day FROM generate_series(greatest($2::date, $3::date - ${OLDEST}), $3::date - 1, interval '1 day') AS d
         WHERE NOT EXISTS (SELECT FROM manifest_day m WHERE m.partner = $1 AND m.day = d::date) ORDER BY d LIMIT ${COUNTED_AT_ONCE}`,
        [partner, earliest, before],
      );
      return days.map(({ day }) => day);
    },

    async explained(partner, before) {
      const count = (ours: string, theirs: string) =>
        `(count(*) FILTER (WHERE ${ours}) - count(*) FILTER (WHERE ${theirs}))::int`;
      const [row] = await query<Record<reconciling.Way, number>>(
        `SELECT ${count(`kind IN ('lost_there', 'not_resendable')`, `kind = 'unknown_here'`)} AS sent,
           ${count(`kind = 'unknown_there'`, `kind = 'missing_here'`)} AS received
         FROM manifest_finding WHERE partner = $1 AND day < $2 AND healed_at IS NULL`,
        [partner, before],
      );
      return row!;
    },
  };
}

/** Of what came also by our receipts: bytes that were set aside for a retired key are no longer in the inbox. */
const KNOWN: Readonly<Record<reconciling.Way, string>> = {
  sent: 'SELECT id FROM outbox WHERE id = ANY ($2::uuid[]) AND recipient_node = $1',
  received: `
    SELECT id FROM inbox WHERE id = ANY ($2::uuid[]) AND sender_node = $1
    UNION SELECT message_id FROM receipt WHERE message_id = ANY ($2::uuid[]) AND sender_node = $1 AND issuer <> $1`,
};

type Row = Omit<reconciling.LostMessage, 'source'> & { readonly kept: Uint8Array | null };

/** Runs inside one transaction. */
function compareStore(query: Query): reconciling.CompareStore {
  return {
    async lockLost(ids, units) {
      const rows = await query<Row>(
        `SELECT id, recipient_node AS "recipientNode", lane AS priority, state, expires_at AS "expiresAt", sealed <> '' AS "hasBytes",
           kept, '{}'::text[] AS "triedKids"
         FROM outbox WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
        [ids],
      );
      return withSources(query, rows, units);
    },

    async queueAgain(ids) {
      if (ids.length === 0) return;
      await noteLost(query, ids);
      await query(
        `WITH again AS (
           UPDATE outbox SET state = 'queued', code = NULL, batch = NULL, strikes = 0, next_attempt_at = now(), changed_at = now(),
             next_look_at = coalesce(next_look_at, now())
           WHERE id = ANY ($1::uuid[]) RETURNING id),
         event AS (INSERT INTO delivery_event (message_id, state) SELECT id, 'queued' FROM again)
         SELECT pg_notify($2, '')`,
        [ids, WORK_CHANNEL],
      );
    },

    async queueSealed(sealed) {
      if (sealed.length === 0) return;
      await noteLost(
        query,
        sealed.map(({ id }) => id),
      );
      await saveSealed(query, sealed);
      await query('SELECT pg_notify($1, $2)', [WORK_CHANNEL, '']);
    },

    note: (findings) => noteFindings(query, findings),
  };
}

/** A statement of its own, so that it stands in the history before what comes next. */
async function noteLost(query: Query, ids: readonly string[]): Promise<void> {
  await query(`INSERT INTO delivery_event (message_id, state) SELECT unnest($1::uuid[]), 'lost_there'`, [ids]);
}

async function noteFindings(query: Query, findings: readonly reconciling.Finding[]) {
  if (findings.length === 0) return [];
  const rows = await query<{ id: string; kind: string; fresh: boolean }>(
    `WITH n AS (
       SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
         AS n (partner, id, kind, day, way, code, mine, theirs, evidence)),
     open AS (
       SELECT f.message_id AS id, f.kind FROM manifest_finding f JOIN n ON f.partner = n.partner AND f.message_id = n.id AND f.kind = n.kind
       WHERE f.healed_at IS NULL),
     kept AS (
       INSERT INTO manifest_finding AS f (partner, message_id, kind, day, way, code, mine, theirs, evidence)
       SELECT partner, id, kind, day, way, code, mine, theirs, string_to_array(evidence, ' ') FROM n
       ON CONFLICT (partner, message_id, kind) DO UPDATE SET times = f.times + 1, healed_at = NULL, code = excluded.code,
         mine = excluded.mine, theirs = excluded.theirs, evidence = excluded.evidence,
         found_at = CASE WHEN f.healed_at IS NULL THEN f.found_at ELSE now() END
       RETURNING f.message_id AS id, f.kind)
     SELECT k.id, k.kind, o.id IS NULL AS fresh FROM kept k LEFT JOIN open o USING (id, kind)`,
    columns(
      findings,
      (f) => f.partner,
      (f) => f.messageId,
      (f) => f.kind,
      (f) => f.day,
      (f) => f.way,
      (f) => f.code ?? null,
      (f) => f.mine ?? null,
      (f) => f.theirs ?? null,
      (f) => f.evidence.join(' '),
    ),
  );
  const fresh = new Set(rows.flatMap(({ id, kind, fresh: isNew }) => (isNew ? [`${kind} ${id}`] : [])));
  const news = findings.filter(({ messageId, kind }) => fresh.has(`${kind} ${messageId}`));
  await raise(query, news);
  return news;
}

/** One alarm an hour for each kind, partner, day and way: what was found, the findings themselves tell. */
async function raise(query: Query, findings: readonly reconciling.Finding[]): Promise<void> {
  const hour = new Date().toISOString().slice(0, 13);
  const alarms = findings.map(({ partner, day, way, kind }) => {
    const alarm = reconciling.HEALING.includes(kind) ? 'manifest_differs' : 'manifest_unexplained';
    return { alarm, partner, detail: `${day} ${way}`, once: `${alarm} ${partner} ${day} ${way} ${hour}` };
  });
  if (alarms.length === 0) return;
  await query(
    `INSERT INTO alarm (kind, subject, detail, once) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
     ON CONFLICT DO NOTHING`,
    columns(
      alarms,
      (a) => a.alarm,
      (a) => a.partner,
      (a) => a.detail,
      (a) => a.once,
    ),
  );
}
