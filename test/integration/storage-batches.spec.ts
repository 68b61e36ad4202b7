import type { AcknowledgeStore, AttemptStore, Batch, DeliverStore, RelayStore, WorkKind } from '../../libs/exchange';
import {
  acceptStore,
  acknowledgeStore,
  attemptStore,
  beginIngest,
  deliverStore,
  ingestStore,
  relayStore,
  renewBatch,
} from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { incoming, inSeconds, NOTHING_FILED, putOutbox, receiptOf, rowOf } from './rows-fixture';

/** What a batch may still do when its claim has run out and another one holds its rows. */
let node: NodeDatabase;
let relays: RelayStore;
let delivering: DeliverStore;
let returning: AcknowledgeStore;
beforeAll(async () => {
  node = await startNodeDatabase('batches');
  relays = relayStore(node.worker, () => ['gb']);
  delivering = deliverStore(node.worker);
  returning = acknowledgeStore(node.worker, 'vn');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE outbox, inbox, receipt, work_batch, circuit, attempt, delivery_event'));

const TABLE = { deliver: 'outbox', ingest: 'inbox', acknowledge: 'receipt' } as const;

const finish = (...what: Parameters<AttemptStore['finish']>) =>
  node.worker.transaction((query) => attemptStore(query).finish(...what));

async function claim(kind: WorkKind): Promise<Batch> {
  const partner = kind === 'ingest' ? '' : 'gb';
  const batch = await relays.claim({ kind, lane: 'normal', partner }, 64);
  if (!batch) throw new Error(`nothing to ${kind}`);
  return batch;
}

/** Lets the claims of all rows run out, as if 30 seconds had passed. */
async function runOut(kind: WorkKind): Promise<void> {
  await node.owner.query(`UPDATE ${TABLE[kind]} SET next_attempt_at = now() - interval '1 second'`);
  await node.owner.query(`UPDATE work_batch SET until = now() - interval '1 second'`);
}

async function putInbox(): Promise<string> {
  const message = incoming();
  await acceptStore(node.gateway, 'vn').storeReceived([message], [receiptOf(message)]);
  return message.id;
}

/** A receipt that waits to be handed back; filing makes it so. */
async function putWaitingReceipt(): Promise<string> {
  const message = incoming();
  await acceptStore(node.gateway, 'vn').storeReceived([message], [receiptOf(message)]);
  const receipt = receiptOf(message, { event: 'delivered' });
  const waiting = { ...message, attempts: 1 };
  await node.worker.transaction((query) =>
    ingestStore(query).file('00000000-0000-0000-0000-000000000000', {
      ...NOTHING_FILED,
      receipts: [receipt],
      filed: [waiting],
    }),
  );
  return receipt.id;
}

describe('delivering', () => {
  it('hands an unfinished batch out again, and the old one changes nothing then', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const old = await claim('deliver');
    expect(await delivering.begin(old.id)).toHaveLength(1);
    await runOut('deliver');
    const current = await claim('deliver');
    expect(await delivering.begin(current.id)).toMatchObject([{ id, attempts: 2 }]);
    const before = await rowOf(node.owner, 'outbox', id);

    expect(await delivering.begin(old.id)).toEqual([]);
    await renewBatch(node.worker, old.id);
    await finish(old.id, [], [{ messageId: id, retryAt: inSeconds(900), strike: true }]);
    const after = await rowOf(node.owner, 'outbox', id);
    expect({ ...after, due_in: 0 }).toEqual({ ...before, due_in: 0 });
    expect(after).toMatchObject({ batch: current.id, strikes: 0, state: 'sending' });

    await finish(current.id, [], [{ messageId: id, retryAt: inSeconds(900), strike: true }]);
    expect(await rowOf(node.owner, 'outbox', id)).toMatchObject({ batch: null, strikes: 1, state: 'sending' });
  });

  it('does not let an old batch give up a message that another one has in hand', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const old = await claim('deliver');
    await delivering.begin(old.id);
    await runOut('deliver');
    const current = await claim('deliver');
    await delivering.begin(current.id);
    await finish(old.id, [], [{ messageId: id, gaveUp: 'too_large' }]);
    expect(await rowOf(node.owner, 'outbox', id)).toMatchObject({ state: 'sending', batch: current.id });
    await finish(current.id, [], [{ messageId: id, gaveUp: 'too_large' }]);
    expect(await rowOf(node.owner, 'outbox', id)).toMatchObject({ state: 'undeliverable', code: 'too_large' });
  });

  it('records attempts and states once each', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const first = await claim('deliver');
    await delivering.begin(first.id);
    const attempt = { messageId: id, at: new Date(), durationMs: 12.6, code: 'partner_timeout' } as const;
    await finish(first.id, [attempt], [{ messageId: id, retryAt: new Date(), strike: false }]);
    await delivering.begin((await claim('deliver')).id);
    expect(await node.owner.query('SELECT duration_ms, code FROM attempt')).toEqual([
      { duration_ms: 13, code: 'partner_timeout' },
    ]);
    expect(await node.owner.query('SELECT state FROM delivery_event')).toEqual([{ state: 'sending' }]);
  });

  it('never gives up a message that was received meanwhile', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const batch = await claim('deliver');
    await delivering.begin(batch.id);
    await node.owner.query(`UPDATE outbox SET state = 'received' WHERE id = $1`, [id]);
    await finish(batch.id, [], [{ messageId: id, gaveUp: 'bad_request' }]);
    expect(await rowOf(node.owner, 'outbox', id)).toMatchObject({ state: 'received', code: null });
    expect(await node.owner.query(`SELECT state FROM delivery_event WHERE state = 'undeliverable'`)).toEqual([]);
  });
});

