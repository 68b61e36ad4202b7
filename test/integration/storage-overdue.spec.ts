import type { OverdueMessage } from '../../libs/exchange';
import { forUnit, overdueStore, sendStore, settleStore } from '../../libs/storage';
import { pingDraft } from '../fakes/documents';
import { twoCountries } from '../fakes/two-countries';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { inSeconds, many, putOutbox, receiptOf, sentOf } from './rows-fixture';
import { storeIn } from './stored-node';

/** Machine deadlines of outgoing messages: what they wait for, by receipts, and the evidence that it did not come. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('overdue');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE outbox, attempt, receipt, delivery_event, idempotency, work_batch, alarm'));

const watch = <T>(work: (store: ReturnType<typeof overdueStore>) => Promise<T>) =>
  node.worker.transaction((query) => work(overdueStore(query)));
const overdue = (now = new Date(), limit = 100): Promise<OverdueMessage[]> =>
  watch((store) => store.lockOverdue(now, limit));

/** Messages that are to be looked at since a minute. */
async function putDue(rows: Parameters<typeof putOutbox>[1]): Promise<string[]> {
  const ids = await putOutbox(node.owner, rows);
  await node.owner.query(`UPDATE outbox SET next_look_at = now() - interval '1 minute' WHERE id = ANY ($1::uuid[])`, [
    ids,
  ]);
  return ids;
}

/** A receipt about the bytes that travel now. */
const settle = (id: string, event: string, issuedAt = new Date()) =>
  node.gateway.transaction(async (query) => {
    const [message] = await settleStore(query).lockSent([id]);
    const receipt = receiptOf(message!, { senderNode: 'vn', issuer: 'gb', event, issuedAt });
    await settleStore(query).settle([{ receipt, state: event as 'received' | 'delivered' }]);
  });

it('looks at a message that was sent when it should have been received', async () => {
  const sent = sentOf();
  await forUnit(node.office, sendStore)('vn.police', (store) => store.save(sent));
  const { id, digest, priority, createdAt } = sent.message;
  const at = sent.lookAt;
  expect(await overdue(new Date(at.getTime() - 1))).toEqual([]);
  expect(await overdue(at)).toEqual([
    {
      id,
      digest,
      recipientNode: 'gb',
      priority,
      createdAt,
      receivedAt: undefined,
      deliveredAt: undefined,
      openedAt: undefined,
      evidence: [],
    },
  ]);
});

it('looks at messages that travel or wait, and at no others', async () => {
  const states = ['queued', 'sending', 'received', 'delivered', 'opened', 'refused', 'expired', 'undeliverable'];
  const ids = await putDue(states.map((state) => ({ state })));
  await putOutbox(node.owner, [{}]); // nobody has said when
  expect((await overdue()).map(({ id }) => id).sort()).toEqual(ids.slice(0, 4).sort());
  expect(await overdue(inSeconds(-999))).toEqual([]);
  expect(await overdue(new Date(), 2)).toHaveLength(2);
});

it('says how far a message is by the receipts of the partner and by our own evidence', async () => {
  const [id] = (await putDue([{}])) as [string];
  const [received, delivered] = [inSeconds(-50), inSeconds(-40)];
  await settle(id, 'received', received);
  await settle(id, 'delivered', delivered);
  await watch((store) => store.note([receiptOf({ id }, { event: 'not_received' })], [], []));
  expect(await overdue()).toMatchObject([
    { id, receivedAt: received, deliveredAt: delivered, openedAt: undefined, evidence: ['not_received'] },
  ]);
});

it('does not let the clock of a partner put a deadline off', async () => {
  const [id] = (await putDue([{}])) as [string];
  await settle(id, 'received', inSeconds(86_400));
  const [message] = await overdue();
  expect(Math.abs(message!.receivedAt!.getTime() - Date.now())).toBeLessThan(60_000);
});

it('takes receipts about a partner’s message with the same id for nothing', async () => {
  const [id] = (await putDue([{}])) as [string];
  await node.owner.query(
    `INSERT INTO receipt (id, issuer, message_id, sender_node, event, digest, token, issued_at, state)
     VALUES ($1, 'vn', $1, 'gb', 'received', 'd', 't', now(), 'handed')`,
    [id],
  );
  expect(await overdue()).toMatchObject([{ id, receivedAt: undefined }]);
});

