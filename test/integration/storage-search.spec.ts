import { randomUUID } from 'node:crypto';
import { forUnit, ingestStore, readStore, sendStore } from '../../libs/storage';
import { queryTokens, searchKey, searchTokens } from '../../libs/text';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caseOf, eventOf, NOTHING_FILED, sentOf } from './rows-fixture';

/** Search over tokens: the database finds words that it cannot read. */
const UNIT = 'vn.police';
const KEY = searchKey(Buffer.alloc(32, 7));

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('search');
});
afterAll(() => node?.remove());
beforeEach(() => node.owner.query('TRUNCATE unit_case, case_event, search_token, outbox, attempt, idempotency'));

const tokensOf = (...words: string[]) => searchTokens(KEY, words);

/** Files a case under a name; answers its referral. */
async function filed(...words: string[]): Promise<string> {
  const record = caseOf(UNIT);
  const { unit, referralId } = record;
  await node.worker.transaction((query) =>
    ingestStore(query).file(randomUUID(), {
      ...NOTHING_FILED,
      cases: [record],
      events: [eventOf(record, { direction: 'filed' })],
      search: [{ unit, referralId, tokens: tokensOf(...words) }],
    }),
  );
  return referralId;
}

async function found(query: string, limit = 10): Promise<string[]> {
  const rows = await forUnit(node.office, readStore)(UNIT, (store) =>
    store.search(UNIT, queryTokens(KEY, query), limit),
  );
  return rows.map(({ stored }) => stored.referralId);
}

it('finds names with and without diacritics; the exact spelling comes first, then the newest', async () => {
  const exact = await filed('Nguyễn Thị Hồng');
  const [other, plain] = [await filed('Nguyễn Thị Hống'), await filed('Nguyen Thi Hong')];
  expect(await found('Nguyễn Thị Hồng')).toEqual([exact, other, plain]);
  expect(await found('nguyen thi hong')).toEqual([plain, other, exact]);
  expect(await found('Nguyễn Thị Hống')).toEqual([other, exact, plain]);
});

it('finds cases that have all words, in one message or in several', async () => {
  const both = await filed('Trần Văn Mẫu');
  await filed('Trần Văn Bình');
  expect(await found('mẫu trần')).toEqual([both]);
  expect(await found('mẫu bình')).toEqual([]);
  const { unit, referralId } = caseOf(UNIT, both);
  await node.worker.transaction((query) =>
    ingestStore(query).file(randomUUID(), {
      ...NOTHING_FILED,
      search: [{ unit, referralId, tokens: tokensOf('Trần Văn Mẫu', 'SCA-2026-7') }],
    }),
  );
  expect(await found('SCA-2026-7 mẫu')).toEqual([both]);
  expect(await found('nobody')).toEqual([]);
});

it('finds what was sent, with its last message and how far it is', async () => {
  const record = caseOf(UNIT);
  const { unit, referralId } = record;
  const event = eventOf(record);
  const search = { unit, referralId, tokens: tokensOf('Lê Hoa') };
  await forUnit(node.office, sendStore)(UNIT, (store) => store.save(sentOf({ record, event, search })));
  const [row, ...others] = await forUnit(node.office, readStore)(UNIT, (store) =>
    store.search(UNIT, queryTokens(KEY, 'le hoa'), 10),
  );
  expect(others).toEqual([]);
  expect(row).toMatchObject({ stored: record, last: event, delivery: 'queued' });
});

it('answers as many as are asked for, the best of them', async () => {
  const best = await filed('Hà');
  for (const name of ['Hạ', 'Ha', 'Há', 'Hả']) await filed(name);
  expect(await found('Hà', 2)).toHaveLength(2);
  expect((await found('Hà', 2))[0]).toBe(best);
});

it('finds nothing with the tokens of another key, and nothing without a word', async () => {
  await filed('Lê Hoa');
  const foreign = queryTokens(searchKey(Buffer.alloc(32, 8)), 'Lê Hoa');
  expect(await forUnit(node.office, readStore)(UNIT, (store) => store.search(UNIT, foreign, 10))).toEqual([]);
  expect(await found('...')).toEqual([]);
});

it('tells the worker no token, not even those that it wrote', async () => {
  await filed('Lê Hoa');
  await expect(node.worker.query('SELECT token FROM search_token')).rejects.toMatchObject({ code: '42501' });
});
