import { draftStore, forUnit, holdStore, readStore, sendStore } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caseOf, draftOf, eventOf } from './rows-fixture';

/** Row-level security: the office sees the cases of the unit that its transaction names, whatever the statement asks for. */
const police = caseOf('vn.police');
const social = caseOf('vn.social');
const policeEvent = eventOf(police);
const socialEvent = eventOf(social);
const TOKEN = Buffer.from('a word as token!');
const policeDraft = draftOf('vn.police');
const socialDraft = draftOf('vn.social');
const TABLES = ['unit_case', 'case_event', 'search_token', 'draft'];

const PUT_CASE = 'INSERT INTO unit_case (unit, referral_id, wrapped_key, summary) VALUES ($1, $2, $3, $4)';
const PUT_EVENT =
  'INSERT INTO case_event (unit, referral_id, message_id, direction, at, original) VALUES ($1, $2, $3, $4, $5, $6)';
const PUT_TOKEN = 'INSERT INTO search_token (unit, referral_id, token) VALUES ($1, $2, $3)';
const PUT_DRAFT = 'INSERT INTO draft (unit, id, wrapped_key, body, expires_at) VALUES ($1, $2, $3, $4, $5)';

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('isolation');
  for (const [{ unit, referralId, wrappedKey, summary }, event, draft] of [
    [police, policeEvent, policeDraft],
    [social, socialEvent, socialDraft],
  ] as const) {
    await node.owner.query(PUT_CASE, [unit, referralId, wrappedKey, summary]);
    await node.owner.query(PUT_EVENT, Object.values(event));
    await node.owner.query(PUT_TOKEN, [unit, referralId, TOKEN]);
    await node.owner.query(PUT_DRAFT, Object.values(draft));
  }
});
afterAll(() => node?.remove());

const asUnit = <T>(unit: string, sql: string, parameters: readonly unknown[] = []) =>
  forUnit(node.office, (query) => query)(unit, (query) => query<T>(sql, parameters));

it.each(TABLES)('shows the rows of one unit in %s', async (table) => {
  expect(await asUnit('vn.police', `SELECT unit FROM ${table}`)).toEqual([{ unit: 'vn.police' }]);
  expect(await asUnit('vn.social', `SELECT unit FROM ${table}`)).toEqual([{ unit: 'vn.social' }]);
});

it.each(TABLES)('shows nothing in %s without a unit, and nothing of the unit before', async (table) => {
  const single = await node.open('office', 1);
  expect(await single.query(`SELECT unit FROM ${table}`)).toEqual([]);
  const seen = await forUnit(single, (query) => query)('vn.police', (query) => query(`SELECT unit FROM ${table}`));
  expect(seen).toHaveLength(1);
  expect(await single.query(`SELECT unit FROM ${table}`)).toEqual([]); // the same connection
  await single.close();
});

it('shows nothing for names that are no unit', async () => {
  for (const unit of ['', '%', 'vn', 'vn.police,vn.social', "' OR true --"]) {
    expect(await asUnit(unit, 'SELECT unit FROM unit_case')).toEqual([]);
  }
});

/** All rows of a table, as the owner sees them. */
const all = (table: string) => node.owner.query(`SELECT * FROM ${table} ORDER BY unit`);

it.each([
  ['unit_case', `SET summary = 'x', wrapped_key = 'x', next_mark_at = now()`],
  ['draft', `SET body = 'x', expires_at = now()`],
])('changes no row of another unit in %s', async (table, change) => {
  const before = await all(table);
  expect(await asUnit('vn.police', `UPDATE ${table} ${change} WHERE unit = 'vn.social' RETURNING unit`)).toEqual([]);
  await expect(asUnit('vn.police', `UPDATE ${table} SET unit = 'vn.social'`)).rejects.toMatchObject({ code: '42501' });
  expect(await all(table)).toEqual(before);
});

it.each(['case_event', 'search_token', 'draft'])('deletes no row of another unit in %s', async (table) => {
  const before = await all(table);
  const crafted = asUnit('vn.police', `DELETE FROM ${table} WHERE unit = $1 RETURNING unit`, ['vn.social']);
  expect(await crafted).toEqual([]);
  expect(await node.office.query(`DELETE FROM ${table} RETURNING unit`)).toEqual([]); // no unit named
  expect(await all(table)).toEqual(before);
});

