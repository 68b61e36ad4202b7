import { pingDraft, referralDraft } from '../../test/fakes/documents';
import { twoCountries } from '../../test/fakes/two-countries';
import { ENOUGH_FOR_A_BATCH, relay } from './relay';

const UNIT = 'vn.mps-criminal';

async function queued(count: number, priority = 'normal') {
  const countries = await twoCountries();
  for (let n = 0; n < count; n += 1) await countries.vn.send(pingDraft({ priority }), UNIT);
  return countries;
}

const waitingIn = (node: Awaited<ReturnType<typeof twoCountries>>['vn'], batch: string) =>
  node.tables.batches.get(batch)?.keys.length;

describe('the relay', () => {
  it('does nothing when nothing is due', async () => {
    const { vn } = await twoCountries();
    expect(await vn.relay()).toBe(0);
    expect(vn.queue).toEqual([]);
  });

  it('puts what is due into a batch, and only the id of the batch into the queue', async () => {
    const { vn } = await queued(3);
    expect(await vn.relay()).toBe(1);
    expect(vn.queue).toEqual([{ id: expect.any(String), kind: 'deliver', lane: 'normal' }]);
    expect(waitingIn(vn, vn.queue[0]!.id)).toBe(3);
    expect(await vn.relay()).toBe(0);
  });

  it('keeps two batches of a group under way, no more, of at most 64 messages', async () => {
    const { vn, clock } = await queued(130);
    await vn.relay();
    await vn.relay();
    expect(await vn.relay()).toBe(0);
    expect(vn.queue.map((batch) => waitingIn(vn, batch.id))).toEqual([64, 64]);

    await vn.run(vn.queue.shift()!);
    clock.advance(250);
    expect(await vn.relay()).toBe(1);
    expect(vn.queue.map((batch) => waitingIn(vn, batch.id))).toEqual([64, 2]);
  });

  it('lets a few rows gather while a batch is under way, until there are enough or the batch takes long', async () => {
    const { vn } = await queued(1);
    await vn.relay();
    await vn.send(pingDraft(), UNIT);
    const waited = (oldestMs: number, due = 1) => {
      const { store } = vn.ports.relay;
      const dueGroups = async () => (await store.dueGroups()).map((group) => ({ ...group, oldestMs, due }));
      return relay({ ...vn.ports.relay, store: { ...store, dueGroups } }).then(({ batches }) => batches);
    };
    expect(await waited(249)).toBe(0);
    expect(await waited(0, ENOUGH_FOR_A_BATCH)).toBe(1);
    await vn.send(pingDraft(), UNIT);
    expect(await waited(250)).toBe(0); // two are under way
    await vn.run(vn.queue.shift()!);
    expect(await waited(250)).toBe(1);
  });

  it('gives each priority a lane of its own, the most urgent first', async () => {
    const { vn } = await queued(1);
    await vn.send(pingDraft({ priority: 'emergency' }), UNIT);
    await vn.send(referralDraft({ priority: 'urgent' }), UNIT);
    expect(await vn.relay()).toBe(3);
    expect(vn.queue.map(({ lane }) => lane)).toEqual(['emergency', 'urgent', 'normal']);
  });

  it('lets the other lanes go on with little while more waits in a more pressing one than a batch takes', async () => {
    const { vn } = await queued(40);
    for (let n = 0; n < ENOUGH_FOR_A_BATCH; n += 1) await vn.send(pingDraft({ priority: 'emergency' }), UNIT);
    expect(await vn.relay()).toBe(2);
    const rowsOf = () => vn.queue.map(({ id, lane }) => [lane, waitingIn(vn, id)]);
    expect(rowsOf()).toEqual([
      ['emergency', ENOUGH_FOR_A_BATCH],
      ['normal', 8],
    ]);
    // All of the pressing lane is under way: the others get their share again.
    expect(await vn.relay()).toBe(1);
    expect(rowsOf().at(-1)).toEqual(['normal', 32]);
  });

  it('lets a lane that gives way have one batch at a time, for that partner and that kind of work alone', async () => {
    const { vn } = await queued(1);
    const { store } = vn.ports.relay;
    const [group] = await store.dueGroups();
    const asked: unknown[] = [];
    const claim = (wish: { kind: string; lane: string; partner: string }, limit: number) => {
      asked.push([wish.kind, wish.lane, wish.partner, limit]);
      return Promise.resolve(undefined);
    };
    const many = { ...group!, due: ENOUGH_FOR_A_BATCH };
    const dueGroups = async () => [
      { ...many, lane: 'urgent' as const, inFlight: 2 },
      { ...many, inFlight: 1 },
      { ...many, partner: 'au', inFlight: 1 },
      { ...many, kind: 'ingest' as const, partner: '', inFlight: 1 },
    ];
    await relay({ ...vn.ports.relay, store: { ...store, dueGroups, claim } });
    expect(asked).toEqual([
      ['deliver', 'normal', 'au', 64],
      ['ingest', 'normal', '', 64],
    ]);
  });

  it('sends nothing to a partner whose circuit is open, then one message as a probe', async () => {
    const { vn, clock } = await queued(3);
    const retryAt = new Date(clock.now().getTime() + 5_000);
    vn.tables.circuits.set('gb', { failures: 1, retryAt });
    expect(await vn.relay()).toBe(0);

    clock.advance(5_000);
    expect(await vn.relay()).toBe(1);
    expect(waitingIn(vn, vn.queue[0]!.id)).toBe(1);
    expect(await vn.relay()).toBe(0);
  });

  it('claims again what a lost queue forgot', async () => {
    const { vn, clock } = await queued(2);
    await vn.relay();
    vn.queue.length = 0;
    expect(await vn.relay()).toBe(0);
    clock.advance(30_000);
    expect(await vn.relay()).toBe(1);
  });

  it('leaves the claim to run out when the queue is down', async () => {
    const { vn, clock } = await queued(1);
    const enqueue = () => Promise.reject(new Error('queue is down'));
    await expect(relay({ ...vn.ports.relay, enqueue })).rejects.toThrow('queue is down');
    clock.advance(30_000);
    expect(await vn.relay()).toBe(1);
  });

  it('says that another look may find more only where more were due than make a batch', async () => {
    const { vn } = await queued(ENOUGH_FOR_A_BATCH - 1);
    expect(await relay(vn.ports.relay)).toEqual({ batches: 1, more: false });
    const { vn: busy } = await queued(ENOUGH_FOR_A_BATCH);
    expect(await relay(busy.ports.relay)).toEqual({ batches: 1, more: true });
  });

  it('passes over a group that another relay has emptied', async () => {
    const { vn } = await queued(1);
    const store = { ...vn.ports.relay.store, claim: () => Promise.resolve(undefined) };
    expect(await relay({ ...vn.ports.relay, store })).toEqual({ batches: 0, more: false });
  });
});
