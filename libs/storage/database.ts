import { createHash } from 'node:crypto';
import { Pool, type PoolClient, type QueryConfig } from 'pg';
import { TraoError } from '../errors';
import { connectionOf } from './connection';
import { migrate } from './migrate';
import { isOutage, isUseless } from './outage';

/**
 * Runs one statement and answers its rows. A statement with parameters is prepared once per connection and then only executed, so its text
 * must be constant; one without parameters may hold several statements.
 */
export type Query = <R>(sql: string, parameters?: readonly unknown[]) => Promise<R[]>;

export interface DatabaseOptions {
  /** `postgres://role:password@host/database`; a unix socket as `?host=/folder&port=5432`. */
  readonly url: string;
  readonly poolSize: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /**
   * Plans each statement once for a connection and not for each call, for a process whose statements find their rows by keys whatever
   * the values are. Planning what the relay asks for cost four times as much as answering it.
   */
  readonly plansOnce?: boolean;
  /** How long the server may say nothing; default 35 s. */
  readonly patienceMs?: number;
}

const settings = (...all: readonly string[]) => all.map((setting) => `-c ${setting}`).join(' ');

/**
 * A plan that is kept was made while the tables of a new node were empty, when reading all of a table looks cheapest, and is used while they
 * grow: until the first statistics a claim of ten receipts read every receipt, and a look for notices took two seconds. Nothing here wants
 * a whole table. Servers up to 17 add 10^10 to the cost of a plan that has to do what is switched off, and compile what is dear: 0.4 s of CPU
 * for each claim of a batch, which takes 0.1 ms.
 */
const NO_WHOLE_TABLES = settings('enable_seqscan=off', 'jit=off');
const BY_KEYS = settings(
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'jit=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
);

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** The server ends a statement before that; one that still says nothing has lost its power, for which TCP would wait a quarter of an hour. */
const PATIENCE_MS = 35_000;
const IDLE_IN_TRANSACTION_MS = 60_000;

/** The database of one node, as one role sees it. All failures of the connection become `database_unavailable`. */
export class Database {
  private constructor(
    private readonly pool: Pool,
    private readonly url: string,
  ) {}

  /** @throws TraoError `database_unavailable` when the server cannot be reached now */
  static async open(options: DatabaseOptions): Promise<Database> {
    const { url, poolSize, applicationName, plansOnce, patienceMs = PATIENCE_MS } = options;
    const { username, ...connection } = connectionOf(url);
    const pool = new Pool({
      ...connection,
      user: username,
      application_name: applicationName,
      max: poolSize,
      options: plansOnce ? BY_KEYS : NO_WHOLE_TABLES,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: patienceMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    });
    // Lost idle connections are reported here; the next query opens a new one, so there is nothing to do.
    pool.on('error', () => undefined);
    const database = new Database(pool, url);
    await database.query('SELECT 1');
    return database;
  }

  /** Runs one statement outside a transaction. */
  readonly query: Query = (sql, parameters = []) => ask(this.pool, sql, parameters);

  /**
   * Runs work in one transaction; it commits when the work ends and rolls back when it throws.
   * @param first a statement without parameters that goes with the beginning
   */
  async transaction<T>(work: (query: Query) => Promise<T>, first = ''): Promise<T> {
    const client = await translate(this.pool.connect());
    let broken: Error | undefined;
    // A connection may break between two statements; an event that nobody listens to would end the process.
    const onLost = (error: Error) => (broken = error);
    client.on('error', onLost);
    try {
      await ask(client, `BEGIN;${first}`, []);
      const result = await work((sql, parameters = []) => ask(client, sql, parameters));
      await ask(client, 'COMMIT', []);
      return result;
    } catch (error) {
      // A broken connection has rolled back by itself, and one to a server that is no use any more must not be used again.
      if (isUseless(error)) broken = error;
      // The first error is the one that counts.
      else await client.query('ROLLBACK').catch((fault: Error) => (broken = fault));
      throw error;
    } finally {
      client.off('error', onLost);
      client.release(broken);
    }
  }

  /** Brings the tables up to date; for the owner of the database. */
  async migrate(): Promise<void> {
    await migrate(this.url);
  }

  /** Its connections: all, those without work, and work that waits for one. */
  pooled(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    const { totalCount: total, idleCount: idle, waitingCount: waiting } = this.pool;
    return { total, idle, waiting };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

const names = new Map<string, string>();

/** The name under which a statement is prepared: short, and the same for the same text. */
function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = createHash('sha256').update(sql).digest('base64url').slice(0, 24);
    names.set(sql, name);
  }
  return name;
}

async function ask<R>(on: Pool | PoolClient, sql: string, parameters: readonly unknown[]): Promise<R[]> {
  const config: QueryConfig =
    parameters.length === 0 ? { text: sql } : { text: sql, name: nameOf(sql), values: [...parameters] };
  const { rows } = await translate(on.query(config));
  return rows as R[];
}

/** @throws TraoError `database_unavailable` for an outage, and everything else as it is */
async function translate<T>(running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (cause) {
    throw isOutage(cause) ? new TraoError('database_unavailable', { cause }) : cause;
  }
}
