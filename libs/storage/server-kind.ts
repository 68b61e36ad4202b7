import type { Database } from './database';

/**
 * Whether the embedded PostgreSQL of libs/launcher serves the database. It says so by a setting of its own, which every role may read; a
 * server that somebody runs has no such setting.
 */
export async function isEmbeddedServer(database: Pick<Database, 'query'>): Promise<boolean> {
  const [row] = await database.query<{ mark: string | null }>(`SELECT current_setting('trao.embedded', true) AS mark`);
  return Boolean(row?.mark);
}
