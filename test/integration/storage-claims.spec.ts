import { relay, type Batch, type DueGroup, type RelayStore } from '../../libs/exchange';
import { acceptStore, attemptStore, deliverStore, relayStore } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { incoming, inSeconds, many, putOutbox, receiptOf } from './rows-fixture';

/** Claims of due work: each row once, none forgotten, within the limits of a batch. */
let node: NodeDatabase;
let store: RelayStore;
beforeAll(async () => {
  node = await startNodeDatabase('claims');
  store = relayStore(node.worker, () => ['gb', 'kh']);
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE outbox, inbox, receipt, work_batch, circuit, attempt'));

const ONE = { due: 1, oldestMs: expect.any(Number) as number };
const CLOSED = { failures: 0, retryAt: undefined };
type Group = Pick<DueGroup, 'kind' | 'lane' | 'partner'>;
const group = (more: Partial<Group> = {}): Group => ({ kind: 'deliver', lane: 'normal', partner: 'gb', ...more });

/** The ids of a batch; no row is written before a job takes it in hand. */
async function idsOf(batch: Batch | undefined): Promise<string[]> {
  expect(await node.owner.query('SELECT id FROM outbox WHERE batch = $1', [batch?.id])).toEqual([]);
  const [noted] = await node.owner.query<{ ids: string[] }>('SELECT ids FROM work_batch WHERE id = $1', [batch?.id]);
  return [...(noted?.ids ?? [])].sort();
}

async function claimAll(from: RelayStore, limit: number): Promise<Batch[]> {
  const batches: Batch[] = [];
  // A claim that another relay gets in the way of finds nothing, and leaves what is due.
  while ((await from.dueGroups()).length > 0) {
    const batch = await from.claim(group(), limit);
    if (batch) batches.push(batch);
  }
  return batches;
}

it('never gives one row to two relays', async () => {
  const ids = await putOutbox(node.owner, many(400, {}));
  const other = await node.open('worker');
  const relays = [store, relayStore(other, () => ['gb']), store, relayStore(other, () => ['gb'])];
  const batches = (await Promise.all(relays.map((from) => claimAll(from, 16)))).flat();
  const claimed = await node.owner.query<{ id: string }>('SELECT unnest(ids) AS id FROM work_batch');
  expect(claimed).toHaveLength(400);
  expect(new Set(claimed.map(({ id }) => id))).toEqual(new Set(ids));
  expect(batches.length).toBeGreaterThanOrEqual(25);
  await other.close();
});

it('finds rows whose transaction began earlier and committed later', async () => {
  await node.owner.transaction(async (query) => {
    const late = await putOutbox({ query }, [{}]);
    const early = await putOutbox(node.owner, [{}]);
    expect(await idsOf(await store.claim(group(), 64))).toEqual(early);
    expect(await store.claim(group(), 64)).toBeUndefined();
    expect(late).not.toEqual(early);
  });
  const batch = await store.claim(group(), 64);
  expect(await idsOf(batch)).toHaveLength(1);
});

it('takes at most 64 messages a batch, and two batches of a group at a time', async () => {
  await putOutbox(node.owner, many(200, {}));
  const enqueued: Batch[] = [];
  const enqueue = (batches: readonly Batch[]) => Promise.resolve(void enqueued.push(...batches));
  const ports = { store, enqueue, clock: { now: () => new Date() } };
  const [first, second, third] = [await relay(ports), await relay(ports), await relay(ports)];
  expect([first, second]).toEqual([
    { batches: 1, more: true },
    { batches: 1, more: true },
  ]);
  expect(third).toEqual({ batches: 0, more: false });
  expect(await idsOf(enqueued[0])).toHaveLength(64);
  expect(await idsOf(enqueued[1])).toHaveLength(64);
  await node.worker.transaction((query) => attemptStore(query).finish(enqueued[0]!.id, [], []));
  expect(await relay(ports)).toMatchObject({ batches: 1 });
});

it('takes at most 8 MiB a batch, and a larger message by itself', async () => {
  const MiB = 1024 * 1024;
  await putOutbox(node.owner, many(10, { bytes: MiB }));
  expect(await idsOf(await store.claim(group(), 64))).toHaveLength(8);
  expect(await idsOf(await store.claim(group(), 64))).toHaveLength(2);
  const [large] = await putOutbox(node.owner, [{ bytes: 9 * MiB }]);
  await putOutbox(node.owner, many(2, { bytes: 10 }));
  expect(await idsOf(await store.claim(group(), 64))).toEqual([large]);
  expect(await idsOf(await store.claim(group(), 64))).toHaveLength(2);
});

it('lets a message with three strikes travel alone, and others without it', async () => {
  const healthy = await putOutbox(node.owner, many(5, { strikes: 2 }));
  const struck = await putOutbox(node.owner, many(2, { strikes: 3 }));
  const later = await putOutbox(node.owner, many(3, {}));
  const batches = await claimAll(store, 64);
  const sizes = await Promise.all(batches.map(idsOf));
  for (const id of struck) expect(sizes).toContainEqual([id]);
  expect(
    sizes
      .filter((ids) => ids.length > 1)
      .flat()
      .sort(),
  ).toEqual([...healthy, ...later].sort());
});

it('claims only what is due, of its lane and its partner', async () => {
  const [due] = await putOutbox(node.owner, [{}]);
  const [waits] = await putOutbox(node.owner, [{}]);
  await node.owner.query(`UPDATE outbox SET next_attempt_at = now() + interval '1 minute' WHERE id = $1`, [waits]);
  await putOutbox(node.owner, [
    { lane: 'urgent' },
    { partner: 'kh' },
    { state: 'received' },
    { state: 'undeliverable' },
    { state: 'expired' },
  ]);
  expect(await idsOf(await store.claim(group(), 64))).toEqual([due]);
  expect(await store.claim(group(), 64)).toBeUndefined();
});

it('claims nothing whose time is over', async () => {
  await putOutbox(node.owner, [{ expiresAt: inSeconds(-1) }]);
  expect(await store.dueGroups()).toEqual([]);
  expect(await store.claim(group(), 64)).toBeUndefined();
});

it('lists due groups, emergencies first, with circuit and batches in flight, and only those of known partners', async () => {
  await putOutbox(node.owner, [{}, {}, { lane: 'emergency', partner: 'kh' }, { lane: 'urgent', partner: 'la' }]);
  const message = incoming({ senderNode: 'kh' });
  await acceptStore(node.gateway, 'vn').storeReceived([message], [receiptOf(message)]);
  const retryAt = expect.any(Date);
  await deliverStore(node.worker).saveCircuit('kh', { failures: 2, retryAt: inSeconds(60) });
  await store.claim(group(), 1);
  const found = await store.dueGroups();
  expect(found.map(({ kind, lane, partner }) => `${kind} ${lane} ${partner}`)).toEqual([
    'deliver emergency kh',
    expect.any(String),
    expect.any(String),
  ]);
  expect(found).toEqual(
    expect.arrayContaining([
      { ...ONE, kind: 'deliver', lane: 'emergency', partner: 'kh', inFlight: 0, circuit: { failures: 2, retryAt } },
      { ...ONE, kind: 'deliver', lane: 'normal', partner: 'gb', inFlight: 1, circuit: CLOSED },
      { ...ONE, kind: 'ingest', lane: 'normal', partner: '', inFlight: 0, circuit: CLOSED },
    ]),
  );
});
