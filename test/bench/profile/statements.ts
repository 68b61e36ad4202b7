import type { Database } from '../../../libs/storage';

/** What one statement of one role took in a span. Times are the server's, in milliseconds. */
export interface StatementRow {
  /** `trao_vn_worker`: node and process. */
  readonly role: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly planMs: number;
  readonly rows: number;
  readonly walBytes: number;
  readonly query: string;
}

/** Settings with which the embedded server counts statements. */
export const STATEMENT_SETTINGS = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'on',
  'pg_stat_statements.max': '2000',
} as const;

type Admin = Pick<Database, 'query'>;

export async function countStatements(admin: Admin): Promise<() => Promise<StatementRow[]>> {
  await admin.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  await admin.query('SELECT pg_stat_statements_reset()');
  return () =>
    admin.query<StatementRow>(
      `SELECT r.rolname AS role, s.calls::float8 AS calls, (s.total_exec_time + s.total_plan_time)::float8 AS "totalMs",
         s.total_plan_time::float8 AS "planMs", s.rows::float8 AS rows, s.wal_bytes::float8 AS "walBytes", s.query
       FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname LIKE 'trao\\_%' ORDER BY 3 DESC`,
    );
}

/** One line of a statement, short enough for a table. */
export function shortened(query: string, letters: number): string {
  const line = query.replace(/\s+/g, ' ').trim();
  return line.length <= letters ? line : `${line.slice(0, letters - 1)}…`;
}

/** Rows that each call claimed, by the table that they are of. */
export interface BatchSize {
  readonly role: string;
  readonly table: string;
  readonly calls: number;
  readonly rows: number;
}

/** The claims among the statements: what writes a batch (`libs/storage/work.ts`). */
export function batchSizesOf(statements: readonly StatementRow[]): BatchSize[] {
  return statements.flatMap(({ role, calls, rows, query }) => {
    if (!/INSERT INTO work_batch/i.test(query)) return [];
    const [, table] = /UPDATE (\w+) t? ?SET batch/i.exec(query) ?? [];
    return [{ role, table: table ?? '?', calls, rows }];
  });
}