it('files nothing for an old batch', async () => {
  const id = await putInbox();
  const old = await claim('ingest');
  await beginIngest(node.worker, old.id);
  await runOut('ingest');
  const current = await claim('ingest');
  expect(await beginIngest(node.worker, current.id)).toMatchObject([{ id, attempts: 2 }]);
  expect(await beginIngest(node.worker, old.id)).toEqual([]);
  expect(await node.worker.transaction((query) => ingestStore(query).lockWaiting(old.id))).toEqual([]);
  expect(await node.worker.transaction((query) => ingestStore(query).lockWaiting(current.id))).toEqual([
    { senderNode: 'gb', id },
  ]);
});

it('leaves a row to the batch that took it in hand first, when its claim had run out and is renewed', async () => {
  const id = await putInbox();
  const slow = await claim('ingest');
  await runOut('ingest');
  const other = await claim('ingest');
  expect(await beginIngest(node.worker, slow.id)).toMatchObject([{ id }]);
  expect(await beginIngest(node.worker, other.id)).toEqual([]);
  // A batch that has nothing left is over: it does not count among those under way.
  expect(await node.owner.query('SELECT id FROM work_batch')).toEqual([{ id: slow.id }]);
  expect(await beginIngest(node.worker, slow.id)).toMatchObject([{ id, attempts: 2 }]);
});

it('lets a claim that a clock made which ran ahead hold nothing', async () => {
  const id = await putInbox();
  await claim('ingest');
  await expect(claim('ingest')).rejects.toThrow('nothing to');
  await node.owner.query(`UPDATE work_batch SET until = now() + interval '3 days'`);
  expect(await beginIngest(node.worker, (await claim('ingest')).id)).toMatchObject([{ id }]);
});

it('marks no receipt as handed over for an old batch', async () => {
  const id = await putWaitingReceipt();
  const old = await claim('acknowledge');
  expect(await returning.begin(old.id)).toMatchObject([{ id, partner: 'gb' }]);
  await runOut('acknowledge');
  const current = await claim('acknowledge');
  expect(await returning.begin(current.id)).toHaveLength(1);
  expect(await returning.begin(old.id)).toEqual([]);
  await returning.finish(old.id, [{ id, done: 'handed' }]);
  expect(await rowOf(node.owner, 'receipt', id)).toMatchObject({ state: 'waiting', batch: current.id });
  await returning.finish(current.id, [{ id, retryAt: new Date() }]);
  expect(await rowOf(node.owner, 'receipt', id)).toMatchObject({ state: 'waiting', batch: null });
  const last = await claim('acknowledge');
  await returning.begin(last.id);
  await returning.finish(last.id, [{ id, done: 'handed' }]);
  expect(await rowOf(node.owner, 'receipt', id)).toMatchObject({ state: 'handed', batch: null });
});

it.each(['deliver', 'ingest', 'acknowledge'] as const)('holds on to a batch to %s that is renewed', async (kind) => {
  const put = {
    deliver: async () => (await putOutbox(node.owner, [{}]))[0]!,
    ingest: putInbox,
    acknowledge: putWaitingReceipt,
  };
  await put[kind]();
  const batch = await claim(kind);
  await runOut(kind);
  await renewBatch(node.worker, batch.id);
  expect(await node.owner.query('SELECT until > now() AS held FROM work_batch')).toEqual([{ held: true }]);
  await expect(claim(kind)).rejects.toThrow('nothing to');
});

it('forgets batches that nobody finished', async () => {
  await putOutbox(node.owner, [{}]);
  await claim('deliver');
  await node.owner.query(`UPDATE work_batch SET until = now() - interval '1 minute'`);
  await node.owner.query(`UPDATE outbox SET next_attempt_at = now() - interval '1 second'`);
  const next = await claim('deliver');
  await finish(next.id, [], []);
  expect(await node.owner.query('SELECT id FROM work_batch')).toEqual([]);
});
