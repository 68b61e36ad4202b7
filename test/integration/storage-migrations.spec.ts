import { randomUUID } from 'node:crypto';
import { overdueStore, settleStore, type Database } from '../../libs/storage';
import { createDatabase, startServer, type TestServer } from './database-fixture';
import { caseOf, inSeconds, putOutbox, receiptOf } from './rows-fixture';

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
  'access_log',
  'alarm',
  'alert',
  'alert_tell',
  'attachment',
  'attachment_piece',
  'attempt',
  'backup_run',
  'case_event',
  'circuit',
  'delivery_event',
  'depth_sample',
  'directory_document',
  'draft',
  'idempotency',
  'inbox',
  'inbox_conflict',
  'incoming_file',
  'incoming_piece',
  'manifest',
  'manifest_day',
  'manifest_finding',
  'manifest_round',
  'monitor_session',
  'notice',
  'notice_look',
  'notice_seen',
  'office_session',
  'officer_setting',
  'operator_log',
  'outbox',
  'partner_hold',
  'partner_link',
  'partner_ping',
  'partner_test',
  'partner_watch',
  'process_beat',
  'queue_hold',
  'receipt',
  'recovery',
  'recovery_item',
  'saved_view',
  'search_token',
  'setting',
  'setting_change',
  'superseded',
  'trao_migration',
  'unit_case',
  'work_batch',
];

async function tables(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`,
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
  expect(await database.query('SELECT name FROM trao_migration')).toHaveLength(13);
});

it('isolates the tables of units', async () => {
  const rows = await database.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY relname`,
  );
  expect(rows.map(({ relname }) => relname)).toEqual([
    'access_log',
    'attachment',
    'attachment_piece',
    'case_event',
    'draft',
    'notice',
    'notice_look',
    'notice_seen',
    'officer_setting',
    'search_token',
    'unit_case',
  ]);
});

describe('from version 1 to version 2', () => {
  /** What migration 2 makes, taken away again, with the files that rest on it: the database as migration 1 left it. */
  const BACK = `
    DROP TABLE attachment_piece, attachment, incoming_piece, incoming_file, draft, search_token;
    DROP INDEX inbox_refused;
    ALTER TABLE unit_case DROP COLUMN next_mark_at;
    ALTER TABLE outbox DROP COLUMN next_look_at, DROP COLUMN forget;
    ALTER TABLE inbox DROP COLUMN opened_at, DROP COLUMN opened_told;
    DELETE FROM trao_migration WHERE name LIKE 'Domain%' OR name LIKE 'Attachments%';`;
  /** Columns and indexes by name, in no order: a column that comes later stands last. */
  const shapeOf = async (of: Database) => [
    await of.query(
      `SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
       WHERE table_schema = 'public' ORDER BY 1, 2`,
    ),
    await of.query(`SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`),
  ];

  it('keeps all rows; what nobody has said of them stays open', async () => {
    const old = await createDatabase(server, 'old');
    await old.migrate();
    const fresh = await shapeOf(old);
    await old.query(BACK);
    const [sent] = await putOutbox(old, [{ state: 'received' }]);
    await old.query(
      `INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, digest, received_at, expires_at, state)
       VALUES ('gb', $1, 'kid', 'normal', 'sealed', 'digest', now(), now(), 'filed')`,
      [randomUUID()],
    );
    const { unit, referralId, wrappedKey, summary } = caseOf('vn.police');
    await old.query('INSERT INTO unit_case (unit, referral_id, wrapped_key, summary) VALUES ($1, $2, $3, $4)', [
      unit,
      referralId,
      wrappedKey,
      summary,
    ]);
    const tables = ['outbox', 'inbox', 'unit_case'];
    const before = await Promise.all(tables.map((table) => old.query<object>(`SELECT * FROM ${table}`)));

    await old.migrate();
    const after = await Promise.all(tables.map((table) => old.query<object>(`SELECT * FROM ${table}`)));
    expect(after).toEqual([
      [{ ...before[0]![0], next_look_at: null, forget: false }],
      [{ ...before[1]![0], opened_at: null, opened_told: false }],
      [{ ...before[2]![0], next_mark_at: null }],
    ]);
    expect(await shapeOf(old)).toEqual(fresh);
    // Old messages are looked at once something happens to them, not before.
    const looks = (now: Date) => old.transaction((query) => overdueStore(query).lockOverdue(now, 10));
    expect(await looks(inSeconds(9e6))).toEqual([]);
    await old.transaction((query) =>
      settleStore(query).settle([
        { receipt: receiptOf({ id: sent! }, { issuer: 'gb', event: 'delivered' }), state: 'delivered' },
      ]),
    );
    expect(await looks(inSeconds(1))).toMatchObject([{ id: sent }]);
    await old.close();
  });
});

it('leaves no half-made schema when a migration fails', async () => {
  const broken = await createDatabase(server, 'broken');
  await broken.query('CREATE TABLE directory_document (version int)'); // made last, so the rest comes before the fault
  await expect(broken.migrate()).rejects.toThrow('already exists');
  expect(await broken.query(`SELECT to_regclass('outbox') AS found`)).toEqual([{ found: null }]);
  await broken.close();
});
