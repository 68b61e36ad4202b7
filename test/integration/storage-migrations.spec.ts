import type { Database } from '../../libs/storage';
import { createDatabase, startServer, type TestServer } from './database-fixture';

let server: TestServer;
let database: Database;
beforeAll(async () => {
  server = await startServer('migrations');
  database = await createDatabase(server, 'migrations');
});
afterAll(async () => {
  await database?.close();
  await server?.remove();
});

const TABLES = [
  'alarm',
  'attempt',
  'case_event',
  'circuit',
  'delivery_event',
  'directory_document',
  'idempotency',
  'inbox',
  'inbox_conflict',
  'outbox',
  'receipt',
  'trao_migration',
  'unit_case',
  'work_batch',
];

async function tables(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname`,
  );
  return rows.map(({ name }) => name);
}

it('makes all tables in an empty database', async () => {
  expect(await tables()).toEqual([]);
  await database.migrate();
  expect(await tables()).toEqual(TABLES);
});

it('does nothing the second time, and keeps what is there', async () => {
  await database.query(`INSERT INTO circuit (partner, failures) VALUES ('gb', 3)`);
  await database.migrate();
  expect(await tables()).toEqual(TABLES);
  expect(await database.query('SELECT partner, failures FROM circuit')).toEqual([{ partner: 'gb', failures: 3 }]);
  expect(await database.query('SELECT name FROM trao_migration')).toHaveLength(1);
});

it('isolates the tables of cases by unit', async () => {
  const rows = await database.query(`SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY relname`);
  expect(rows).toEqual([{ relname: 'case_event' }, { relname: 'unit_case' }]);
});

it('leaves no half-made schema when a migration fails', async () => {
  const broken = await createDatabase(server, 'broken');
  await broken.query('CREATE TABLE directory_document (version int)'); // made last, so the rest comes before the fault
  await expect(broken.migrate()).rejects.toThrow('already exists');
  expect(await broken.query(`SELECT to_regclass('outbox') AS found`)).toEqual([{ found: null }]);
  await broken.close();
});