it('stores evidence as our own, its alarm, and the time of the next look, or none', async () => {
  const [later, never] = (await putDue([{}, {}])) as [string, string];
  const evidence = receiptOf({ id: later }, { event: 'not_received' });
  const at = inSeconds(600);
  await watch((store) =>
    store.note(
      [evidence],
      [
        { id: later, at },
        { id: never, at: undefined },
      ],
      [{ kind: 'not_received', subject: later }],
    ),
  );
  expect(await node.owner.query('SELECT token, state FROM receipt')).toEqual([{ token: evidence.token, state: 'own' }]);
  expect(await node.owner.query('SELECT kind, subject, code FROM alarm')).toEqual([
    { kind: 'not_received', subject: later, code: null },
  ]);
  expect(await overdue(inSeconds(599))).toEqual([]);
  expect(await overdue(at)).toMatchObject([{ id: later, evidence: ['not_received'] }]);
});

it('looks again at a message that went on after its last deadline had passed', async () => {
  const [id] = (await putDue([{}])) as [string];
  await watch((store) => store.note([receiptOf({ id }, { event: 'not_received' })], [{ id, at: undefined }], []));
  expect(await overdue(inSeconds(9e6))).toEqual([]);
  await settle(id, 'received');
  expect(await overdue(inSeconds(1))).toMatchObject([{ id, evidence: ['not_received'] }]);
});

it('leaves the next look as it is when a message goes on in time', async () => {
  const [id] = (await putOutbox(node.owner, [{}])) as [string];
  await node.owner.query(`UPDATE outbox SET next_look_at = now() + interval '5 minutes'`);
  await settle(id, 'received');
  expect(await overdue(inSeconds(60))).toEqual([]);
  expect(await overdue(inSeconds(301))).toHaveLength(1);
});

it('passes over a message whose receipt is being stored', async () => {
  const [busy, free] = (await putDue([{}, {}])) as [string, string];
  await node.gateway.transaction(async (query) => {
    await settleStore(query).lockSent([busy]);
    expect((await overdue()).map(({ id }) => id)).toEqual([free]);
  });
});

it('gives each message to one of several timers that look at the same time', async () => {
  const ids = await putDue(many(40, {}));
  const seen: string[] = [];
  const look = () =>
    watch(async (store) => {
      const messages = await store.lockOverdue(new Date(), 15);
      seen.push(...messages.map(({ id }) => id));
      await store.note(
        messages.map(({ id }) => receiptOf({ id }, { event: 'not_received' })),
        messages.map(({ id }) => ({ id, at: undefined })),
        [],
      );
    });
  for (let turn = 0; turn < 3; turn += 1) await Promise.all([look(), look()]);
  expect(seen.sort()).toEqual([...ids].sort());
  expect(await node.owner.query('SELECT count(*)::int AS n FROM receipt')).toEqual([{ n: 40 }]);
});

it('signs once that a message was not received, and that it was not delivered when it was received late', async () => {
  const { vn, clock } = await twoCountries();
  storeIn(vn, node);
  const { messageId } = await vn.send(pingDraft(), 'vn.mps-criminal');
  const events = async () =>
    (await node.owner.query<{ event: string }>(`SELECT event FROM receipt WHERE state = 'own' ORDER BY issued_at`)).map(
      ({ event }) => event,
    );
  expect(await vn.noteOverdue()).toBe(0);
  clock.advance(86_400_000);
  expect(await vn.noteOverdue()).toBe(1);
  expect(await vn.noteOverdue()).toBe(0);
  await settle(messageId, 'received', clock.now());
  clock.advance(30 * 86_400_000);
  expect(await vn.noteOverdue()).toBe(1);
  expect(await vn.noteOverdue()).toBe(0);
  expect(await events()).toEqual(['not_received', 'not_delivered']);
  const alarms = await node.owner.query('SELECT kind, subject FROM alarm ORDER BY id');
  expect(alarms).toEqual(['not_received', 'not_delivered'].map((kind) => ({ kind, subject: messageId })));
});
