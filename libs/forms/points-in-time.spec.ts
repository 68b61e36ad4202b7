import fc from 'fast-check';
import { instantFrom, partsOfInstant } from './points-in-time';

const LONDON = 'Europe/London';
const HANOI = 'Asia/Ho_Chi_Minh';

describe('a point in time', () => {
  it('is shown and read by the clocks of the zone', () => {
    expect(partsOfInstant('2026-11-02T14:05:00Z', HANOI)).toEqual(['2', '11', '2026', '21:05']);
    expect(partsOfInstant('2026-11-02T14:05:00Z', LONDON)).toEqual(['2', '11', '2026', '14:05']);
    expect(instantFrom('2026-11-02', '21:05', HANOI)).toBe('2026-11-02T14:05:00Z');
    expect(instantFrom('2026-07-02', '9.05', LONDON)).toBe('2026-07-02T08:05:00Z');
    expect(instantFrom('2026-07-02', '9h05', HANOI)).toBe('2026-07-02T02:05:00Z');
  });

  it('keeps seconds where there are any', () => {
    expect(partsOfInstant('2026-11-02T14:05:09Z', HANOI)).toEqual(['2', '11', '2026', '21:05:09']);
    expect(partsOfInstant('2026-11-02T14:05:00.120Z', HANOI)).toEqual(['2', '11', '2026', '21:05:00.120']);
    expect(instantFrom('2026-11-02', '21:05:00.120', HANOI)).toBe('2026-11-02T14:05:00.120Z');
  });

  it('names the offset in the hour that clocks show twice, and takes the first without one', () => {
    expect(partsOfInstant('2026-10-25T00:30:00Z', LONDON)).toEqual(['25', '10', '2026', '01:30 +01:00']);
    expect(partsOfInstant('2026-10-25T01:30:00Z', LONDON)).toEqual(['25', '10', '2026', '01:30 +00:00']);
    expect(instantFrom('2026-10-25', '01:30', LONDON)).toBe('2026-10-25T00:30:00Z');
    expect(instantFrom('2026-10-25', '01:30 +00:00', LONDON)).toBe('2026-10-25T01:30:00Z');
    expect(partsOfInstant('2026-11-01T05:30:00Z', 'America/New_York')).toEqual(['1', '11', '2026', '01:30 -04:00']);
    expect(instantFrom('2026-11-01', '01:30 -05:00', 'America/New_York')).toBe('2026-11-01T06:30:00Z');
  });

  it('is none where clocks skip it, where the offset is another one, or where there is no such time', () => {
    expect(instantFrom('2026-03-29', '01:30', LONDON)).toBeUndefined();
    expect(instantFrom('2026-07-02', '01:30 +00:00', LONDON)).toBeUndefined();
    for (const time of ['24:00', '12:60', '12:00:60', '9', '9:5', 'noon', ''])
      expect(instantFrom('2026-07-02', time, LONDON)).toBeUndefined();
    for (const value of ['', '2026-07-02', '2026-13-02T00:00:00Z', '2026-07-02T10:00:00+07:00']) {
      expect(partsOfInstant(value, LONDON)).toBeUndefined();
    }
  });

  it('comes back as it was, in every zone', () => {
    const zones = fc.constantFrom(LONDON, HANOI, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const instants = fc.date({ min: new Date('1980-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, instants, (zone, date) => {
        const value = date.toISOString();
        const [day, month, year, time] = partsOfInstant(value, zone) as [string, string, string, string];
        expect(instantFrom(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, time, zone)).toBe(value);
      }),
    );
  });
});
