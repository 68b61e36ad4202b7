import { connectionOf } from './connection';
import { MIGRATION_TABLE, MIGRATIONS } from './migrations/list';

/**
 * Brings the tables of a node up to date; run by the owner of the database. TypeORM keeps the record of what has run. It is loaded only
 * here: serving processes speak to the driver directly, start faster without it, and have their statements prepared.
 */
export async function migrate(url: string): Promise<void> {
  const { DataSource } = await import('typeorm');
  const source = new DataSource({
    type: 'postgres',
    ...connectionOf(url),
    migrations: [...MIGRATIONS],
    migrationsTableName: MIGRATION_TABLE,
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'all' });
  } finally {
    await source.destroy();
  }
}
