import { randomUUID } from 'node:crypto';
import type { PageMark } from '../../libs/casework';
import {
  forUnit,
  ingestStore,
  listDeliveries,
  outboxAge,
  readStore,
  settleStore,
  showDelivery,
} from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caseOf, eventOf, inSeconds, many, NOTHING_FILED, putOutbox, receiptOf } from './rows-fixture';

/** What officers and operators read, page by page. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('lists');
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query(
    'TRUNCATE outbox, attempt, receipt, delivery_event, unit_case, case_event, alarm, directory_document',
  ),
);

/** Reads all pages to the end. */
async function allPages<T>(
  read: (after: PageMark | undefined) => Promise<T[]>,
  markOf: (item: T) => PageMark,
): Promise<T[][]> {
  const pages: T[][] = [];
  for (let after: PageMark | undefined; ; after = markOf(pages.at(-1)!.at(-1)!)) {
    const page = await read(after);
    if (page.length === 0) return pages;
    pages.push(page);
  }
}

describe('deliveries', () => {
  const pagesOf = (limit: number, state?: string) =>
    allPages(
      (after) => listDeliveries(node.office, limit, state, after),
      ({ id, createdAt }) => ({ at: createdAt, id }),
    );

  it('come newest first, each once, also when many were created in one millisecond', async () => {
    const at = new Date();
    const old = await putOutbox(node.owner, [{ createdAt: inSeconds(-60) }]);
    const same = await putOutbox(node.owner, many(7, { createdAt: at }));
    const newest = await putOutbox(node.owner, [{ createdAt: inSeconds(60) }]);
    const pages = await pagesOf(3);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 3]);
    const ids = pages.flat().map(({ id }) => id);
    expect(ids).toEqual([...newest, ...[...same].sort().reverse(), ...old]);
  });

  it('can be asked for by state', async () => {
    const [id] = (await putOutbox(node.owner, [{ state: 'refused' }, {}, {}])) as [string];
    expect((await pagesOf(10, 'refused')).flat()).toMatchObject([
      { id, state: 'refused', priority: 'normal', sizeBytes: 100, code: null },
    ]);
  });

  it('show metadata only: no column holds the sealed bytes', async () => {
    await putOutbox(node.owner, [{}]);
    const [[line]] = (await pagesOf(1)) as [[object]];
    expect(Object.keys(line).sort()).toEqual(
      [
        'attempts',
        'changedAt',
        'code',
        'createdAt',
        'expiresAt',
        'id',
        'priority',
        'recipientNode',
        'sizeBytes',
        'state',
      ].sort(),
    );
  });

  it('show one with its states, tries and receipts in order', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const received = receiptOf({ id }, { issuer: 'gb', issuedAt: inSeconds(-2) });
    const delivered = receiptOf({ id }, { issuer: 'gb', event: 'delivered' });
    await node.worker.query(
      `INSERT INTO attempt VALUES ($1, now(), 5, 'partner_busy'), ($1, now() - interval '1 minute', 9, NULL)`,
      [id],
    );
    await node.gateway.transaction((query) =>
      settleStore(query).settle([
        { receipt: delivered, state: 'delivered' },
        { receipt: received, state: undefined },
      ]),
    );
    expect(await showDelivery(node.office, id)).toMatchObject({
      id,
      digest: `digest ${id}`,
      states: [{ state: 'delivered' }],
      tries: [
        { durationMs: 9, code: null },
        { durationMs: 5, code: 'partner_busy' },
      ],
      receipts: [
        { event: 'received', token: received.token },
        { event: 'delivered', token: delivered.token },
      ],
    });
    expect(await showDelivery(node.office, randomUUID())).toBeUndefined();
  });

  it('do not mix with receipts about messages of others under the same id', async () => {
    const [id] = (await putOutbox(node.owner, [{}])) as [string];
    const foreign = receiptOf({ id, senderNode: 'gb' }, { event: 'delivered' });
    await node.worker.transaction((query) =>
      ingestStore(query).file(randomUUID(), { ...NOTHING_FILED, receipts: [foreign] }),
    );
    expect((await showDelivery(node.office, id))?.receipts).toEqual([]);
  });

  it('count and date what waits', async () => {
    expect(await outboxAge(node.worker)).toEqual({ waiting: 0, oldestS: 0 });
    await putOutbox(node.owner, [
      { createdAt: inSeconds(-90) },
      { state: 'sending' },
      { createdAt: inSeconds(-999), state: 'received' },
    ]);
    const { waiting, oldestS } = await outboxAge(node.worker);
    expect(waiting).toBe(2);
    expect(oldestS).toBeGreaterThanOrEqual(89);
    expect(oldestS).toBeLessThan(200);
  });
});

it('lists the cases of a unit page by page, each once, though a batch of them changed at one moment', async () => {
  const records = Array.from({ length: 7 }, () => caseOf('vn.police'));
  const events = records.map((record) => eventOf(record, { direction: 'filed' }));
  await node.worker.transaction((query) =>
    ingestStore(query).file(randomUUID(), { ...NOTHING_FILED, cases: records, events }),
  );
  const last = caseOf('vn.police');
  await node.worker.transaction((query) =>
    ingestStore(query).file(randomUUID(), { ...NOTHING_FILED, cases: [last], events: [eventOf(last)] }),
  );
  const read = forUnit(node.office, readStore);
  const pages = await allPages(
    (after) => read('vn.police', (store) => store.cases('vn.police', 3, after)),
    ({ stored, changedAt }) => ({ at: changedAt, id: stored.referralId }),
  );
  const seen = pages.flat().map(({ stored }) => stored.referralId);
  expect(seen[0]).toBe(last.referralId);
  expect(seen.sort()).toEqual([...records, last].map(({ referralId }) => referralId).sort());
});
