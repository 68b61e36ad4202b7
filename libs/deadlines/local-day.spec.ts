import fc from 'fast-check';
import { dateOf, dayOf, endOfDay, localDay, monthsLater, weekdayOf } from './local-day';

/** With and without changes of clocks, some of them at midnight. */
const ZONES = [
  'UTC',
  'Asia/Ho_Chi_Minh',
  'Europe/London',
  'America/Santiago',
  'Africa/Cairo',
  'Pacific/Apia',
  'Asia/Kathmandu',
];
const zone = fc.constantFrom(...ZONES);
const day = fc.integer({ min: dayOf('2025-01-01'), max: dayOf('2032-12-31') });

describe('the local day', () => {
  it.each([
    ['2026-11-23T16:59:59.999Z', 'Asia/Ho_Chi_Minh', '2026-11-23'],
    ['2026-11-23T17:00:00.000Z', 'Asia/Ho_Chi_Minh', '2026-11-24'],
    ['2026-11-23T23:30:00.000Z', 'Europe/London', '2026-11-23'],
    ['2026-07-23T23:30:00.000Z', 'Europe/London', '2026-07-24'],
  ])('of %s in %s is %s', (at, timezone, date) => {
    expect(dateOf(localDay(new Date(at), timezone))).toBe(date);
  });

  it.each([
    ['2026-11-24', 'Asia/Ho_Chi_Minh', '2026-11-24T16:59:59.999Z'],
    ['2026-07-01', 'Europe/London', '2026-07-01T22:59:59.999Z'],
    ['2026-03-28', 'Europe/London', '2026-03-28T23:59:59.999Z'],
    ['2026-03-29', 'Europe/London', '2026-03-29T22:59:59.999Z'],
    ['2026-10-25', 'Europe/London', '2026-10-25T23:59:59.999Z'],
    // 23:59 comes twice on this day, as clocks go from midnight back to 23:00.
    ['2026-04-04', 'America/Santiago', '2026-04-05T03:59:59.999Z'],
    // This day begins at 01:00.
    ['2026-09-06', 'America/Santiago', '2026-09-07T02:59:59.999Z'],
    ['2026-09-05', 'America/Santiago', '2026-09-06T03:59:59.999Z'],
  ])('%s in %s ends at %s', (date, timezone, end) => {
    expect(endOfDay(dayOf(date), timezone).toISOString()).toBe(end);
  });

  it('ends with its last millisecond, anywhere', () => {
    fc.assert(
      fc.property(day, zone, (count, timezone) => {
        const end = endOfDay(count, timezone);
        expect(localDay(end, timezone)).toBe(count);
        expect(localDay(new Date(end.getTime() + 1), timezone)).toBe(count + 1);
      }),
    );
  });

  it('is unknown in a time zone that there is not', () => {
    expect(() => localDay(new Date(0), 'Mars/Olympus')).toThrow(RangeError);
  });

  it('counts the week from Monday', () => {
    expect(['2026-11-23', '2026-11-28', '2026-11-29'].map((date) => weekdayOf(dayOf(date)))).toEqual([1, 6, 7]);
  });

  it.each([
    ['2027-01-31', 1, '2027-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-12-31', 6, '2027-06-30'],
    ['2026-12-15', 12, '2027-12-15'],
    ['2027-03-31', -1, '2027-02-28'],
    ['2027-01-15', -1, '2026-12-15'],
  ])('%s and %s months is %s', (date, months, result) => {
    expect(dateOf(monthsLater(dayOf(date), months))).toBe(result);
  });
});
