import type { Database } from '../../libs/storage';
import { columnsOf, copySql, DAYS } from './stored-sql';

/** What a message leaves in the tables of a sender and of a recipient, in the order in which rows refer to each other. */
const TABLES = [
  'outbox',
  'inbox',
  'idempotency',
  'attempt',
  'delivery_event',
  'receipt',
  'unit_case',
  'case_event',
  'search_token',
  'notice_seen',
] as const;
const MONTHLY = ['attempt', 'delivery_event'];
/** Their indexes are built anew at the end: ids of cases and words come in no order, and each row would look for its place. */
const REBUILT = ['idempotency', 'unit_case', 'case_event', 'search_token'];

/**
 * Copies all that a node holds of its messages until it has `count`, spread over the days before: as the product wrote it, but each copy
 * under ids, words and times of its own. Sealed bytes and originals are left out: they lie beside the tables, where nothing reads them
 * and only the disk would notice. The copies cannot be opened, because what is encrypted is bound to its id; nothing opens them.
 * @param database as its owner, with one connection
 * @param present messages that the node holds now, all at rest
 */
export async function multiplyMessages(database: Database, present: number, count: number): Promise<void> {
  const copies = Math.ceil(count / present) - 1;
  if (copies < 1) return;
  const { query } = database;
  await query('SET statement_timeout = 0');
  await query(`SET maintenance_work_mem = '256MB'`);
  for (const table of MONTHLY) {
    const months = Math.ceil(DAYS / 30);
    await query(`SELECT add_month($1, now() - m * interval '1 month') FROM generate_series(1, ${months}) AS m`, [
      table,
    ]);
  }
  await query(
    `UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY ($1::text[]::regclass[]::oid[])`,
    [REBUILT],
  );
  await database.transaction(async (within) => {
    await within('SET LOCAL synchronous_commit = off');
    // What a row refers to was copied before it: asking for each row would take minutes.
    await within('SET LOCAL session_replication_role = replica');
    for (const table of TABLES) await within(copySql(table, await columnsOf(within, table), copies));
  });
  for (const table of REBUILT) await query(`REINDEX TABLE ${table}`);
  // As autovacuum leaves them.
  for (const table of TABLES) await query(`VACUUM (ANALYZE) ${table}`);
  await query('CHECKPOINT');
}
