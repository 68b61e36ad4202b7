import connectPgSimple from 'connect-pg-simple';
import type session from 'express-session';
import type { Database } from './database';

/** How often ended sessions are removed, in seconds. */
const PRUNE_S = 900;

/**
 * Sessions of officers, or of operators.
 * @param framework express-session itself: the store is a class of it
 */
export function sessionStore(
  database: Database,
  framework: typeof session,
  tableName: 'office_session' | 'monitor_session',
): session.Store {
  const Store = connectPgSimple(framework);
  // The store asks for a pool and uses its `query` only; ours has the limits and the errors of every other statement.
  const pool = {
    query: async (sql: string, parameters: unknown[]) => ({ rows: await database.query(sql, parameters) }),
  };
  return new Store({
    pool: pool as unknown as NonNullable<connectPgSimple.PGStoreOptions['pool']>,
    tableName,
    pruneSessionInterval: PRUNE_S,
    disableTouch: true,
    errorLog: () => undefined,
  });
}
