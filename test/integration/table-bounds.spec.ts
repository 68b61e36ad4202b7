import { readFileSync } from 'node:fs';
import path from 'node:path';
import { acceptStore, retention } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { incoming, receiptOf } from './rows-fixture';
import { BOUNDS } from './table-bounds';

const ROOT = path.join(__dirname, '..', '..');
const HOUSEKEEPING = readFileSync(path.join(ROOT, 'apps', 'worker', 'housekeeping.ts'), 'utf8');
const DOCUMENTED = readFileSync(path.join(ROOT, 'docs', 'how-to', 'keep-and-forget.md'), 'utf8');

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('bounds');
});
afterAll(() => node?.remove());

interface Table {
  readonly name: string;
  readonly partitioned: boolean;
}

const tables = () =>
  node.owner.query<Table>(
    `SELECT relname AS name, relkind = 'p' AS partitioned FROM pg_catalog.pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`,
  );

it('says of every table what bounds it', async () => {
  expect((await tables()).map(({ name }) => name)).toEqual(Object.keys(BOUNDS).sort());
});

it('partitions what goes by the month', async () => {
  const partitioned = (await tables()).filter((table) => table.partitioned).map(({ name }) => name);
  const months = Object.entries(BOUNDS).filter(([, bound]) => 'months' in bound);
  expect(months.map(([name]) => name).sort()).toEqual(partitioned);
});

it.each(Object.entries(BOUNDS).flatMap(([table, bound]) => ('job' in bound ? [[table, bound.job]] : [])))(
  'has a job that bounds %s',
  (_, job) => {
    expect(HOUSEKEEPING).toContain(`\n    ${job}: `);
  },
);

it.each(Object.keys(BOUNDS))('documents the bound of %s', (table) => {
  expect(DOCUMENTED).toContain(`| \`${table}\``);
});

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

it('forgets requests whose time is over, and alarms that a monitor has seen', async () => {
  await node.owner.query(
    `INSERT INTO idempotency (client_id, key, request_digest, message_id, at)
     SELECT 'client', n::text, 'digest', gen_random_uuid(), now() - n * interval '1 hour' FROM generate_series(1, 1000) n`,
  );
  await node.owner.query(
    `INSERT INTO alarm (kind, subject, at, folded)
     SELECT 'id_reused', n::text, now() - n * interval '1 day', n % 2 = 0 FROM generate_series(1, 500) n`,
  );
  expect(await retention.dropRequests(node.worker, daysAgo(30))).toBe(1_000 - 30 * 24 + 1);
  expect(await retention.dropAlarms(node.worker, daysAgo(400))).toBe(51);
  const [left] = await node.owner.query(
    `SELECT count(*)::int AS alarms, (SELECT count(*)::int FROM idempotency) AS requests FROM alarm`,
  );
  expect(left).toEqual({ alarms: 449, requests: 719 });
});

it('keeps at most eight other contents of one message', async () => {
  const store = acceptStore(node.gateway, 'vn');
  const first = incoming();
  await store.storeReceived([first], [receiptOf(first)]);
  for (let n = 0; n < 20; n += 1) await store.storeConflict(incoming({ id: first.id }, `other bytes ${n}`));
  expect(await node.owner.query('SELECT FROM inbox_conflict WHERE id = $1', [first.id])).toHaveLength(8);
});
