import { DataSource, type QueryRunner } from 'typeorm';
import { TraoError } from '../errors';
import { MainJob1 } from './migrations/1-main-job';

/** Runs one statement and answers its rows. */
export type Query = <R>(sql: string, parameters?: readonly unknown[]) => Promise<R[]>;

export interface DatabaseOptions {
  /** `postgres://role:password@host/database`; a unix socket as `?host=/folder&port=5432`. */
  readonly url: string;
  readonly poolSize: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
}

/** The database of one node, as one role sees it. All failures of the connection become `database_unavailable`. */
export class Database {
  private constructor(private readonly source: DataSource) {}

  static async open(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource({
      type: 'postgres',
      ...connectionOf(options.url),
      applicationName: options.applicationName,
      poolSize: options.poolSize,
      connectTimeoutMS: 5_000,
      migrations: [MainJob1],
      migrationsTableName: 'trao_migration',
      // The driver reports lost idle connections here; the next query opens a new one, so there is nothing to do.
      poolErrorHandler: () => undefined,
      extra: { statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000 },
    });
    await translate(source.initialize());
    return new Database(source);
  }

  /** Runs one statement outside a transaction. */
  readonly query: Query = async <R>(sql: string, parameters: readonly unknown[] = []) => {
    const runner = this.source.createQueryRunner();
    try {
      return await ask<R>(runner, sql, parameters);
    } finally {
      await runner.release();
    }
  };

  /** Runs work in one transaction; it commits when the work ends and rolls back when it throws. */
  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      await translate(runner.startTransaction());
      const result = await work((sql, parameters = []) => ask(runner, sql, parameters));
      await translate(runner.commitTransaction());
      return result;
    } catch (error) {
      // A broken connection has rolled back by itself; the first error is the one that counts.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }

  async migrate(): Promise<void> {
    await this.source.runMigrations({ transaction: 'all' });
  }

  async close(): Promise<void> {
    await this.source.destroy();
  }
}

/** The parts of a database URL as the driver wants them. Any `sslmode` but `disable` means TLS with a verified certificate. */
export function connectionOf(url: string) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return {
    host: searchParams.get('host') ?? hostname,
    port: Number(searchParams.get('port') ?? (port || 5432)),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: (searchParams.get('sslmode') ?? 'disable') !== 'disable',
  };
}

async function ask<R>(runner: QueryRunner, sql: string, parameters: readonly unknown[]): Promise<R[]> {
  const { records } = await translate(runner.query(sql, [...parameters], true));
  return records as R[];
}

/** Classes 08 (connection), 57 (shutdown), 53 (resources) and driver messages of a lost connection: wait and try again. */
async function translate<T>(running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (cause) {
    const { code = '', message = '' } = cause as { code?: string; message?: string };
    const lost =
      /^(08|57P|53|25P03)/.test(code) ||
      /^(ECONN|ENOENT|EPIPE|ETIMEDOUT)/.test(code) ||
      /Connection terminated|timeout exceeded|not queryable|ended/i.test(message);
    throw lost ? new TraoError('database_unavailable', { cause }) : cause;
  }
}