it('adds no row of another unit', async () => {
  const { unit, referralId, wrappedKey, summary } = caseOf('vn.social');
  for (const [statement, values] of [
    [PUT_CASE, [unit, referralId, wrappedKey, summary]],
    [PUT_EVENT, Object.values(eventOf(social))],
    [PUT_TOKEN, ['vn.social', social.referralId, Buffer.from('another token')]],
    [PUT_DRAFT, Object.values(draftOf('vn.social'))],
  ] as const) {
    await expect(asUnit('vn.police', statement, values)).rejects.toMatchObject({ code: '42501' });
  }
});

it('lets nobody take over the draft of another unit by its id', async () => {
  const draft = forUnit(node.office, draftStore);
  const { id } = socialDraft;
  await draft('vn.police', async (store) => {
    expect(await store.lockDraft('vn.police', id)).toBeUndefined();
    expect(await store.lockDraft('vn.social', id)).toBeUndefined();
    expect(await store.drafts('vn.social', 10)).toEqual([]);
    await store.removeDraft('vn.social', id);
    await store.removeDraft('vn.police', id);
  });
  const foreign = draft('vn.police', (store) => store.saveDraft({ ...socialDraft, body: Buffer.from('x') }));
  await expect(foreign).rejects.toMatchObject({ code: '42501' });
  // The same id is another draft in another unit.
  await draft('vn.police', (store) => store.saveDraft(draftOf('vn.police', { id })));
  expect(await draft('vn.social', (store) => store.lockDraft('vn.social', id))).toEqual(socialDraft);
  await draft('vn.police', (store) => store.removeDraft('vn.police', id));
  expect(await draft('vn.social', (store) => store.lockDraft('vn.social', id))).toEqual(socialDraft);
});

it('cannot be switched off by the office', async () => {
  const off = node.office.transaction(async (query) => {
    await query('SET LOCAL row_security = off');
    return query('SELECT * FROM unit_case');
  });
  await expect(off).rejects.toMatchObject({ code: '42501' });
});

it('holds for the stores, also when they are asked for another unit by its name', async () => {
  const read = forUnit(node.office, readStore);
  expect(await read('vn.police', (store) => store.cases('vn.social', 10, undefined))).toEqual([]);
  expect(await read('vn.police', (store) => store.message('vn.social', socialEvent.messageId))).toBeUndefined();
  expect(await read('vn.social', (store) => store.message('vn.social', socialEvent.messageId))).toBeDefined();
  expect(await read('vn.police', (store) => store.case('vn.social', social.referralId))).toBeUndefined();
  const word = { folded: [TOKEN], exact: [] };
  expect(await read('vn.police', (store) => store.search('vn.social', word, 10))).toEqual([]);
  expect(await read('vn.social', (store) => store.search('vn.social', word, 10))).toHaveLength(1);
  const noted = forUnit(node.office, holdStore)('vn.police', async (store) => {
    expect(await store.lockCase('vn.social', social.referralId)).toBeUndefined();
    await store.saveCase(social);
  });
  await expect(noted).rejects.toMatchObject({ code: '42501' });
  const send = forUnit(node.office, sendStore);
  expect(await send('vn.police', (store) => store.lockCase('vn.social', social.referralId))).toBeUndefined();
  expect(await send('vn.police', (store) => store.referralOf('vn.social', socialEvent.messageId))).toBeUndefined();
  expect(await send('vn.police', (store) => store.referralOf('vn.police', policeEvent.messageId))).toBe(
    police.referralId,
  );
});

it('lets the worker see all units, and the gateway no case at all', async () => {
  expect(await node.worker.query('SELECT unit FROM unit_case ORDER BY unit')).toEqual([
    { unit: 'vn.police' },
    { unit: 'vn.social' },
  ]);
  for (const table of TABLES)
    await expect(node.gateway.query(`SELECT unit FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
  await expect(node.gateway.query('SELECT sealed FROM outbox')).rejects.toMatchObject({ code: '42501' });
});
