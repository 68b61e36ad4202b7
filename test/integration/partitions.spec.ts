import { randomUUID } from 'node:crypto';
import { attemptStore, retention } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { putOutbox } from './rows-fixture';

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('partitions');
});
afterAll(() => node?.remove());

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);
const TABLES = ['attempt', 'delivery_event'] as const;

/** The month of a time in UTC, so many months on, as partitions name it. */
function monthOf(date: Date, later = 0): string {
  const at = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later));
  return `${at.getUTCFullYear()}_${String(at.getUTCMonth() + 1).padStart(2, '0')}`;
}

async function partitionsOf(table: string): Promise<string[]> {
  const rows = await node.owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = to_regclass($1) ORDER BY 1`,
    [table],
  );
  return rows.map(({ name }) => name);
}

const attemptAt = (at: Date, messageId: string = randomUUID()) =>
  node.owner.query('INSERT INTO attempt (message_id, at, duration_ms) VALUES ($1, $2, 5)', [messageId, at]);

/** In which table each row of attempts lies. */
const places = () =>
  node.owner.query<{ place: string; id: string }>(
    'SELECT tableoid::regclass::text AS place, message_id AS id FROM attempt ORDER BY at',
  );

const ahead = (table: string) => [0, 1, 2, 3].map((later) => `${table}_${monthOf(new Date(), later)}`);

describe.each(TABLES)('%s', (table) => {
  it('has this month, the next three and one for the rest', async () => {
    expect(await partitionsOf(table)).toEqual([...ahead(table), `${table}_default`].sort());
  });

  it('gets the months that are missing from the worker, and nothing the second time', async () => {
    const [last] = ahead(table).slice(-1);
    await node.owner.query(`DROP TABLE ${last}`);
    expect(await retention.preparePartitions(node.worker)).toBe(1);
    expect(await retention.preparePartitions(node.worker)).toBe(0);
    expect(await partitionsOf(table)).toContain(last);
  });

  it('finds rows of a message by an index in every month', async () => {
    const lines = await node.owner.transaction(async (query) => {
      await query('SET LOCAL enable_seqscan = off');
      return query<{ 'QUERY PLAN': string }>(`EXPLAIN SELECT * FROM ${table} WHERE message_id = '${randomUUID()}'`);
    });
    const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
    expect(plan).toContain(`${ahead(table)[0]}_message_id_idx`);
    expect(plan).not.toContain('Seq Scan');
    const [found] = await node.owner.query<{ complete: boolean }>(
      `SELECT bool_and((SELECT count(*) FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
         WHERE x.indrelid = i.inhrelid AND a.attname IN ('message_id', 'at')) >= 2) AS complete
       FROM pg_inherits i WHERE i.inhparent = to_regclass($1)`,
      [table],
    );
    expect(found).toEqual({ complete: true });
  });
});

it('refuses no row, whatever its time; a month that is made later takes its rows', async () => {
  const [far, past] = [randomUUID(), randomUUID()];
  await attemptAt(new Date('2999-05-05T00:00:00Z'), far);
  await attemptAt(new Date('1999-05-05T00:00:00Z'), past);
  const [missing] = ahead('attempt').slice(2);
  await node.owner.query(`DROP TABLE ${missing}`);
  const between = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 2, 15));
  const late = randomUUID();
  await attemptAt(between, late);
  expect(await places()).toEqual([
    { place: 'attempt_default', id: past },
    { place: 'attempt_default', id: late },
    { place: 'attempt_default', id: far },
  ]);
  expect(await retention.preparePartitions(node.worker)).toBe(1);
  expect(await places()).toEqual([
    { place: 'attempt_default', id: past },
    { place: missing, id: late },
    { place: 'attempt_default', id: far },
  ]);
  await node.owner.query('TRUNCATE attempt');
});

it('puts what the worker writes into its month', async () => {
  const [id] = await putOutbox(node.owner, [{}]);
  const attempt = { messageId: id!, at: new Date(), durationMs: 3 };
  await node.worker.transaction((query) => attemptStore(query).finish(randomUUID(), [attempt], []));
  expect(await places()).toEqual([{ place: `attempt_${monthOf(new Date())}`, id }]);
  await node.owner.query('TRUNCATE attempt');
});

it('drops months of attempts that are over long enough, and no delivery event', async () => {
  for (const table of TABLES)
    await node.owner.query(
      `SELECT add_month('${table}', now() - interval '1 month' * n) FROM generate_series(1, 15) AS n`,
    );
  await node.owner.query('INSERT INTO delivery_event (message_id, state, at) VALUES ($1, $2, $3)', [
    randomUUID(),
    'sending',
    daysAgo(440),
  ]);
  for (const days of [440, 399, 20]) await attemptAt(daysAgo(days));
  await attemptAt(new Date('1999-05-05T00:00:00Z'));
  const before = (await partitionsOf('attempt')).length;
  const dropped = await retention.forgetAttempts(node.worker, daysAgo(400));
  expect(dropped).toBeGreaterThan(0);
  expect(await partitionsOf('attempt')).toHaveLength(before - dropped);
  // The month in which the limit lies stays whole, and nothing younger goes.
  expect(await places()).toHaveLength(2);
  expect(await partitionsOf('attempt')).toContain(`attempt_${monthOf(daysAgo(400))}`);
  expect(await node.owner.query('SELECT count(*)::int AS count FROM delivery_event')).toEqual([{ count: 1 }]);
  expect(await retention.forgetAttempts(node.worker, daysAgo(400))).toBe(0);
});

it.each([
  ['yesterday', daysAgo(1)],
  ['the future', daysAgo(-1)],
  ['nothing', null],
])('does not forget attempts of before %s', async (_name, before) => {
  await expect(retention.forgetAttempts(node.worker, before as Date)).rejects.toThrow('30 days');
});

it('is for the worker only', async () => {
  for (const role of ['gateway', 'office'] as const) {
    await expect(retention.preparePartitions(node[role])).rejects.toMatchObject({ code: '42501' });
    await expect(retention.forgetAttempts(node[role], daysAgo(400))).rejects.toMatchObject({ code: '42501' });
  }
  await expect(node.worker.query(`SELECT add_month('attempt', now())`)).rejects.toMatchObject({ code: '42501' });
});

it('is not led astray by temporary tables and functions of the worker', async () => {
  await node.owner.query(`GRANT TEMPORARY ON DATABASE ${node.name} TO ${node.name}_worker`);
  const worker = await node.open('worker', 1);
  await worker.query('CREATE TEMPORARY TABLE attempt_default (at timestamptz)');
  await worker.query(
    `CREATE FUNCTION pg_temp.add_month(text, timestamptz) RETURNS boolean LANGUAGE sql AS 'SELECT 1/0 = 1'`,
  );
  await node.owner.query(`DROP TABLE ${ahead('attempt')[3]}`);
  expect(await retention.preparePartitions(worker)).toBe(1);
  await worker.close();
});

it('moves the rows that there were, each into its month', async () => {
  const rows = await node.owner.query('SELECT 1 AS one FROM trao_migration WHERE name LIKE $1', ['Partitions%']);
  expect(rows).toHaveLength(1);
  // The database as it was before: plain tables with rows of three times.
  await node.owner.query(`
    DROP TABLE attempt, delivery_event, backup_run;
    DROP FUNCTION prepare_partitions, forget_attempts, add_month;
    DROP INDEX outbox_to_blank, inbox_to_blank;
    CREATE TABLE attempt (message_id uuid NOT NULL REFERENCES outbox (id), at timestamptz NOT NULL, duration_ms int NOT NULL, code text,
      host text, tls text, http_status int, worker text);
    CREATE TABLE delivery_event (message_id uuid NOT NULL, state text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
    DELETE FROM trao_migration WHERE name LIKE 'Partitions%'`);
  const [id] = await putOutbox(node.owner, [{}]);
  for (const days of [4000, 100, 0]) await attemptAt(daysAgo(days), id);
  await node.owner.migrate();
  expect((await places()).map(({ place }) => place)).toEqual([
    'attempt_default',
    `attempt_${monthOf(daysAgo(100))}`,
    `attempt_${monthOf(new Date())}`,
  ]);
  expect((await partitionsOf('attempt')).length).toBeLessThan(32);
  await node.owner.query('INSERT INTO delivery_event (message_id, state) VALUES ($1, $2)', [id, 'queued']);
  expect(await node.owner.query('SELECT at IS NOT NULL AS dated FROM delivery_event')).toEqual([{ dated: true }]);
});
