import type { Database } from './database';

/** No process puts anything off for longer than a quarter of an hour (`libs/exchange/retry.ts`). */
const TOO_FAR = `next_attempt_at > now() + interval '20 minutes'`;
/** Rows of one statement: few enough that no other waits long for one of them. */
const BATCH = 1_000;

/** What waits, by table. Operators may spread messages that they send again over days; those were changed when they did so, not in the future. */
const WAITING = [
  { table: 'outbox', key: 'id', wait: `state IN ('queued', 'sending') AND changed_at > now()` },
  { table: 'inbox', key: 'sender_node, id', wait: `state IN ('stored', 'held')` },
  { table: 'receipt', key: 'issuer, id', wait: `state = 'waiting'` },
  {
    table: 'attachment',
    key: 'unit, id',
    wait: `(delivery IN ('waiting', 'withheld') OR state IN ('awaiting', 'quarantined'))`,
  },
] as const;

const STATEMENTS = WAITING.map(
  ({ table, key, wait }) => `
  WITH far AS (SELECT ${key} FROM ${table} WHERE ${wait} AND ${TOO_FAR} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  UPDATE ${table} SET next_attempt_at = now() WHERE (${key}) IN (SELECT ${key} FROM far) RETURNING 1`,
);

/**
 * Makes due what was written while the clock of the database ran ahead: it would wait until that time has come. An alert
 * (`clock_skew`, `database`) has told operators; nothing that waits may depend on them.
 * @returns how many rows
 */
export async function bringForward(database: Pick<Database, 'query'>): Promise<number> {
  let count = 0;
  for (const statement of STATEMENTS) {
    let moved: number;
    do {
      moved = (await database.query(statement)).length;
      count += moved;
    } while (moved === BATCH);
  }
  return count;
}
