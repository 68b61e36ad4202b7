import type { Batch, DueGroup, WorkKind } from '../../libs/exchange';
import {
  acceptStore,
  acknowledgeStore,
  attemptStore,
  beginIngest,
  bringForward,
  deliverStore,
  ingestStore,
  judgeFileStore,
  pushStore,
} from '../../libs/storage';
import { relayStore } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { moveClock } from './moved-clock-fixture';
import { incoming, NOTHING_FILED, putOutbox, receiptOf, rowOf } from './rows-fixture';

const HOUR_MS = 3_600_000;

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('clocks');
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query('TRUNCATE outbox, inbox, receipt, attachment, work_batch, circuit, attempt, delivery_event CASCADE'),
);
afterEach(() => void jest.useRealTimers());

async function claim(kind: WorkKind): Promise<Batch> {
  const group = { kind, lane: 'normal', partner: kind === 'ingest' ? '' : 'gb' } as DueGroup;
  return (await relayStore(node.worker, () => ['gb']).claim(group, 64))!;
}

/** A file that waits to go to the partner. */
async function putFile() {
  const file = { unit: 'vn.mps-criminal', id: crypto.randomUUID() };
  await node.owner.query(
    `INSERT INTO attachment (unit, id, use, state, delivery, referral_id, recipient_node, wrapped_key, facts, offset_bytes, sealed_bytes)
     VALUES ($1, $2, 'send', 'clean', 'waiting', gen_random_uuid(), 'gb', '', '', 0, 0)`,
    [file.unit, file.id],
  );
  return file as Parameters<ReturnType<typeof pushStore>['release']>[0];
}

const IN_A_MINUTE_MS = 60_000;
const later = () => new Date(Date.now() + IN_A_MINUTE_MS);

describe.each([
  ['ahead', HOUR_MS],
  ['behind', -HOUR_MS],
])('a worker whose clock is an hour %s of the database’s', (_, ms) => {
  /** In how many minutes, counted up, a row is due, by the clock that judges it; a slow machine has taken some of them. */
  const dueIn = async (table: 'outbox' | 'inbox' | 'receipt' | 'attachment', id: string) =>
    Math.ceil(Number((await rowOf(node.owner, table, id))?.due_in) / 60);

  it('puts a message off for as long as it means', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const batch = await claim('deliver');
    await deliverStore(node.worker).begin(batch.id);
    moveClock(ms);
    await node.worker.transaction((query) =>
      attemptStore(query).finish(batch.id, [], [{ messageId: id, retryAt: later(), strike: false }]),
    );
    expect(await dueIn('outbox', id)).toBe(1);
  });

  it('holds a message for as long as it means', async () => {
    const message = incoming();
    await acceptStore(node.gateway, 'vn').storeReceived([message], [receiptOf(message)]);
    const batch = await claim('ingest');
    const [waiting] = await beginIngest(node.worker, batch.id);
    moveClock(ms);
    await node.worker.transaction((query) =>
      ingestStore(query).file(batch.id, {
        ...NOTHING_FILED,
        held: [{ message: waiting!, place: undefined, retryAt: later() }],
      }),
    );
    expect(await dueIn('inbox', message.id)).toBe(1);
  });

  it('puts a receipt off for as long as it means', async () => {
    const message = incoming();
    await acceptStore(node.gateway, 'vn').storeReceived([message], [receiptOf(message)]);
    const receipt = receiptOf(message, { event: 'delivered' });
    await node.worker.transaction((query) =>
      ingestStore(query).file(crypto.randomUUID(), { ...NOTHING_FILED, receipts: [receipt] }),
    );
    const batch = await claim('acknowledge');
    await acknowledgeStore(node.worker, 'vn').begin(batch.id);
    moveClock(ms);
    await acknowledgeStore(node.worker, 'vn').finish(batch.id, [{ id: receipt.id, retryAt: later() }]);
    expect(await dueIn('receipt', receipt.id)).toBe(1);
  });

  it('puts a file off for as long as it means', async () => {
    const [sent, judged] = [await putFile(), await putFile()];
    moveClock(ms);
    await pushStore(node.worker).release(sent, later(), false);
    await judgeFileStore(node.worker).release(judged, later());
    expect([await dueIn('attachment', sent.id), await dueIn('attachment', judged.id)]).toEqual([1, 1]);
  });

  it('opens the circuit of a partner for as long as it means, for itself and for a worker whose clock is right', async () => {
    await putOutbox(node.owner, [{}]);
    moveClock(ms);
    await deliverStore(node.worker).saveCircuit('gb', { failures: 1, retryAt: later() });
    const minutesLeft = async () => {
      const { retryAt: ofCircuit } = await deliverStore(node.worker).circuit('gb');
      const [group] = await relayStore(node.worker, () => ['gb']).dueGroups();
      return [ofCircuit, group!.circuit.retryAt].map((at) => Math.ceil((at!.getTime() - Date.now()) / 60_000));
    };
    expect(await minutesLeft()).toEqual([1, 1]);
    jest.useRealTimers();
    expect(await minutesLeft()).toEqual([1, 1]);
  });
});

describe('rows of a time when the clock of the database ran ahead', () => {
  const AHEAD = `now() + interval '3 days'`;
  const TABLES = ['outbox', 'inbox', 'receipt', 'attachment'] as const;

  /** One of each that waits: a message that was handed in, one that came, a receipt on its way back, a file. Answers which are due. */
  async function putWaiting(): Promise<() => Promise<string[]>> {
    const [sent] = (await putOutbox(node.owner, [{}])) as [string];
    const message = incoming();
    await acceptStore(node.gateway, 'vn').storeReceived([message], [receiptOf(message)]);
    const receipt = receiptOf(message, { event: 'delivered' });
    await node.worker.transaction((query) =>
      ingestStore(query).file(crypto.randomUUID(), { ...NOTHING_FILED, receipts: [receipt] }),
    );
    const ids = { outbox: sent, inbox: message.id, receipt: receipt.id, attachment: (await putFile()).id };
    return async () => {
      const rows = await Promise.all(TABLES.map((table) => rowOf(node.owner, table, ids[table])));
      return TABLES.filter((_, n) => Number(rows[n]?.due_in) <= 0);
    };
  }

  it('are due as soon as it is right again, not when that time has come', async () => {
    const due = await putWaiting();
    await node.owner.query(`UPDATE outbox SET next_attempt_at = ${AHEAD}, changed_at = ${AHEAD}`);
    await node.owner.query(`UPDATE inbox SET next_attempt_at = ${AHEAD}`);
    await node.owner.query(`UPDATE receipt SET next_attempt_at = ${AHEAD} WHERE state = 'waiting'`);
    await node.owner.query(`UPDATE attachment SET next_attempt_at = ${AHEAD}`);
    expect(await due()).toEqual([]);
    expect(await bringForward(node.worker)).toBe(4);
    expect(await due()).toEqual(TABLES);
    expect(await bringForward(node.worker)).toBe(0);
  });

  it('are told from what waits for its turn: a pause, and messages that operators send again at a slow rate', async () => {
    const due = await putWaiting();
    await node.owner.query(`UPDATE outbox SET next_attempt_at = ${AHEAD}`);
    await node.owner.query(`UPDATE inbox SET next_attempt_at = now() + interval '15 minutes'`);
    await node.owner.query(
      `UPDATE receipt SET next_attempt_at = now() + interval '15 minutes' WHERE state = 'waiting'`,
    );
    expect(await bringForward(node.worker)).toBe(0);
    expect(await due()).toEqual(['attachment']);
  });
});
