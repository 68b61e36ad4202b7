import { randomUUID } from 'node:crypto';
import type { Settlement, SentMessage } from '../../libs/exchange';
import { attemptStore, deliverStore, expireStore, relayStore, settleStore } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { inSeconds, many, putOutbox, receiptOf, rowOf } from './rows-fixture';

/** Receipts about our own messages, and the timer that ends those that got none. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('evidence');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE outbox, receipt, delivery_event, attempt, work_batch'));

const partner = (id: string, event = 'received') => receiptOf({ id }, { issuer: 'gb', event });
const states = async (id: string) =>
  (
    await node.owner.query<{ state: string }>('SELECT state FROM delivery_event WHERE message_id = $1 ORDER BY at', [
      id,
    ])
  ).map(({ state }) => state);

/** Settles as a process does: lock, judge, write; here every receipt moves its message to what it says. */
function settle(from: 'gateway' | 'worker', settlements: readonly Settlement[]): Promise<ReadonlySet<string>> {
  return node[from].transaction(async (query) => {
    const store = settleStore(query);
    await store.lockSent(settlements.map(({ receipt }) => receipt.messageId));
    return store.settle(settlements);
  });
}

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

describe('settling', () => {
  it('never lets transactions wait for each other in a circle, whatever the order of their receipts', async () => {
    const ids = await putOutbox(node.owner, many(60, {}));
    const turns = Array.from({ length: 30 }, (_, turn) =>
      settle(
        turn % 2 ? 'gateway' : 'worker',
        shuffled(ids).map((id) => ({ receipt: partner(id), state: 'received' as const })),
      ),
    );
    expect((await Promise.all(turns)).map((stored) => stored.size)).toEqual(turns.map(() => 60));
  });

  it('makes the second transaction wait for the first and see what it wrote', async () => {
    const [a, b] = (await putOutbox(node.owner, many(2, {}))) as [string, string];
    let seen: SentMessage[] | undefined;
    let second: Promise<void> | undefined;
    await node.worker.transaction(async (query) => {
      const store = settleStore(query);
      await store.lockSent([a, b]);
      second = node.gateway.transaction(async (other) => {
        seen = await settleStore(other).lockSent([b, a]);
      });
      await store.settle([{ receipt: partner(a), state: 'received' }]);
      expect(seen).toBeUndefined();
    });
    await second;
    expect(new Map(seen?.map(({ id, state }) => [id, state]))).toEqual(
      new Map([
        [a, 'received'],
        [b, 'queued'],
      ]),
    );
  });

  it('knows a receipt that comes again, and moves nothing then', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const receipt = partner(id, 'delivered');
    expect(await settle('gateway', [{ receipt, state: 'delivered' }])).toEqual(new Set([receipt.id]));
    expect(await settle('gateway', [{ receipt, state: undefined }])).toEqual(new Set());
    expect(await states(id)).toEqual(['delivered']);
  });

  it('moves a message to the furthest of several receipts, keeps all of them and the code', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const refused = receiptOf({ id }, { issuer: 'gb', event: 'refused', code: 'stale_key' });
    await settle('worker', [
      { receipt: partner(id), state: 'received' },
      { receipt: refused, state: 'refused' },
    ]);
    expect(await rowOf(node.owner, 'outbox', id)).toMatchObject({ state: 'refused', code: 'stale_key' });
    expect(await node.owner.query('SELECT state, token FROM receipt ORDER BY event')).toMatchObject([
      { state: 'obtained' },
      { state: 'obtained', token: refused.token },
    ]);
  });

  it('leaves out messages that were never sent', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const found = await node.gateway.transaction((query) => settleStore(query).lockSent([randomUUID(), id]));
    expect(found).toEqual([{ id, recipientNode: 'gb', digest: `digest ${id}`, formerDigests: [], state: 'queued' }]);
  });

  it('wins against a batch that gives the message up at the same time', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const [id] = (await putOutbox(node.owner, [{}])) as [string];
      const group = { kind: 'deliver', lane: 'normal', partner: 'gb' } as const;
      const batch = await relayStore(node.worker, () => ['gb']).claim(group, 64);
      await deliverStore(node.worker).begin(batch!.id);
      await Promise.all([
        settle('gateway', [{ receipt: partner(id, 'delivered'), state: 'delivered' }]),
        node.worker.transaction((query) =>
          attemptStore(query).finish(batch!.id, [], [{ messageId: id, gaveUp: 'bad_request' }]),
        ),
      ]);
      expect(await rowOf(node.owner, 'outbox', id)).toMatchObject({ state: 'delivered', code: null });
    }
  });
});

describe('expiring', () => {
  const expireAll = (limit = 100) =>
    node.worker.transaction(async (query) => {
      const store = expireStore(query);
      const messages = await store.lockExpired(new Date(), limit);
      const evidence = messages.map((message) => receiptOf(message, { event: 'not_received' }));
      await store.expire(messages, evidence);
      return messages.map(({ id }) => id);
    });

  it('ends messages that ran out of time before they were received, with evidence of our own', async () => {
    const expiresAt = inSeconds(-1);
    const [queued, sending] = (await putOutbox(node.owner, [{ expiresAt }, { expiresAt, state: 'sending' }])) as [
      string,
      string,
    ];
    await putOutbox(node.owner, [{}, { expiresAt, state: 'received' }, { expiresAt, state: 'refused' }]);
    expect((await expireAll()).sort()).toEqual([queued, sending].sort());
    expect(await rowOf(node.owner, 'outbox', queued)).toMatchObject({ state: 'expired', code: 'expired' });
    expect(await states(sending)).toEqual(['expired']);
    expect(await node.owner.query('SELECT DISTINCT state, event FROM receipt')).toEqual([
      { state: 'own', event: 'not_received' },
    ]);
    expect(await expireAll()).toEqual([]);
  });

  it('ends each message once when several timers look at the same time', async () => {
    const ids = await putOutbox(node.owner, many(50, { expiresAt: inSeconds(-1) }));
    const ended: string[] = [];
    for (let turn = 0; turn < 5; turn += 1)
      ended.push(...(await Promise.all([expireAll(20), expireAll(20), expireAll(20)])).flat());
    expect(ended.sort()).toEqual([...ids].sort());
    expect(await node.owner.query('SELECT count(*)::int AS n FROM receipt')).toEqual([{ n: 50 }]);
  });
});
