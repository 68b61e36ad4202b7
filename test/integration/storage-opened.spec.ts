import { readMessage } from '../../libs/casework';
import { acceptStore, acknowledgeStore, forUnit, openedStore, readStore } from '../../libs/storage';
import { referralDraft } from '../fakes/documents';
import { officer } from '../fakes/officers';
import { twoCountries } from '../fakes/two-countries';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { incoming, inSeconds, receiptOf, rowOf } from './rows-fixture';
import { claim, ingestAll, storeIn } from './stored-node';

/** What an officer has seen: noted at the first view, told to the sender once. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('opened');
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query('TRUNCATE inbox, receipt, work_batch, circuit, unit_case, case_event, search_token, alarm'),
);

async function putFiled(number: number, state = 'filed'): Promise<string[]> {
  const messages = Array.from({ length: number }, () => incoming());
  await acceptStore(node.gateway, 'vn').storeReceived(
    messages,
    messages.map((message) => receiptOf(message)),
  );
  const ids = messages.map(({ id }) => id);
  await node.owner.query('UPDATE inbox SET state = $2 WHERE id = ANY ($1::uuid[])', [ids, state]);
  return ids;
}

const see = (id: string, at = new Date(), senderNode = 'gb') =>
  forUnit(node.office, readStore)('vn.police', (store) => store.noteOpened(senderNode, id, at));
const telling = <T>(work: (store: ReturnType<typeof openedStore>) => Promise<T>) =>
  node.worker.transaction((query) => work(openedStore(query)));

it('notes the first view and no later one', async () => {
  const [id] = (await putFiled(1)) as [string];
  const first = inSeconds(-60);
  await see(id, first);
  await see(id);
  expect(await telling((store) => store.lockOpened(10))).toEqual([
    { senderNode: 'gb', id, digest: 'digest of sealed', openedAt: first },
  ]);
});

it('notes nothing about a message of another sender, or one that is not filed', async () => {
  const [id] = (await putFiled(1)) as [string];
  const [refused] = (await putFiled(1, 'refused')) as [string];
  await see(id, new Date(), 'kh');
  await see(refused);
  expect(await telling((store) => store.lockOpened(10))).toEqual([]);
});

it('makes the receipt wait in the lane of its message, and tells it once', async () => {
  const [id] = (await putFiled(1)) as [string];
  await node.owner.query(`UPDATE inbox SET lane = 'emergency'`);
  await see(id);
  const receipt = receiptOf({ id, senderNode: 'gb' }, { event: 'opened' });
  await telling(async (store) => {
    expect(await store.lockOpened(10)).toHaveLength(1);
    await store.tell([receipt]);
  });
  expect(await rowOf(node.owner, 'receipt', receipt.id)).toMatchObject({
    state: 'waiting',
    lane: 'emergency',
    token: receipt.token,
  });
  expect(await telling((store) => store.lockOpened(10))).toEqual([]);
  await see(id);
  expect(await telling((store) => store.lockOpened(10))).toEqual([]);
});

it('forgets no view when telling fails', async () => {
  const [id] = (await putFiled(1)) as [string];
  await see(id);
  const broken = telling(async (store) => {
    await store.tell([receiptOf({ id, senderNode: 'gb' }, { event: 'opened' })]);
    throw new Error('stop');
  });
  await expect(broken).rejects.toThrow('stop');
  expect(await telling((store) => store.lockOpened(10))).toHaveLength(1);
  expect(await node.owner.query(`SELECT 1 FROM receipt WHERE event = 'opened'`)).toEqual([]);
});

it('tells each of many once, by several workers at the same time', async () => {
  const ids = await putFiled(40);
  for (const id of ids) await see(id);
  const tell = () =>
    telling(async (store) => {
      const messages = await store.lockOpened(15);
      await store.tell(messages.map(({ id }) => receiptOf({ id, senderNode: 'gb' }, { event: 'opened' })));
    });
  for (let turn = 0; turn < 3; turn += 1) await Promise.all([tell(), tell()]);
  const told = await node.owner.query<{ id: string }>(`SELECT message_id AS id FROM receipt WHERE event = 'opened'`);
  expect(told.map(({ id }) => id).sort()).toEqual([...ids].sort());
});

it('carries the view of an officer to a receipt that is handed back', async () => {
  const { vn, gb, clock } = await twoCountries();
  storeIn(gb, node);
  const { token, id } = await vn.sent(referralDraft({ priority: 'normal' }), 'vn.mps-criminal');
  await gb.accept([token], 'vn');
  await ingestAll(gb, node);
  expect(await gb.acknowledgeOpened()).toBe(0);

  clock.advance(60_000);
  const seenAt = clock.now();
  await readMessage(officer('gb.ho-sca', 'caseworker'), id, gb.ports.read);
  clock.advance(60_000);
  await readMessage(officer('gb.ho-sca', 'dpo'), id, gb.ports.read);
  expect(await gb.acknowledgeOpened()).toBe(1);
  expect(await gb.acknowledgeOpened()).toBe(0);

  const batch = await claim(node, 'acknowledge', 'vn');
  const returning = await acknowledgeStore(node.worker, 'gb').begin(batch!.id);
  const [opened] = await node.owner.query<{ token: string }>(`SELECT token FROM receipt WHERE event = 'opened'`);
  expect(returning.map((receipt) => receipt.token)).toContain(opened!.token);
  // In memory the sender settles all of them.
  const results = await vn.settle(
    returning.map((receipt) => receipt.token),
    'gb',
  );
  expect(results).toEqual([{ status: 'stored' }, { status: 'stored' }]);
  expect(vn.tables.outbox.get(id)?.state).toBe('opened');
  const stored = [...vn.tables.receipts.values()].find(({ receipt }) => receipt.event === 'opened');
  expect(stored?.receipt.issuedAt).toEqual(seenAt);
});
