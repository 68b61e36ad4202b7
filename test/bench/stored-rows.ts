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

/**
 * Copies all that a node holds of its messages until it has `count`, spread over the days before: as the product wrote it, but each copy
 * under ids, words and times of its own. The copies cannot be opened, because what is encrypted is bound to its id; nothing opens them.
 * @param present messages that the node holds now, all at rest
 */
export async function multiplyMessages(database: Database, present: number, count: number): Promise<void> {
  const copies = Math.ceil(count / present) - 1;
  if (copies < 1) return;
  await database.transaction(async (query) => {
    await query('SET LOCAL statement_timeout = 0');
    await query('SET LOCAL synchronous_commit = off');
    // What a row refers to was copied before it: asking for each row would take minutes.
    await query('SET LOCAL session_replication_role = replica');
    for (const table of MONTHLY)
      await query(
        `SELECT add_month($1, now() - m * interval '1 month') FROM generate_series(1, ${Math.ceil(DAYS / 30)}) AS m`,
        [table],
      );
    for (const table of TABLES) await query(copySql(table, await columnsOf(query, table), copies));
  });
  for (const table of TABLES) await unhurried(database, `VACUUM (ANALYZE) ${table}`);
  await unhurried(database, 'CHECKPOINT');
}

/** These cannot run inside a transaction, and take longer than a statement may. */
async function unhurried(database: Database, statement: string): Promise<void> {
  await database.query('SET statement_timeout = 0');
  await database.query(statement);
}
