import { randomUUID } from 'node:crypto';
import type { AcceptStore, Filing, WaitingMessage } from '../../libs/exchange';
import { acceptStore, beginIngest, ingestStore, relayStore } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caseOf, eventOf, incoming, inSeconds, NOTHING_FILED, receiptOf, rowOf } from './rows-fixture';

/** What a gateway stores, and what becomes of it in the hands of the worker. */
let node: NodeDatabase;
let store: AcceptStore;
beforeAll(async () => {
  node = await startNodeDatabase('inbox');
  store = acceptStore(node.gateway, 'vn');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE inbox, inbox_conflict, receipt, work_batch, unit_case, case_event, alarm'));

const count = async (table: string) =>
  (await node.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]!.n;

describe('accepting', () => {
  it('stores one row and one receipt of 50 that come at the same time under one id', async () => {
    const message = incoming();
    const receipts = Array.from({ length: 50 }, () => receiptOf(message));
    const answers = await Promise.all(receipts.map((receipt) => store.storeReceived([message], [receipt])));
    const winners = receipts.filter((_, index) => answers[index]!.has(message.id));
    expect(winners).toHaveLength(1);
    expect([await count('inbox'), await count('receipt')]).toEqual([1, 1]);
    expect(await store.findKnown('gb', [message.id])).toEqual([
      { id: message.id, digest: message.digest, receipt: winners[0]!.token, counts: true },
    ]);
  });

  it('stores each id once of batches with the same ids in other orders', async () => {
    const messages = Array.from({ length: 64 }, () => incoming());
    const batches = Array.from({ length: 8 }, (_, turn) => [
      ...messages.slice(turn * 7),
      ...messages.slice(0, turn * 7),
    ]);
    batches.push([...messages].reverse());
    const answers = await Promise.all(
      batches.map((batch) =>
        store.storeReceived(
          batch,
          batch.map((m) => receiptOf(m)),
        ),
      ),
    );
    expect(answers.reduce((sum, stored) => sum + stored.size, 0)).toBe(64);
    expect([await count('inbox'), await count('receipt')]).toEqual([64, 64]);
  });

  it('stores message and receipt in one commit or not at all', async () => {
    const message = incoming();
    const broken = receiptOf(message, { id: 'no uuid' });
    await expect(store.storeReceived([message], [broken])).rejects.toMatchObject({ code: '22P02' });
    expect([await count('inbox'), await count('receipt')]).toEqual([0, 0]);
  });

  it('keeps other bytes under a known id once each, and the first bytes as they were', async () => {
    const first = incoming({}, 'first');
    await store.storeReceived([first], [receiptOf(first)]);
    const second = incoming({ id: first.id }, 'second');
    expect(await store.storeReceived([second], [receiptOf(second)])).toEqual(new Set());
    for (const text of ['second', 'second', 'third']) await store.storeConflict(incoming({ id: first.id }, text));
    expect(await node.owner.query('SELECT sealed FROM inbox_conflict ORDER BY sealed')).toEqual([
      { sealed: 'second' },
      { sealed: 'third' },
    ]);
    expect(await rowOf(node.owner, 'inbox', first.id)).toMatchObject({ sealed: 'first', digest: first.digest });
  });

  it('takes the same id of another sender for another message', async () => {
    const first = incoming();
    const other = incoming({ id: first.id, senderNode: 'kh' }, 'other');
    await store.storeReceived([first], [receiptOf(first)]);
    expect(await store.storeReceived([other], [receiptOf(other)])).toEqual(new Set([first.id]));
    expect(await store.findKnown('kh', [first.id])).toMatchObject([{ digest: other.digest }]);
    expect(await store.findKnown('la', [first.id])).toEqual([]);
  });
});

describe('filing', () => {
  const INGEST = { kind: 'ingest', lane: 'normal', partner: '' } as const;

  async function receive(number: number): Promise<void> {
    const messages = Array.from({ length: number }, () => incoming());
    await store.storeReceived(
      messages,
      messages.map((message) => receiptOf(message)),
    );
  }

  async function take(): Promise<{ batch: string; waiting: WaitingMessage[] }> {
    const batch = await relayStore(node.worker, () => []).claim(INGEST, 64);
    return { batch: batch!.id, waiting: await beginIngest(node.worker, batch!.id) };
  }

  const file = (batch: string, filing: Partial<Filing>) =>
    node.worker.transaction((query) => ingestStore(query).file(batch, { ...NOTHING_FILED, ...filing }));

  it('writes case, event, receipt and state together; the receipt waits in the lane of its message', async () => {
    await receive(1);
    const { batch, waiting } = await take();
    const record = caseOf('vn.police');
    const event = eventOf(record, { messageId: waiting[0]!.id, direction: 'filed' });
    const receipt = receiptOf(waiting[0]!, { event: 'delivered' });
    await file(batch, { cases: [record], events: [event], receipts: [receipt], filed: waiting });
    expect(await rowOf(node.owner, 'inbox', waiting[0]!.id)).toMatchObject({ state: 'filed', batch: null });
    expect(await rowOf(node.owner, 'receipt', receipt.id)).toMatchObject({
      state: 'waiting',
      lane: 'normal',
      token: receipt.token,
    });
    expect([await count('unit_case'), await count('case_event'), await count('work_batch')]).toEqual([1, 1, 0]);
  });

  it('writes nothing when a part of it fails', async () => {
    await receive(1);
    const { batch, waiting } = await take();
    const orphan = eventOf(caseOf('vn.police')); // its case is not written
    const filing = { events: [orphan], receipts: [receiptOf(waiting[0]!, { event: 'delivered' })], filed: waiting };
    await expect(file(batch, filing)).rejects.toMatchObject({ code: '23503' });
    expect(await rowOf(node.owner, 'inbox', waiting[0]!.id)).toMatchObject({ state: 'stored', batch });
    expect([await count('receipt'), await count('case_event'), await count('work_batch')]).toEqual([1, 0, 1]);
  });

  it('raises alarms exactly when it commits', async () => {
    await receive(1);
    const { batch, waiting } = await take();
    const [message] = waiting as [WaitingMessage];
    const filing: Filing = {
      ...NOTHING_FILED,
      refused: [{ message, thread: undefined }],
      alarms: [
        { kind: 'integrity_failure', subject: message.id, code: 'bad_signature' },
        { kind: 'entered_in_error', subject: message.id },
      ],
    };
    const crashing = node.worker.transaction(async (query) => {
      await ingestStore(query).file(batch, filing);
      throw new Error('the process ends before the commit');
    });
    await expect(crashing).rejects.toThrow('before the commit');
    expect([(await rowOf(node.owner, 'inbox', message.id))!.state, await count('alarm')]).toEqual(['stored', 0]);
    await file(batch, filing);
    expect((await rowOf(node.owner, 'inbox', message.id))!.state).toBe('refused');
    expect(await node.owner.query('SELECT kind, subject, code FROM alarm ORDER BY id')).toEqual([
      { kind: 'integrity_failure', subject: message.id, code: 'bad_signature' },
      { kind: 'entered_in_error', subject: message.id, code: null },
    ]);
  });

  it('wakes held messages of the referrals that went on, and no others', async () => {
    await receive(3);
    const { batch, waiting } = await take();
    const [gap, other, third] = waiting as [WaitingMessage, WaitingMessage, WaitingMessage];
    const retryAt = inSeconds(600);
    await file(batch, {
      held: [
        { message: gap, place: { thread: 'a', seq: 2 }, retryAt },
        { message: other, place: { thread: 'b', seq: 2 }, retryAt },
      ],
      refused: [{ message: third, thread: 'a' }],
    });
    await receive(1);
    const next = await take();
    await file(next.batch, { filed: next.waiting, threads: ['a'] });
    expect((await rowOf(node.owner, 'inbox', gap.id))!.due_in).toBeLessThanOrEqual(0);
    expect((await rowOf(node.owner, 'inbox', other.id))!.due_in).toBeGreaterThan(500);
    expect((await take()).waiting).toMatchObject([{ id: gap.id, attempts: 1 }]);
  });

  it('knows whether an earlier message may still be among what waits', async () => {
    await receive(3);
    const { batch, waiting } = await take();
    const [second, third, early] = waiting as [WaitingMessage, WaitingMessage, WaitingMessage];
    const place = (seq: number) => ({ thread: 'a', seq });
    const [before, after] = [inSeconds(-600), inSeconds(600)];
    const asked = (message: WaitingMessage, seq: number, until: Date) =>
      node.worker.transaction((query) => ingestStore(query).earlierWaits(message, place(seq), until));
    // None of the three was opened: any of the others may be what one waits for, if it came within its time.
    expect([await asked(third, 3, after), await asked(third, 3, before)]).toEqual([true, false]);
    await file(batch, {
      held: [
        { message: second, place: place(2), retryAt: after },
        { message: third, place: place(3), retryAt: after },
        { message: early, place: undefined, retryAt: after },
      ],
    });
    expect([await asked(third, 3, before), await asked(second, 2, before)]).toEqual([true, false]);
    expect(await asked(second, 2, after)).toBe(true); // one that did not open yet
    expect(await asked({ ...third, senderNode: 'kh' }, 3, after)).toBe(false);
    await node.owner.query(`UPDATE inbox SET state = 'filed' WHERE id = ANY ($1::uuid[])`, [[second.id, early.id]]);
    expect(await asked(third, 3, after)).toBe(false);
  });

  it('tries a message that kills its process ever more rarely, up to every 15 minutes', async () => {
    await receive(1);
    const pauses: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const { waiting } = await take();
      expect(waiting[0]!.attempts).toBe(turn + 1);
      // It is free when its time has come and the claim of the dead process has run out.
      const [free] = await node.owner.query<{ seconds: string }>(
        `SELECT extract(epoch FROM greatest(i.next_attempt_at, b.until) - now()) AS seconds FROM inbox i JOIN work_batch b ON b.id = i.batch`,
      );
      pauses.push(Math.round(Number(free!.seconds)));
      await node.owner.query('UPDATE inbox SET next_attempt_at = now()');
      await node.owner.query('UPDATE work_batch SET until = now()');
    }
    expect(pauses).toEqual([30, 30, 30, 30, 60, 120, 240, 480, 900, 900, 900, 900]);
  });

  it('lets two workers file one batch only once', async () => {
    await receive(5);
    const { batch } = await take();
    const fileAll = () =>
      node.worker.transaction(async (query) => {
        const ingesting = ingestStore(query);
        const mine = (await ingesting.lockWaiting(batch)) as WaitingMessage[];
        const receipts = mine.map((message) =>
          receiptOf({ ...message, digest: 'd' }, { id: randomUUID(), event: 'delivered' }),
        );
        await ingesting.file(batch, { ...NOTHING_FILED, filed: mine, receipts });
        return mine.length;
      });
    const filed = await Promise.all([fileAll(), fileAll(), fileAll()]);
    expect(filed.sort((a, b) => a - b)).toEqual([0, 0, 5]);
    expect(await count('receipt')).toBe(10);
  });
});
