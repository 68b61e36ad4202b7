import fc from 'fast-check';
import { cursorOf, FILTER_NAMES, queryText, readMessageQuery, STATE_CHOICES, viewNameFault } from '.';
import { COLUMNS, DEFAULT_COLUMNS } from './message-columns';

const ZONE = 'Asia/Ho_Chi_Minh';
const read = (parameters: Readonly<Record<string, unknown>>) => readMessageQuery(parameters, ZONE);
const MARK = {
  at: '2026-11-29T14:05:10.123456Z',
  id: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  source: 'sent',
} as const;

describe('the query of a list of messages', () => {
  it('asks for everything when it says nothing', () => {
    const { filter, after, columns, limit, faults } = read({});
    expect(filter).toEqual({
      direction: 'all',
      partner: undefined,
      states: undefined,
      lane: undefined,
      code: undefined,
      since: undefined,
      until: undefined,
      ids: undefined,
    });
    expect([after, columns, limit, faults]).toEqual([undefined, DEFAULT_COLUMNS, 50, []]);
  });

  it('reads each filter', () => {
    const { filter, after, columns, limit, faults } = read({
      direction: 'sent',
      partner: 'gb',
      state: 'waiting',
      lane: 'urgent',
      code: 'partner_unreachable',
      since: '2026-11-28',
      until: '2026-11-29T14:05Z',
      id: ' 0199A1b2-c3 ',
      after: cursorOf(MARK),
      column: ['state', 'id'],
      limit: '200',
    });
    expect(faults).toEqual([]);
    expect(filter).toEqual({
      direction: 'sent',
      partner: 'gb',
      states: { sent: ['queued', 'sending'], received: ['stored', 'held'] },
      lane: 'urgent',
      code: 'partner_unreachable',
      since: new Date('2026-11-27T17:00:00Z'),
      until: new Date('2026-11-29T14:05:00Z'),
      ids: { from: '0199a1b2-c300-0000-0000-000000000000', to: '0199a1b2-c3ff-ffff-ffff-ffffffffffff' },
    });
    expect([after, columns, limit]).toEqual([MARK, ['id', 'state'], 200]);
  });

  it.each(STATE_CHOICES)('knows the states behind %s', (state) => {
    const { states } = read({ state }).filter;
    expect([...states!.sent, ...states!.received].length).toBeGreaterThan(0);
  });

  it.each([
    ['direction', 'sideways'],
    ['partner', 'the United Kingdom'],
    ['state', 'constructor'],
    ['lane', 'slow'],
    ['code', 'DROP TABLE outbox'],
    ['since', 'yesterday'],
    ['until', '2026-02-31'],
    ['id', 'xyz'],
    ['id', '019'],
    ['limit', '0'],
    ['limit', '201'],
    ['limit', '1e2'],
    ['limit', ['10']],
    ['column', 'person'],
    ['partner', ['gb', 'vn']],
    ['lane', { $ne: 1 }],
    ['code', 'x'.repeat(65)],
  ])('has a fault at %s=%j', (name, value) => {
    expect(read({ [name]: value }).faults).toMatchObject([{ pointer: `?${name}`, code: 'bad_parameter' }]);
  });

  it('has a fault at a window that ends before it begins', () => {
    expect(read({ since: '2026-11-29', until: '2026-11-29' }).faults).toMatchObject([
      { pointer: '?until', code: 'window_ends_first' },
    ]);
  });

  it.each([
    ['after', 'AAAA'],
    ['after', 7],
  ])('has a fault at %s=%j', (name, value) => {
    expect(read({ [name]: value }).faults).toMatchObject([{ pointer: '?after', code: 'bad_cursor' }]);
  });

  it('has one fault for names that are none, however many', () => {
    expect(read({ parnter: 'gb', 'partner[]': 'gb' }).faults).toMatchObject([{ pointer: '?', code: 'bad_parameter' }]);
  });

  it('takes an empty field of a form for a filter that is not set', () => {
    expect(read({ partner: '', column: '', limit: '', after: '' }).faults).toEqual([]);
  });

  it('keeps the columns that are known', () => {
    expect(read({ column: ['size', 'person'] }).columns).toEqual(['size']);
    expect(read({ column: 'person' }).columns).toEqual(DEFAULT_COLUMNS);
  });

  it('never throws, and never lets through what is no filter', () => {
    const anything = fc.dictionary(
      fc.constantFrom(...FILTER_NAMES, 'after', 'limit', 'column', '__proto__'),
      fc.oneof(fc.string(), fc.constantFrom('2026-11-29', '0199', 'gb', 'sent'), fc.array(fc.string()), fc.anything()),
    );
    fc.assert(
      fc.property(anything, (parameters) => {
        const { filter, limit, columns } = read(parameters);
        expect(filter.partner ?? 'gb').toMatch(/^[a-z]{2}(-[a-z]{2})?$/);
        expect(filter.code ?? 'x').toMatch(/^[a-z0-9_]+$/);
        expect(Number.isNaN((filter.since ?? new Date()).getTime())).toBe(false);
        expect(limit).toBeGreaterThanOrEqual(1);
        expect(limit).toBeLessThanOrEqual(200);
        expect(columns.every((column) => COLUMNS.includes(column))).toBe(true);
      }),
    );
  });
});

describe('the query as a text', () => {
  it('says the same again, without the place in the list', () => {
    const parameters = { partner: 'gb', state: 'failed', column: ['id', 'code'], after: cursorOf(MARK), limit: '10' };
    const text = queryText(read(parameters));
    expect(text).toBe('partner=gb&state=failed&column=id&column=code');
    const again = new URLSearchParams(text);
    expect(queryText(read({ ...Object.fromEntries(again), column: again.getAll('column') }))).toBe(text);
  });

  it('is empty for a query that asks for everything', () => {
    expect(queryText(read({}))).toBe('');
  });
});

describe('the name of a saved view', () => {
  it.each([
    ['', 'required'],
    ['x'.repeat(61), 'too_long'],
    ['left\u202Eright', 'wrong_form'],
    ['two\nlines', 'wrong_form'],
  ])('cannot be %j', (name, code) => {
    expect(viewNameFault(name)).toMatchObject({ pointer: '/name', code });
  });

  it('can be what people write', () => {
    expect(viewNameFault('Gửi Vương quốc Anh thất bại')).toBeUndefined();
  });
});
