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

/** A table of a node, `vn outbox`, and bytes of it with its indexes and what is stored beside it. */
export interface TableCost {
  readonly table: string;
  readonly bytes: number;
}

/** Looks at the tables of all nodes; the returned function answers those that grew, most first. */
export async function startTableCosts(
  owners: ReadonlyMap<string, Pick<Database, 'query'>>,
): Promise<() => Promise<TableCost[]>> {
  const before = await tables(owners);
  return async () => {
    const grown = [...(await tables(owners))].map(([table, bytes]) => ({
      table,
      bytes: bytes - (before.get(table) ?? 0),
    }));
    return grown.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);
  };
}

async function tables(owners: ReadonlyMap<string, Pick<Database, 'query'>>): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const [node, database] of owners) {
    const rows = await database.query<{ name: string; bytes: number }>(
      `SELECT relname AS name, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class
       WHERE relkind = 'r' AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'bullmq'))`,
    );
    for (const { name, bytes } of rows) if (!NOT_COUNTED.includes(name)) sizes.set(`${node} ${name}`, bytes);
  }
  return sizes;
}
