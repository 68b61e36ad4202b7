import { randomUUID } from 'node:crypto';
import { TraoError, type Code } from '../errors';
import { reconciling } from '../exchange';
import type { Database } from './database';
import { noteAct, type ActingOperator } from './operator-log';

/** A comparison with a partner, as far as it has come. */
export interface ManifestRound {
  readonly id: string;
  readonly partner: string;
  readonly since: string;
  readonly until: string;
  readonly reason: 'daily' | 'start' | 'failover' | 'operator' | 'partner';
  readonly requestedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly ok: boolean | null;
  readonly code: string | null;
  /** Days that were compared, the newest first. */
  readonly days: readonly reconciling.DayReport[];
}

/** A finding as operators see it. */
export interface ShownFinding {
  readonly partner: string;
  readonly day: string;
  readonly way: reconciling.Way;
  readonly messageId: string;
  readonly kind: reconciling.FindingKind;
  readonly code: string | null;
  readonly mine: string | null;
  readonly theirs: string | null;
  readonly receipts: number;
  readonly foundAt: Date;
  readonly healedAt: Date | null;
}

/** How many messages with a partner differ in one way: still, and until a later comparison. */
export interface KindCount {
  readonly kind: reconciling.FindingKind;
  readonly open: number;
  readonly healed: number;
}

const ROUND = `id, partner, since::text AS since, until::text AS until, reason, requested_at AS "requestedAt", started_at AS "startedAt",
  finished_at AS "finishedAt", ok, code, days`;

/** What operators ask for and see of comparisons. */
export function manifestDesk(database: Database, partners: () => readonly string[]) {
  const { query } = database;
  return {
    /**
     * Asks a worker to compare days with a partner.
     * @returns the id of the comparison
     * @throws TraoError `not_found`; `bad_request` for days that are none or too many
     */
    async request(partner: string, since: string, until: string, operator: ActingOperator): Promise<string> {
      if (!partners().includes(partner)) throw new TraoError('not_found', { detail: partner });
      const sound = [since, until].every(reconciling.isDay) && since <= until;
      if (!sound || since < reconciling.dayBefore(until, MOST_DAYS))
        throw new TraoError('bad_request', {
          detail: `At most ${MOST_DAYS} days, as YYYY-MM-DD, the first not after the last.`,
        });
      const id = randomUUID();
      await database.transaction(async (inside) => {
        await inside(
          `INSERT INTO manifest_round (id, partner, since, until, reason, requested_by) VALUES ($1, $2, $3, $4, 'operator', $5)`,
          [id, partner, since, until, operator.id],
        );
        await noteAct(inside, operator, 'manifests_compared', partner, undefined, { round: id, since, until });
      });
      return id;
    },

    async find(id: string): Promise<ManifestRound | undefined> {
      const [row] = await query<ManifestRound>(`SELECT ${ROUND} FROM manifest_round WHERE id = $1`, [id]);
      return row;
    },

    /** The newest comparisons with a partner, the newest first. */
    rounds: (partner: string, limit: number) =>
      query<ManifestRound>(
        `SELECT ${ROUND} FROM manifest_round WHERE partner = $1 ORDER BY requested_at DESC LIMIT $2`,
        [partner, limit],
      ),

    /** What was found with a partner: what is open, and what was healed lately; the newest days first. */
    findings: (partner: string, limit: number) =>
      query<ShownFinding>(
        `SELECT partner, day::text AS day, way, message_id AS "messageId", kind, code, mine, theirs, cardinality(evidence) AS receipts,
           found_at AS "foundAt", healed_at AS "healedAt"
         FROM manifest_finding WHERE partner = $1 ORDER BY healed_at IS NOT NULL, day DESC, message_id LIMIT $2`,
        [partner, limit],
      ),

    counts: (partner: string) =>
      query<KindCount>(
        `SELECT kind, count(*) FILTER (WHERE healed_at IS NULL)::int AS open, count(healed_at)::int AS healed
         FROM manifest_finding WHERE partner = $1 GROUP BY kind`,
        [partner],
      ),
  };
}
export type ManifestDesk = ReturnType<typeof manifestDesk>;

const MOST_DAYS = 400;

/** A worker that ended on the way leaves a comparison to another one after that. */
const LEASE = `interval '5 minutes'`;
/** A partner that does not answer is asked again. */
const AGAIN = `interval '15 minutes'`;
const LATELY = `interval '10 minutes'`;

