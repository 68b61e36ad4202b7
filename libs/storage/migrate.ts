import { connectionOf } from './connection';
import { MainJob1 } from './migrations/1-main-job';
import { Domain2 } from './migrations/2-domain';
import { Resealing3 } from './migrations/3-resealing';
import { PartnerWatch4 } from './migrations/4-partner-watch';
import { Attachments5 } from './migrations/5-attachments';
import { OfficePages6 } from './migrations/6-office-pages';
import { Notices7 } from './migrations/7-notices';
import { Monitor8 } from './migrations/8-monitor';
import { Partitions9 } from './migrations/9-partitions';

/**
 * Brings the tables of a node up to date; run by the owner of the database. TypeORM keeps the record of what has run. It is loaded only
 * here: serving processes speak to the driver directly, start faster without it, and have their statements prepared.
 */
export async function migrate(url: string): Promise<void> {
  const { DataSource } = await import('typeorm');
  const source = new DataSource({
    type: 'postgres',
    ...connectionOf(url),
    migrations: [
      MainJob1,
      Domain2,
      Resealing3,
      PartnerWatch4,
      Attachments5,
      OfficePages6,
      Notices7,
      Monitor8,
      Partitions9,
    ],
    migrationsTableName: 'trao_migration',
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'all' });
  } finally {
    await source.destroy();
  }
}
