import { isDate, isDateTime } from './date-time';

describe('a date and time', () => {
  it.each([
    '2026-11-29T08:30:06Z',
    '2026-11-29t08:30:06.283185z',
    '2026-11-29T08:30:06+07:00',
    '2026-11-29T23:59:59.999999999999999-00:30',
    '2024-02-29T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '2016-12-31T23:59:60.123Z',
    '2016-12-31T15:59:60-08:00',
    '2017-01-01T00:29:60+00:30',
  ])('is one: %s', (text) => {
    expect(isDateTime(text)).toBe(true);
  });

  it.each([
    ['an offset without minutes, which Date does not read', '2026-11-29T08:30:06+07'],
    ['an offset without its colon', '2026-11-29T08:30:06+0700'],
    ['no offset', '2026-11-29T08:30:06'],
    ['an offset of a day', '2026-11-29T08:30:06+24:00'],
    ['an offset of an hour of minutes', '2026-11-29T08:30:06+07:60'],
    ['a day that is not in the calendar', '2026-02-29T08:30:06Z'],
    ['the hour 24', '2026-11-29T24:00:00Z'],
    ['the hour 24 with a leap second', '2016-12-31T24:59:60+01:00'],
    ['a minute too many', '2026-11-29T08:60:06Z'],
    ['a second too many', '2026-11-29T08:30:61Z'],
    ['a leap second that is not the last of a day in UTC', '2016-12-31T23:59:60+00:01'],
    ['a leap second in another hour', '2016-12-31T22:59:60Z'],
    ['a leap second in another minute', '2016-12-31T23:58:60Z'],
    ['a leap second on the wrong side of UTC', '2017-01-01T00:29:60-00:30'],
    ['a space between', '2026-11-29 08:30:06Z'],
    ['something before', ' 2026-11-29T08:30:06Z'],
    ['something after', '2026-11-29T08:30:06Zz'],
    ['a fraction without digits', '2026-11-29T08:30:06.Z'],
    ['digits of another script', '2026-11-2৯T08:30:06Z'],
  ])('is not one: %s', (_, text) => {
    expect(isDateTime(text)).toBe(false);
  });
});

it('knows the days of the calendar', () => {
  expect(isDate('2024-02-29')).toBe(true);
  expect(isDate('2023-02-29')).toBe(false);
});
