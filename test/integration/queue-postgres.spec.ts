import { migrateQueue, openQueue, QUEUE_SCHEMA, type QueueBackend } from '../../libs/queue';
import { connectionOf, grantQueue } from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { roleName, startNodeDatabase, type NodeDatabase } from './database-fixture';
import { batchOf, itKeepsItsPromises, notingHandlers } from './queue-fixture';

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('queue');
  await migrateQueue(backendOf(node.server.url('postgres', 'queue')));
  await grantQueue(node.owner.query, node.name, QUEUE_SCHEMA, roleName(node.name, 'worker'));
});
afterAll(() => node?.remove());

function backendOf(url: string): QueueBackend {
  const { username, ...rest } = connectionOf(url);
  return { kind: 'postgres', user: username, ...rest };
}

/** All rows of all tables of the queue's schema, as text. */
async function dump(): Promise<string> {
  const tables = await node.owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p')`,
    [QUEUE_SCHEMA],
  );
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await node.owner.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${QUEUE_SCHEMA}."${name}" t`,
    );
    rows.push(...found.map(({ row }) => `${name} ${row}`));
  }
  return rows.join('\n');
}

const place = () => ({
  // The worker's own role: what it lacks shows here.
  backend: backendOf(node.url('worker')),
  dump,
  jobData: async () =>
    (await node.owner.query<{ data: unknown }>(`SELECT data FROM ${QUEUE_SCHEMA}.job`)).map(({ data }) => data),
});

itKeepsItsPromises(place);

it('makes its tables once, whoever asks', async () => {
  await migrateQueue(backendOf(node.server.url('postgres', 'queue')));
  await expect(node.gateway.query(`SELECT 1 FROM ${QUEUE_SCHEMA}.job`)).rejects.toMatchObject({ code: '42501' });
});

it('says queue_unavailable while the database is down, and goes on when it is back', async () => {
  const errors: Error[] = [];
  const queue = openQueue(place().backend, (error) => errors.push(error));
  const { got, handlers } = notingHandlers();
  await queue.work(handlers);
  await node.server.stop();
  await expect(queue.enqueue([batchOf('deliver')])).rejects.toMatchObject({
    code: 'queue_unavailable',
    retryable: true,
  });
  await node.server.start();
  const batch = batchOf('deliver');
  await waitFor('the queue to take a batch', () => queue.enqueue([batch]).then(() => true));
  await waitFor('the batch', () => got.includes(`deliver ${batch.id}`));
  await queue.close();
});
