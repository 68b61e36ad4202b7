import { forUnit, readStore, sendStore } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caseOf, eventOf } from './rows-fixture';

/** Row-level security: the office sees the cases of the unit that its transaction names, whatever the statement asks for. */
const police = caseOf('vn.police');
const social = caseOf('vn.social');
const policeEvent = eventOf(police);
const socialEvent = eventOf(social);

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('isolation');
  for (const [record, event] of [
    [police, policeEvent],
    [social, socialEvent],
  ] as const) {
    await node.owner.query(
      'INSERT INTO unit_case (unit, referral_id, wrapped_key, summary) VALUES ($1, $2, $3, $4)',
      Object.values(record),
    );
    await node.owner.query(
      'INSERT INTO case_event (unit, referral_id, message_id, direction, at, original) VALUES ($1, $2, $3, $4, $5, $6)',
      Object.values(event),
    );
  }
});
afterAll(() => node?.remove());

const asUnit = <T>(unit: string, sql: string, parameters: readonly unknown[] = []) =>
  forUnit(node.office, (query) => query)(unit, (query) => query<T>(sql, parameters));

it.each(['unit_case', 'case_event'])('shows the rows of one unit in %s', async (table) => {
  expect(await asUnit('vn.police', `SELECT unit FROM ${table}`)).toEqual([{ unit: 'vn.police' }]);
  expect(await asUnit('vn.social', `SELECT unit FROM ${table}`)).toEqual([{ unit: 'vn.social' }]);
});

it.each(['unit_case', 'case_event'])(
  'shows nothing in %s without a unit, and nothing of the unit before',
  async (table) => {
    const single = await node.open('office', 1);
    expect(await single.query(`SELECT unit FROM ${table}`)).toEqual([]);
    const seen = await forUnit(single, (query) => query)('vn.police', (query) => query(`SELECT unit FROM ${table}`));
    expect(seen).toHaveLength(1);
    expect(await single.query(`SELECT unit FROM ${table}`)).toEqual([]); // the same connection
    await single.close();
  },
);

it('shows nothing for names that are no unit', async () => {
  for (const unit of ['', '%', 'vn', 'vn.police,vn.social', "' OR true --"]) {
    expect(await asUnit(unit, 'SELECT unit FROM unit_case')).toEqual([]);
  }
});

it('neither changes nor adds rows of another unit', async () => {
  expect(
    await asUnit('vn.police', `UPDATE unit_case SET summary = 'x' WHERE unit = 'vn.social' RETURNING unit`),
  ).toEqual([]);
  const moved = asUnit('vn.police', `UPDATE unit_case SET unit = 'vn.social'`);
  await expect(moved).rejects.toMatchObject({ code: '42501' });
  const foreign = caseOf('vn.social');
  const added = asUnit(
    'vn.police',
    'INSERT INTO unit_case (unit, referral_id, wrapped_key, summary) VALUES ($1, $2, $3, $4)',
    Object.values(foreign),
  );
  await expect(added).rejects.toMatchObject({ code: '42501' });
  const event = eventOf(social);
  const filed = asUnit(
    'vn.police',
    'INSERT INTO case_event (unit, referral_id, message_id, direction, at, original) VALUES ($1, $2, $3, $4, $5, $6)',
    Object.values(event),
  );
  await expect(filed).rejects.toMatchObject({ code: '42501' });
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
  await expect(node.gateway.query('SELECT unit FROM unit_case')).rejects.toMatchObject({ code: '42501' });
  await expect(node.gateway.query('SELECT sealed FROM outbox')).rejects.toMatchObject({ code: '42501' });
});
