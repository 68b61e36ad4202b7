import { randomBytes } from 'node:crypto';
import { isFresh, parkedForm, parkForm, timeLeft, TIME_OUTS } from '.';

const MINUTE = 60_000;

describe('a session', () => {
  const times = { since: 0, active: 0, authenticated: 0 };

  it('ends half an hour after the last act, and after one long shift whatever happens', () => {
    expect(timeLeft(times, 29 * MINUTE, TIME_OUTS)).toBe(MINUTE);
    expect(timeLeft(times, 30 * MINUTE, TIME_OUTS)).toBe(0);
    expect(timeLeft({ ...times, active: 599 * MINUTE }, 599 * MINUTE, TIME_OUTS)).toBe(MINUTE);
    expect(timeLeft({ ...times, active: 600 * MINUTE }, 600 * MINUTE, TIME_OUTS)).toBe(0);
  });

  it('counts as fresh for five minutes after the person proved who they are', () => {
    expect(isFresh(times, 5 * MINUTE, TIME_OUTS)).toBe(true);
    expect(isFresh(times, 5 * MINUTE + 1, TIME_OUTS)).toBe(false);
  });
});

describe('a form that came too late', () => {
  const key = randomBytes(32);
  const form = {
    'person.name.full': 'Nguyễn Thị Ví Dụ',
    services: ['medical', 'escort'],
    _csrf: 't',
    base: 'd',
  };

  it('comes back to its author on its page, without what belonged to the old session', () => {
    const parked = parkForm('vn.a', '/drafts/1/person/name', form, key)!;
    expect(JSON.stringify(parked)).not.toContain('Nguy');
    expect(parkedForm(parked, 'vn.a', '/drafts/1/person/name', key)).toEqual({
      'person.name.full': 'Nguyễn Thị Ví Dụ',
      services: ['medical', 'escort'],
    });
  });

  it('comes back to nobody else, nowhere else, and not under another key', () => {
    const parked = parkForm('vn.a', '/page', form, key)!;
    expect(parkedForm(parked, 'vn.b', '/page', key)).toBeUndefined();
    expect(parkedForm(parked, 'vn.a', '/other', key)).toBeUndefined();
    expect(parkedForm({ ...parked, officer: 'vn.b' }, 'vn.b', '/page', key)).toBeUndefined();
    expect(parkedForm(parked, 'vn.a', '/page', randomBytes(32))).toBeUndefined();
    expect(parkedForm(undefined, 'vn.a', '/page', key)).toBeUndefined();
  });

  it('is not kept when it is longer than any answer', () => {
    expect(parkForm('vn.a', '/page', { text: 'a'.repeat(200_001) }, key)).toBeUndefined();
  });
});
