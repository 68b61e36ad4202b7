import { acceptStore, listenForWork, type Database } from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { incoming, receiptOf } from './rows-fixture';

/** The database goes away and comes back; the processes stay. */
const UNAVAILABLE = { name: 'TraoError', code: 'database_unavailable', retryable: true };

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('outage');
});
afterAll(() => node?.remove());

const answers = (database: Database) =>
  waitFor('the database to answer', async () => (await database.query('SELECT 1')).length);

it('says database_unavailable while the server is down, and goes on with the same object afterwards', async () => {
  await node.worker.query('SELECT 1');
  await node.server.stop();
  try {
    await expect(node.worker.query('SELECT 1')).rejects.toMatchObject(UNAVAILABLE);
    await expect(node.worker.transaction((query) => query('SELECT 1'))).rejects.toMatchObject(UNAVAILABLE);
    await expect(node.open('gateway')).rejects.toMatchObject(UNAVAILABLE);
  } finally {
    await node.server.start();
  }
  await answers(node.worker);
  expect(await node.worker.transaction((query) => query('SELECT 2 AS two'))).toEqual([{ two: 2 }]);
});

it('rolls a transaction back that was under way, and says so', async () => {
  await answers(node.worker);
  const under = node.worker.transaction(async (query) => {
    await query(`INSERT INTO circuit (partner, failures) VALUES ('gb', 1)`);
    await node.server.stop();
    await query(`INSERT INTO circuit (partner, failures) VALUES ('kh', 1)`);
  });
  await expect(under).rejects.toMatchObject(UNAVAILABLE);
  await node.server.start();
  await answers(node.owner);
  expect(await node.owner.query('SELECT partner FROM circuit')).toEqual([]);
});

it('says so too when the connection breaks at the commit', async () => {
  await answers(node.worker);
  await answers(node.owner);
  const under = node.worker.transaction(async (query) => {
    const [{ pid }] = (await query<{ pid: number }>('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
    await node.owner.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
  });
  await expect(under).rejects.toMatchObject(UNAVAILABLE);
  expect(await node.worker.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('says so too when a statement waited in vain for what another transaction holds', async () => {
  await answers(node.worker);
  // As after a commit whose connection broke without a word: the server holds its locks until it gives the connection up.
  const waiting = node.worker.transaction(async (query) => {
    await query(`SET LOCAL statement_timeout = '50ms'`);
    await query('SELECT pg_sleep(10)');
  });
  await expect(waiting).rejects.toMatchObject(UNAVAILABLE);
});

it('says so too to the one that a deadlock was ended with', async () => {
  await answers(node.worker);
  const takes = (first: number, second: number, other: () => Promise<unknown>) =>
    node.worker.transaction(async (query) => {
      await query(`SELECT pg_advisory_xact_lock(${first})`);
      await other();
      await query(`SELECT pg_advisory_xact_lock(${second})`);
    });
  const [mine, theirs] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ends = await Promise.allSettled([
    takes(1, 2, () => (mine.resolve(), theirs.promise)),
    takes(2, 1, () => (theirs.resolve(), mine.promise)),
  ]);
  const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  expect(lost).toEqual([expect.objectContaining(UNAVAILABLE)]);
});

it('survives the loss of all idle connections', async () => {
  await answers(node.owner);
  await Promise.all(Array.from({ length: 8 }, () => answers(node.worker)));
  await node.owner.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'test-worker'`,
  );
  await answers(node.worker);
  const turns = Array.from({ length: 12 }, () => node.worker.query('SELECT 1 AS one'));
  expect(await Promise.all(turns)).toEqual(turns.map(() => [{ one: 1 }]));
});

it('leaves faults of a statement as they are, and gives the connection back', async () => {
  const single = await node.open('worker', 1);
  for (let turn = 0; turn < 3; turn += 1) {
    await expect(single.query('SELECT * FROM idempotency')).rejects.toMatchObject({ code: '42501' });
    await expect(single.transaction((query) => query('SELECT 1/0'))).rejects.toMatchObject({ code: '22012' });
  }
  expect(await single.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await single.close();
});

describe('listening for work', () => {
  let calls = 0;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    await answers(node.gateway);
    stop = listenForWork(node.url('worker'), () => (calls += 1));
    await waitFor('the first look', () => calls === 1);
  });
  afterAll(() => stop());

  const storeMessage = async () => {
    const message = incoming();
    await acceptStore(node.gateway, 'vn').storeReceived([message], [receiptOf(message)]);
  };

  it('wakes when a commit says that there is work', async () => {
    const before = calls;
    await storeMessage();
    await waitFor('a call', () => calls > before);
    expect(calls).toBe(before + 1);
  });

  it('wakes once the server is back, and for each commit from then on', async () => {
    await node.server.stop();
    await node.server.start();
    const before = calls;
    await waitFor('a call for what was missed', () => calls > before);
    await answers(node.gateway);
    const again = calls;
    await storeMessage();
    await waitFor('a call', () => calls > again);
    expect(calls).toBe(again + 1);
  });

  it('is quiet once stopped', async () => {
    await stop();
    const before = calls;
    await storeMessage();
    await storeMessage();
    expect(calls).toBe(before);
    expect(await node.owner.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'trao-listen'`)).toEqual([]);
  });
});
