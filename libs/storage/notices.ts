import type { StoredDraft } from '../casework';
import type { FiledMessage, NoticeStore, Reader } from '../notices';
import { caseSource, readCases } from './cases';
import { columns } from './columns';
import type { Query } from './database';
import { SETTINGS, toSettings, type SettingsRow } from './settings';

/** What was committed late is found for this long. */
const OVERLAP = `interval '5 minutes'`;
/** Clocks of the machines of a node may differ by this much from the database's. */
const CLOCKS = `interval '1 hour'`;
/** Names of events are kept longer than anything is looked back at: deadlines are asked about for a day. */
const SEEN = `interval '30 days'`;

/** The name of an event, as `digestOf` makes it: what has one here was told of, and its case need not be opened again. */
const DIGEST = (subject: string) => `translate(encode(sha256(convert_to(${subject}, 'UTF8')), 'base64'), '+/=', '-_')`;

/** What is new in a unit, and who is to be written to. Runs inside one transaction of the unit. */
export function noticeStore(query: Query): NoticeStore {
  const { lockCase: _locks, ...source } = caseSource(query);
  return {
    ...source,

    async beginLook(unit) {
      const [last] = await query<{ since: Date }>(
        `SELECT at - ${OVERLAP} AS since FROM notice_look WHERE unit = $1 FOR UPDATE SKIP LOCKED`,
        [unit],
      );
      const since = last?.since ?? (await firstLook(query, unit));
      if (!since) return undefined;
      await query('UPDATE notice_look SET at = greatest(at, now()) WHERE unit = $1', [unit]);
      await query(`DELETE FROM notice_seen WHERE unit = $1 AND at < now() - ${SEEN}`, [unit]);
      return { since };
    },

    filedSince: (unit, since) =>
      query<FiledMessage>(
        `SELECT e.referral_id AS "referralId", e.message_id AS "messageId"
         FROM unit_case c JOIN case_event e ON e.unit = c.unit AND e.referral_id = c.referral_id
         WHERE c.unit = $1 AND c.changed_at >= $2 AND e.direction = 'filed' AND e.at >= $2 - ${CLOCKS}
           AND NOT EXISTS (SELECT FROM notice_seen s WHERE s.unit = $1 AND s.event = ${DIGEST(`'filed ' || e.message_id`)})`,
        [unit, since],
      ),

    cases: (unit, referralIds) => readCases(query, 'unit = $1 AND referral_id = ANY ($2::uuid[])', [unit, referralIds]),

    async failedSince(unit, since) {
      const rows = await query<{ id: string }>(
        `SELECT o.id FROM outbox o JOIN case_event e ON e.unit = $1 AND e.message_id = o.id AND e.direction = 'sent'
         WHERE o.state IN ('refused', 'expired', 'undeliverable') AND o.changed_at >= $2`,
        [unit, since],
      );
      return rows.map(({ id }) => id);
    },

    draftsSince: (unit, since) =>
      query<StoredDraft>(
        `SELECT unit, id, wrapped_key AS "wrappedKey", body, expires_at AS "expiresAt" FROM draft
         WHERE unit = $1 AND changed_at >= $2`,
        [unit, since],
      ),

    casesDue: (unit, from, to, changedSince) =>
      readCases(query, 'unit = $1 AND next_mark_at <= $3 AND (next_mark_at > $2 OR changed_at >= $4)', [
        unit,
        from,
        to,
        changedSince,
      ]),

    async unseen(unit, names) {
      const rows = await query<{ event: string }>(
        `INSERT INTO notice_seen (unit, event) SELECT $1, name FROM unnest($2::text[]) AS n (name)
         ON CONFLICT DO NOTHING RETURNING event`,
        [unit, names],
      );
      return rows.map(({ event }) => event);
    },

    async readers(unit) {
      const rows = await query<SettingsRow & { officer: string; sentAt: Date | null }>(
        `SELECT s.officer, ${SETTINGS}, n.sent_at AS "sentAt" FROM officer_setting s
         LEFT JOIN notice n ON n.unit = s.unit AND n.officer = s.officer WHERE s.unit = $1 ORDER BY s.officer`,
        [unit],
      );
      return rows.map(({ officer, sentAt, ...row }): Reader => ({
        officer,
        settings: toSettings(row),
        sentAt: sentAt ?? undefined,
      }));
    },

    async want(unit, notices) {
      await query(
        `INSERT INTO notice AS n (unit, officer, due_at, urgent, wanted_at)
         SELECT $1, w.officer, w.due_at, w.urgent, now()
         FROM unnest($2::text[], $3::timestamptz[], $4::boolean[]) AS w (officer, due_at, urgent)
         ON CONFLICT (unit, officer) DO UPDATE SET due_at = least(n.due_at, excluded.due_at),
           urgent = n.urgent OR excluded.urgent, wanted_at = coalesce(n.wanted_at, excluded.wanted_at)`,
        [
          unit,
          ...columns(
            notices,
            (n) => n.officer,
            (n) => n.dueAt,
            (n) => n.urgent,
          ),
        ],
      );
    },
  };
}

/** Begins now, so that nothing of before is told. Undefined where another process looks: the row that it holds is there. */
async function firstLook(query: Query, unit: string): Promise<Date | undefined> {
  const known = await query('SELECT 1 FROM notice_look WHERE unit = $1', [unit]);
  if (known.length > 0) return undefined;
  const [row] = await query<{ since: Date }>(
    `INSERT INTO notice_look (unit, at) VALUES ($1, now() + ${OVERLAP}) ON CONFLICT DO NOTHING
     RETURNING at - ${OVERLAP} AS since`,
    [unit],
  );
  return row?.since;
}