/** Comparisons as the worker that makes them needs them. */
export function roundStore({ query }: Pick<Database, 'query'>) {
  return {
    /**
     * Plans the comparison of the day with each partner, once; and once more when the database is another one than it was that day: after
     * a failover its timeline is the next one.
     */
    async plan(partners: readonly string[], since: string, until: string): Promise<void> {
      await query(
        `WITH now_on AS (SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline),
         planned AS (
           INSERT INTO manifest_round (id, partner, since, until, reason, mark)
           SELECT gen_random_uuid(), p, $2::date, $3::date, CASE WHEN EXISTS (
               SELECT FROM manifest_round r WHERE r.partner = p AND r.mark LIKE $4 || ' %') THEN 'failover' ELSE 'daily' END,
             $4 || ' ' || timeline FROM unnest($1::text[]) AS p, now_on
           ON CONFLICT (partner, mark) DO NOTHING RETURNING partner)
         UPDATE manifest_round r SET finished_at = now(), ok = false FROM planned p
         WHERE r.partner = p.partner AND r.reason IN ('daily', 'start', 'failover') AND r.finished_at IS NULL`,
        [partners, since, until, until],
      );
    },

    /** Plans a comparison with each partner that had none lately: what has just started may have been restored. */
    async planStart(partners: readonly string[], since: string, until: string): Promise<void> {
      await query(
        `INSERT INTO manifest_round (id, partner, since, until, reason)
         SELECT gen_random_uuid(), p, $2::date, $3::date, 'start' FROM unnest($1::text[]) AS p
         WHERE NOT EXISTS (SELECT FROM manifest_round r WHERE r.partner = p AND r.reason <> 'partner'
           AND (r.finished_at IS NULL OR r.finished_at > now() - ${LATELY}))`,
        [partners, since, until],
      );
    },

    /** Takes a comparison that waits, so that no other worker has it; undefined when none does. Suspended partners are left alone. */
    async take(): Promise<Pick<ManifestRound, 'id' | 'partner' | 'since' | 'until' | 'reason'> | undefined> {
      const [row] = await query<Pick<ManifestRound, 'id' | 'partner' | 'since' | 'until' | 'reason'>>(
        `WITH next AS (
           SELECT id FROM manifest_round r WHERE finished_at IS NULL AND due_at <= now()
             AND (taken_until IS NULL OR taken_until < now())
             AND (reason = 'operator' OR NOT EXISTS (SELECT FROM partner_hold h WHERE h.partner = r.partner))
           ORDER BY reason <> 'operator', due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         UPDATE manifest_round r SET started_at = coalesce(started_at, now()), taken_until = now() + ${LEASE}, days = '[]',
           mark = CASE WHEN reason = 'partner' THEN NULL ELSE mark END
         FROM next WHERE r.id = next.id
         RETURNING r.id, r.partner, r.since::text AS since, r.until::text AS until, r.reason`,
      );
      return row;
    },

    /** What was found by now. Days that agree are not listed one by one. */
    async note(id: string, days: readonly reconciling.DayReport[]): Promise<void> {
      await query(
        `UPDATE manifest_round SET days = $2, taken_until = now() + ${LEASE} WHERE id = $1 AND finished_at IS NULL`,
        [id, JSON.stringify(days)],
      );
    },

    async finish(id: string, ok: boolean, code?: Code): Promise<void> {
      await query(
        'UPDATE manifest_round SET finished_at = now(), ok = $2, code = $3 WHERE id = $1 AND finished_at IS NULL',
        [id, ok, code ?? null],
      );
    },

    /** Puts a comparison off, because the partner did not answer. */
    async putOff(id: string, code: Code): Promise<void> {
      await query(
        `UPDATE manifest_round SET due_at = now() + ${AGAIN}, taken_until = NULL, code = $2 WHERE id = $1 AND finished_at IS NULL`,
        [id, code],
      );
    },

    /** Removes manifests, comparisons and findings that are healed from before a time. */
    async forget(before: Date): Promise<void> {
      await query('DELETE FROM manifest WHERE at < $1', [before]);
      await query('DELETE FROM manifest_finding WHERE healed_at < $1', [before]);
      await query('DELETE FROM manifest_round WHERE finished_at < $1', [before]);
    },
  };
}
export type RoundStore = ReturnType<typeof roundStore>;
