import type { TraoError } from '../errors';
import { errorCsv, errorQuery, errorsSince, readErrorFilter } from './error-log';

describe('the filter of the error log', () => {
  it('is a day unless somebody asks for something else', () => {
    expect(readErrorFilter({})).toEqual({ window: '24h' });
    expect(readErrorFilter({ window: '', source: '', code: '', partner: '' })).toEqual({ window: '24h' });
    const all = { window: '7d', source: 'sending', code: 'partner_tls', partner: 'gb' };
    expect(readErrorFilter(all)).toEqual(all);
  });

  it.each([
    [{ window: '2h' }, '?window'],
    [{ window: ['1h', '24h'] }, '?window'],
    [{ window: 'constructor' }, '?window'],
    [{ source: 'worker' }, '?source'],
    [{ code: 'A; DROP' }, '?code'],
    [{ code: ['a'] }, '?code'],
    [{ partner: 'Viet Nam' }, '?partner'],
    [{ partner: ['gb'] }, '?partner'],
    [{ limit: '5' }, '?limit'],
  ])('refuses %j', (asked, pointer) => {
    let thrown: TraoError | undefined;
    try {
      readErrorFilter(asked);
    } catch (error) {
      thrown = error as TraoError;
    }
    expect(thrown?.code).toBe('bad_request');
    expect(thrown?.faults.map((fault) => fault.pointer)).toEqual([pointer]);
  });

  it('says since when, and writes itself as a query', () => {
    const now = new Date('2026-11-29T20:00:00Z');
    expect(errorsSince(readErrorFilter({ window: '1h' }), now)).toEqual(new Date('2026-11-29T19:00:00Z'));
    expect(errorQuery(readErrorFilter({ code: 'partner_tls' }))).toBe('window=24h&code=partner_tls');
    expect(errorQuery(readErrorFilter({ code: 'partner_tls' }), { code: undefined, window: '1h' })).toBe('window=1h');
  });
});

describe('the error log as CSV', () => {
  it('has a line for each group', () => {
    const lastAt = new Date('2026-11-29T20:00:00Z');
    const id = '01940000-0000-7000-8000-000000000001';
    expect(
      errorCsv([
        { code: 'partner_tls', source: 'sending', partner: 'gb', count: 12, lastAt, messageId: id },
        { code: '=cmd()', source: 'alarm', partner: undefined, count: 1, lastAt, messageId: undefined },
      ]),
    ).toBe(
      'code,source,partner,count,last_at,message_id\r\n' +
        `partner_tls,sending,gb,12,2026-11-29T20:00:00.000Z,${id}\r\n` +
        'unreadable,alarm,,1,2026-11-29T20:00:00.000Z,\r\n',
    );
  });
});
