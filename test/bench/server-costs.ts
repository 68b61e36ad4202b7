import type { Database } from '../../libs/storage';

/** What a span cost the server of both nodes. Counters of PostgreSQL reach its views within a second. */
export interface ServerCosts {
  /** Transactions that were committed, those that only read and those of the benchmark included. */
  readonly commits: number;
  readonly walBytes: number;
}

type Look = { readonly commits: number; readonly lsn: number };

const LOOK = `SELECT (SELECT sum(xact_commit) FROM pg_stat_database WHERE datname LIKE 'trao\\_%')::float8 AS commits,
  pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS lsn`;

export async function startServerCosts(admin: Pick<Database, 'query'>): Promise<() => Promise<ServerCosts>> {
  const look = async () => (await admin.query<Look>(LOOK))[0]!;
  const before = await look();
  return async () => {
    const after = await look();
    return { commits: after.commits - before.commits, walBytes: after.lsn - before.lsn };
  };
}

/** Drafts that wait are the benchmark's supply; a table of theirs that was full once stays large. */
const NOT_COUNTED = ['draft'];

/** Bytes of each table of a node with its indexes and what is stored beside it. */
export async function tableBytes(node: Pick<Database, 'query'>): Promise<ReadonlyMap<string, number>> {
  const rows = await node.query<{ name: string; bytes: number }>(
    `SELECT relname AS name, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class
     WHERE relkind = 'r' AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'bullmq'))`,
  );
  return new Map(rows.filter(({ name }) => !NOT_COUNTED.includes(name)).map(({ name, bytes }) => [name, bytes]));
}
