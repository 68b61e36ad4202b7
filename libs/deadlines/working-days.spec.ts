import fc from 'fast-check';
import { calendarOf } from '../schema';
import { addWorkingDays } from '.';
import { dateOf, localDay, weekdayOf } from './local-day';

const SIDES = [
  ['vn', 'Asia/Ho_Chi_Minh'],
  ['gb-eng', 'Europe/London'],
  ['gb-sct', 'Europe/London'],
  ['gb-nir', 'Europe/London'],
  ['not-kept', 'America/Santiago'],
] as const;
const side = fc.constantFrom(...SIDES);
const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2029-12-31'), noInvalidDate: true });
const count = fc.integer({ min: 1, max: 60 });

const add = (from: Date, days: number, [id, timezone]: (typeof SIDES)[number]) =>
  addWorkingDays(from, days, calendarOf(id), timezone);

function isWorkingDay(day: number, id: string): boolean {
  const calendar = calendarOf(id);
  return weekdayOf(day) < 6 && !calendar?.holidays.some(({ date }) => date === dateOf(day));
}

describe('working days', () => {
  it.each([
    ['over Tết, which was announced', '2026-02-13T03:00:00Z', 5, 'vn', '2026-02-27T16:59:59.999Z'],
    ['over Tết of 2027', '2027-02-03T03:00:00Z', 1, 'vn', '2027-02-11T16:59:59.999Z'],
    ['over Tết of 2028, which is only expected', '2028-01-21T03:00:00Z', 1, 'vn', '2028-01-31T16:59:59.999Z'],
    ['over Vietnamese Culture Day', '2026-11-23T03:00:00Z', 1, 'vn', '2026-11-25T16:59:59.999Z'],
    ['with the working Saturday left at rest', '2026-08-21T03:00:00Z', 1, 'vn', '2026-08-24T16:59:59.999Z'],
    ['from the local day, not from that of UTC', '2026-11-25T17:30:00Z', 1, 'vn', '2026-11-27T16:59:59.999Z'],
    ['over Easter and into summer time', '2026-03-26T12:00:00Z', 6, 'gb-eng', '2026-04-07T22:59:59.999Z'],
    ['over Christmas with a substitute day', '2026-12-24T12:00:00Z', 1, 'gb-eng', '2026-12-29T23:59:59.999Z'],
    ['in Scotland over two days of new year', '2027-12-31T12:00:00Z', 1, 'gb-sct', '2028-01-05T23:59:59.999Z'],
    ['over the Twelfth in Northern Ireland', '2026-07-10T12:00:00Z', 1, 'gb-nir', '2026-07-14T22:59:59.999Z'],
    ['from a Saturday', '2026-11-28T12:00:00Z', 1, 'gb-eng', '2026-11-30T23:59:59.999Z'],
    ['backwards over a weekend', '2026-11-30T12:00:00Z', -1, 'gb-eng', '2026-11-27T23:59:59.999Z'],
    ['backwards over Culture Day', '2026-11-25T03:00:00Z', -1, 'vn', '2026-11-23T16:59:59.999Z'],
    ['none: the end of the day itself', '2026-11-28T12:00:00Z', 0, 'gb-eng', '2026-11-28T23:59:59.999Z'],
  ])('are counted %s', (_what, from, days, id, due) => {
    const found = add(
      new Date(from),
      days,
      SIDES.find(([calendar]) => calendar === id)!,
    );
    expect(found).toEqual({ at: new Date(due), beyondData: false });
  });

  it('leave as many working days between as were asked for, and end on one', () => {
    fc.assert(
      fc.property(instant, count, fc.constantFrom(1, -1), side, (from, days, direction, where) => {
        const [id, timezone] = where;
        const due = localDay(add(from, direction * days, where).at, timezone);
        expect(isWorkingDay(due, id)).toBe(true);
        let worked = 0;
        for (let day = localDay(from, timezone); day !== due;) {
          day += direction;
          if (isWorkingDay(day, id)) worked += 1;
        }
        expect(worked).toBe(days);
      }),
    );
  });

  it('come later for what begins later, and for more of them', () => {
    fc.assert(
      fc.property(instant, instant, count, side, (a, b, days, where) => {
        const [first, second] = a <= b ? [a, b] : [b, a];
        expect(add(first, days, where).at.getTime()).toBeLessThanOrEqual(add(second, days, where).at.getTime());
        expect(add(a, days, where).at.getTime()).toBeLessThan(add(a, days + 1, where).at.getTime());
      }),
    );
  });

  it('add up', () => {
    fc.assert(
      fc.property(instant, count, count, fc.constantFrom(1, -1), side, (from, a, b, direction, where) => {
        const inTwo = add(add(from, direction * a, where).at, direction * b, where);
        expect(inTwo.at).toEqual(add(from, direction * (a + b), where).at);
      }),
    );
  });

  it.each([
    ['ends after', '2028-12-28T12:00:00Z', 5, 'gb-eng', '2029-01-04T23:59:59.999Z'],
    ['begins before', '2025-12-31T12:00:00Z', 1, 'gb-eng', '2026-01-02T23:59:59.999Z'],
  ])('say when the time %s what the calendar covers, and leave out weekends only', (_how, from, days, id, due) => {
    const found = add(
      new Date(from),
      days,
      SIDES.find(([calendar]) => calendar === id)!,
    );
    expect(found).toEqual({ at: new Date(due), beyondData: true });
  });

  it('say that holidays are not known where no calendar is kept', () => {
    const found = addWorkingDays(new Date('2026-12-24T12:00:00Z'), 1, undefined, 'UTC');
    expect(found).toEqual({ at: new Date('2026-12-25T23:59:59.999Z'), beyondData: true });
  });
});
