import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SendStore, StoredCase } from '../../libs/casework';
import { forUnit, ingestStore, sendStore } from '../../libs/storage';
import { waitFor } from '../harness/wait-for';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caseOf, eventOf, NOTHING_FILED, sentOf } from './rows-fixture';

/** Cases under concurrency: nobody may write a summary under another key, and one key of idempotency makes one message. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('cases');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE unit_case, case_event, outbox, attempt, idempotency, delivery_event'));

const fileCase = (store: ReturnType<typeof ingestStore>, record: StoredCase) =>
  store.file(randomUUID(), { ...NOTHING_FILED, cases: [record] });

const lockWaits = () =>
  waitFor('somebody to wait for a lock', async () => {
    const [row] = await node.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted');
    return row!.n > 0;
  });

async function stored(): Promise<string[]> {
  const rows = await node.owner.query<{ key: Buffer }>('SELECT wrapped_key AS key FROM unit_case');
  return rows.map(({ key }) => key.toString());
}

it('lets one of two transactions open a case; the other waits and then sees it', async () => {
  const referralId = randomUUID();
  const first = caseOf('vn.police', referralId, 'first key');
  let seen: StoredCase[] | undefined;
  let second: Promise<void> | undefined;
  await node.worker.transaction(async (query) => {
    const store = ingestStore(query);
    expect(await store.lockCases([first])).toEqual([]);
    second = node.worker.transaction(async (other) => {
      seen = await ingestStore(other).lockCases([{ unit: 'vn.police', referralId }]);
    });
    await lockWaits();
    await fileCase(store, first);
    expect(seen).toBeUndefined();
  });
  await second;
  expect(seen).toEqual([first]);
});

it('does not make transactions wait for each other that open other cases', async () => {
  await node.worker.transaction(async (query) => {
    await ingestStore(query).lockCases([caseOf('vn.police')]);
    const other = node.worker.transaction((free) =>
      ingestStore(free).lockCases([caseOf('vn.police'), caseOf('vn.social')]),
    );
    expect(await Promise.race([other, pause(5_000, 'blocked', { ref: false })])).toEqual([]);
  });
});

it('locks many cases in a fixed order, whatever the order they are asked for', async () => {
  const refs = Array.from({ length: 30 }, (_, index) => ({ unit: `vn.unit${index % 3}`, referralId: randomUUID() }));
  const turns = Array.from({ length: 20 }, (_, turn) =>
    node.worker.transaction((query) => ingestStore(query).lockCases(turn % 2 ? refs : [...refs].reverse())),
  );
  await expect(Promise.all(turns)).resolves.toHaveLength(20);
});

it('waits for the same case across worker and office', async () => {
  const record = caseOf('vn.police');
  let seen: StoredCase | undefined;
  let office: Promise<void> | undefined;
  await node.worker.transaction(async (query) => {
    const store = ingestStore(query);
    await store.lockCases([record]);
    office = forUnit(node.office, sendStore)('vn.police', async (sending) => {
      seen = await sending.lockCase('vn.police', record.referralId);
    });
    await lockWaits();
    await fileCase(store, record);
  });
  await office;
  expect(seen).toEqual(record);
});

it('refuses a summary under another key: case_busy, and nothing of the transaction stays', async () => {
  const record = caseOf('vn.police');
  await node.worker.transaction((query) => fileCase(ingestStore(query), record));
  const other = caseOf('vn.police', record.referralId, 'another key');
  const third = caseOf('vn.social');
  const both = node.worker.transaction((query) =>
    ingestStore(query).file(randomUUID(), { ...NOTHING_FILED, cases: [third, other] }),
  );
  await expect(both).rejects.toMatchObject({ code: 'case_busy' });
  expect(await stored()).toEqual(['key']);
});

it('writes a changed summary under the same key', async () => {
  const record = caseOf('vn.police');
  const changed = { ...record, summary: Buffer.from('changed') };
  await node.worker.transaction((query) => fileCase(ingestStore(query), record));
  await node.worker.transaction((query) => fileCase(ingestStore(query), changed));
  const [seen] = await node.worker.transaction((query) => ingestStore(query).lockCases([record]));
  expect(seen).toEqual(changed);
});

describe('a key that has ended', () => {
  const filed = async () => {
    const record = caseOf('vn.police');
    await node.worker.transaction((query) =>
      ingestStore(query).file(randomUUID(), { ...NOTHING_FILED, cases: [record], events: [eventOf(record)] }),
    );
    return record;
  };
  const erase = (unit: string, { referralId }: StoredCase) =>
    forUnit(node.office, sendStore)(unit, (store) =>
      store.save(sentOf({ record: caseOf('vn.police', referralId, ''), erases: 'thread' })),
    );
  const refused = { code: 'case_busy' };

  it('comes back by no later summary, and ends once', async () => {
    const record = await filed();
    await erase('vn.police', record);
    expect(await stored()).toEqual(['']);
    await expect(node.worker.transaction((query) => fileCase(ingestStore(query), record))).rejects.toMatchObject(
      refused,
    );
    await expect(erase('vn.police', record)).rejects.toMatchObject(refused);
    expect(await stored()).toEqual(['']);
  });

  it('takes a changed tombstone, as when the partner has erased too', async () => {
    const record = await filed();
    await erase('vn.police', record);
    const tombstone = { ...caseOf('vn.police', record.referralId, ''), summary: Buffer.from('both have erased') };
    await node.worker.transaction((query) => fileCase(ingestStore(query), tombstone));
    expect(await node.owner.query('SELECT summary FROM unit_case')).toEqual([{ summary: tombstone.summary }]);
  });

  it('is ended by an erasure only: filing cannot, and the worker has no right to', async () => {
    const tombstone = caseOf('vn.police', (await filed()).referralId, '');
    await expect(node.worker.transaction((query) => fileCase(ingestStore(query), tombstone))).rejects.toMatchObject(
      refused,
    );
    const byHand = node.worker.query(`UPDATE unit_case SET wrapped_key = ''`);
    await expect(byHand).rejects.toMatchObject({ code: '42501' });
    expect(await stored()).toEqual(['key']);
  });

  it('is not ended by another unit', async () => {
    await expect(erase('vn.social', await filed())).rejects.toMatchObject(refused);
    expect(await stored()).toEqual(['key']);
    expect(await node.owner.query('SELECT 1 FROM case_event')).toHaveLength(1);
    expect(await node.owner.query('SELECT 1 FROM outbox')).toEqual([]);
  });
});

describe('sending', () => {
  /** What `send` does with its store, without sealing. */
  async function sendOnce(store: SendStore, key: string, record = caseOf('vn.police')): Promise<string> {
    const earlier = await store.earlier('client', key);
    if (earlier) return earlier.messageId;
    await pause(50); // sealing takes its time, in which others come
    const id = randomUUID();
    const request = {
      unit: 'vn.police',
      clientId: 'client',
      idempotencyKey: key,
      requestDigest: 'request',
      messageId: id,
    };
    await store.save(sentOf({ record, event: eventOf(record, { messageId: id }), request }));
    return id;
  }

  it('makes one message of requests with one idempotency key that come at the same time', async () => {
    const send = forUnit(node.office, sendStore);
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => send('vn.police', (store) => sendOnce(store, 'key'))),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await node.owner.query('SELECT id, state FROM outbox')).toEqual([{ id: ids[0], state: 'queued' }]);
    expect(await stored()).toHaveLength(1);
    expect(await send('vn.police', (store) => sendOnce(store, 'another key'))).not.toBe(ids[0]);
  });

  it('writes case, event, message, state and request in one commit or none of them', async () => {
    const send = forUnit(node.office, sendStore);
    const broken = send('vn.police', async (store) => {
      await sendOnce(store, 'key');
      throw new Error('stop');
    });
    await expect(broken).rejects.toThrow('stop');
    for (const table of ['unit_case', 'case_event', 'outbox', 'idempotency', 'delivery_event']) {
      expect(await node.owner.query(`SELECT 1 FROM ${table}`)).toEqual([]);
    }
    const id = await send('vn.police', (store) => sendOnce(store, 'key'));
    expect(await node.owner.query('SELECT message_id, state FROM delivery_event')).toEqual([
      { message_id: id, state: 'queued' },
    ]);
    expect(await send('vn.police', (store) => store.referralOf('vn.police', id))).toBeDefined();
  });
});
