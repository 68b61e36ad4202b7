import fc from 'fast-check';
import { csvLine, cursorOf, INCOMING_STATES, SIZE_BANDS, sizeBandOf, STATE_CHOICES } from '.';
import { DELIVERY_STATES } from '../lifecycle';
import { markIn } from './message-cursor';
import { statesOf } from './message-states';
import { momentOf } from './message-times';

describe('states that can be asked for', () => {
  it('are all states of both directions, and groups that put each of them in one place', () => {
    expect(STATE_CHOICES).toEqual(expect.arrayContaining([...DELIVERY_STATES, ...INCOMING_STATES]));
    const groups = ['waiting', 'failed', 'arrived'].map((name) => statesOf(name)!);
    expect(groups.flatMap(({ sent }) => sent).toSorted()).toEqual([...DELIVERY_STATES].toSorted());
    expect(groups.flatMap(({ received }) => received).toSorted()).toEqual([...INCOMING_STATES].toSorted());
  });

  it('stand for both directions where the words are the same', () => {
    expect(statesOf('refused')).toEqual({ sent: ['refused'], received: ['refused'] });
    expect(statesOf('held')).toEqual({ sent: [], received: ['held'] });
    expect(statesOf('toString')).toBeUndefined();
  });
});

describe('size bands', () => {
  it.each([
    [0, undefined],
    [1, 'to_4k'],
    [4_096, 'to_4k'],
    [4_097, 'to_16k'],
    [1_048_576, 'to_1m'],
    [1_048_577, 'over_1m'],
  ])('%d bytes are %s', (bytes, band) => {
    expect(sizeBandOf(bytes)).toBe(band);
  });

  it('are the ones that pages have words for', () => {
    expect(SIZE_BANDS).toEqual(['to_4k', 'to_16k', 'to_64k', 'to_256k', 'to_1m', 'over_1m']);
  });
});

describe('the cursor', () => {
  const mark = { at: '2026-11-29T14:05:10.123456Z', id: '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', source: 'gb' };

  it('comes back as it was', () => {
    expect(markIn(cursorOf(mark))).toEqual(mark);
    expect(markIn(cursorOf({ ...mark, source: 'sent' }))?.source).toBe('sent');
  });

  it.each([
    ['', 'nothing'],
    ['!', 'no base64url'],
    [cursorOf(mark).slice(0, -4), 'a part of one'],
    [`${cursorOf(mark)}A`, 'more than one'],
    [cursorOf({ ...mark, at: '2026-13-29T14:05:10.123456Z' }), 'no time'],
    [cursorOf({ ...mark, at: '2026-11-29T14:05:10Z' }), 'a time cut short'],
    [cursorOf({ ...mark, id: 'x' }), 'no id'],
    [cursorOf({ ...mark, source: "x' OR 1=1" }), 'no source'],
    ['A'.repeat(200), 'too long'],
  ])('refuses %s: %s', (text) => {
    expect(markIn(text)).toBeUndefined();
  });

  it('has one text: other spellings of the same bytes are none', () => {
    const text = cursorOf(mark);
    const others = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      .split('')
      .map((last) => text.slice(0, -1) + last);
    const same = others.filter((other) => Buffer.from(other, 'base64url').equals(Buffer.from(text, 'base64url')));
    expect(same.length).toBeGreaterThan(1);
    expect(same.filter((other) => markIn(other))).toEqual([text]);
  });

  it('reads nothing that it has not written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = markIn(text);
        expect(found === undefined || cursorOf(found) === text).toBe(true);
      }),
    );
  });
});

describe('moments', () => {
  it.each([
    ['2026-11-29', 'Asia/Ho_Chi_Minh', '2026-11-28T17:00:00.000Z'],
    ['2026-11-29T21:05', 'Asia/Ho_Chi_Minh', '2026-11-29T14:05:00.000Z'],
    ['2026-11-29 21:05:30', 'Asia/Ho_Chi_Minh', '2026-11-29T14:05:30.000Z'],
    ['2026-11-29T21:05:30.5Z', 'Asia/Ho_Chi_Minh', '2026-11-29T21:05:30.500Z'],
    ['2026-07-01T12:00', 'Europe/London', '2026-07-01T11:00:00.000Z'],
    ['2026-12-01T12:00', 'Europe/London', '2026-12-01T12:00:00.000Z'],
    // The night in which the clocks go forward: 01:30 is shown by none.
    ['2026-03-29T01:30', 'Europe/London', '2026-03-29T01:30:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(momentOf(text, zone)?.toISOString()).toBe(instant);
  });

  it.each(['', 'now', '2026-02-30', '2026-13-01', '2026-11-29T24:01', '2026-11-29T21', '29/11/2026', '0000-00-00'])(
    '%j is none',
    (text) => {
      expect(momentOf(text, 'Europe/London')).toBeUndefined();
    },
  );
});

describe('lines of CSV', () => {
  it('quote what has a meaning there', () => {
    expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', 7, null, undefined, new Date(0)])).toBe(
      'a,"b,c","say ""x""","two\nlines",7,,,1970-01-01T00:00:00.000Z\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=1'])('turn %j into a text', (value) => {
    expect(csvLine([value]).replace(/^"/, '')).toMatch(/^'/);
  });
});
