import { randomUUID } from 'node:crypto';
import { TraoError } from '../errors';
import type { ProbeStep } from '../exchange';
import type { Database } from './database';
import { noteAct, type ActingOperator } from './operator-log';

/** A connection test, as far as it has come. */
export interface PartnerTest {
  readonly id: string;
  readonly partner: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly ok: boolean | null;
  readonly steps: readonly ProbeStep[] | null;
}

const TEST = `id, partner, requested_by AS "requestedBy", requested_at AS "requestedAt", started_at AS "startedAt",
  finished_at AS "finishedAt", ok, steps`;

/** A test that nobody has taken or ended by then is given up: it takes half a minute at most. */
const GIVEN_UP = `interval '2 minutes'`;

/** What operators ask for and see of tests. */
export function partnerTests(database: Database, partners: () => readonly string[]) {
  return {
    /**
     * Asks a worker to test the connection to a partner; while one is under way that one is meant.
     * @returns its id
     * @throws TraoError `not_found`
     */
    async request(partner: string, operator: ActingOperator): Promise<string> {
      if (!partners().includes(partner)) throw new TraoError('not_found', { detail: partner });
      return database.transaction(async (query) => {
        // Two presses of a button are one test.
        await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`trao partner_test ${partner}`]);
        const [open] = await query<{ id: string }>(
          `SELECT id FROM partner_test WHERE partner = $1 AND finished_at IS NULL AND requested_at > now() - ${GIVEN_UP} LIMIT 1`,
          [partner],
        );
        if (open) return open.id;
        const id = randomUUID();
        await query('INSERT INTO partner_test (id, partner, requested_by) VALUES ($1, $2, $3)', [
          id,
          partner,
          operator.id,
        ]);
        await noteAct(query, operator, 'partner_tested', partner, undefined, { test: id });
        return id;
      });
    },

    /** The newest tests of a partner, the newest first. */
    list: (partner: string, limit: number) =>
      database.query<PartnerTest>(
        `SELECT ${TEST} FROM partner_test WHERE partner = $1 ORDER BY requested_at DESC LIMIT $2`,
        [partner, limit],
      ),

    async find(id: string): Promise<PartnerTest | undefined> {
      const [row] = await database.query<PartnerTest>(`SELECT ${TEST} FROM partner_test WHERE id = $1`, [id]);
      return row;
    },
  };
}

/** Tests as the worker that runs them needs them. */
export function testingStore({ query }: Pick<Database, 'query'>) {
  return {
    /**
     * Takes a test that waits, so that no other worker has it; undefined when none does. Tests that nobody took in time, or whose
     * worker ended on the way, are given up.
     */
    async take(): Promise<{ readonly id: string; readonly partner: string } | undefined> {
      const [row] = await query<{ id: string; partner: string }>(
        `WITH lost AS (
           UPDATE partner_test SET finished_at = now(), ok = false
           WHERE finished_at IS NULL AND requested_at <= now() - ${GIVEN_UP}),
         next AS (
           SELECT id FROM partner_test WHERE finished_at IS NULL AND started_at IS NULL AND requested_at > now() - ${GIVEN_UP}
           ORDER BY requested_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         UPDATE partner_test t SET started_at = now(), steps = '[]' FROM next WHERE t.id = next.id RETURNING t.id, t.partner`,
      );
      return row;
    },
    /** What was found by now: a page that is loaded again shows it. */
    async note(id: string, steps: readonly ProbeStep[]): Promise<void> {
      await query('UPDATE partner_test SET steps = $2 WHERE id = $1 AND finished_at IS NULL', [
        id,
        JSON.stringify(steps),
      ]);
    },
    async finish(id: string, steps: readonly ProbeStep[]): Promise<void> {
      await query(
        'UPDATE partner_test SET steps = $2, ok = $3, finished_at = now() WHERE id = $1 AND finished_at IS NULL',
        [id, JSON.stringify(steps), steps.every(({ ok }) => ok)],
      );
    },
  };
}
export type TestingStore = ReturnType<typeof testingStore>;
