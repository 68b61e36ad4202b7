import { dayBefore, dayOf, daysDown, idsOf, isDay } from './manifest-days';

describe('days of manifests', () => {
  it('are those of UTC', () => {
    expect(dayOf(new Date('2026-11-28T23:59:59.999+00:00'))).toBe('2026-11-28');
    expect(dayOf(new Date('2026-11-29T02:00:00+07:00'))).toBe('2026-11-28');
  });

  it('go back and forth over months, leap days and years', () => {
    expect(dayBefore('2026-03-01')).toBe('2026-02-28');
    expect(dayBefore('2028-03-01')).toBe('2028-02-29');
    expect(dayBefore('2026-12-31', -1)).toBe('2027-01-01');
    expect(dayBefore('2026-11-29', 31)).toBe('2026-10-29');
  });

  it.each([
    ['2026-11-28', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2026-02-31', false],
    ['2026-13-01', false],
    ['2026-1-1', false],
    ['2026-11-28T00:00:00Z', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isDay(text)).toBe(expected);
  });

  it('are counted down', () => {
    expect(daysDown('2026-11-27', '2026-11-29')).toEqual(['2026-11-29', '2026-11-28', '2026-11-27']);
    expect(daysDown('2026-11-30', '2026-11-29')).toEqual([]);
  });
});

describe('the ids of a day', () => {
  it('are those whose time lies in it', () => {
    const { after, to } = idsOf('2026-11-22');
    const idAt = (time: string) => {
      const hex = Date.parse(time).toString(16).padStart(12, '0');
      return `${hex.slice(0, 8)}-${hex.slice(8)}-7568-b9b7-4e493e2729e0`;
    };
    const within = (id: string) => id > after && id < to;
    expect(within(idAt('2026-11-22T00:00:00.000Z'))).toBe(true);
    expect(within(idAt('2026-11-22T23:59:59.999Z'))).toBe(true);
    expect(within(idAt('2026-11-21T23:59:59.999Z'))).toBe(false);
    expect(within(idAt('2026-11-23T00:00:00.000Z'))).toBe(false);
    expect(to).toBe(idsOf('2026-11-23').after);
  });
});
