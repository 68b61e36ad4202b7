import { SILENCES, silenceUntil, type Silence } from './silence';

describe('a silence', () => {
  it.each<[Silence, string, string, string]>([
    ['1h', '2026-11-29T20:00:00Z', 'Asia/Ho_Chi_Minh', '2026-11-29T21:00:00Z'],
    ['8h', '2026-11-29T20:00:00Z', 'Asia/Ho_Chi_Minh', '2026-11-30T04:00:00Z'],
    ['24h', '2026-11-29T20:00:00Z', 'Asia/Ho_Chi_Minh', '2026-11-30T20:00:00Z'],
    // Sunday in London, Monday in Hà Nội already.
    ['monday', '2026-11-29T20:00:00Z', 'Europe/London', '2026-11-30T08:00:00Z'],
    ['monday', '2026-11-29T20:00:00Z', 'Asia/Ho_Chi_Minh', '2026-12-07T01:00:00Z'],
    ['monday', '2026-12-01T00:00:00Z', 'Europe/London', '2026-12-07T08:00:00Z'],
    // Clocks change in between.
    ['monday', '2026-03-28T12:00:00Z', 'Europe/London', '2026-03-30T07:00:00Z'],
  ])('%s from %s in %s ends at %s', (silence, now, zone, end) => {
    expect(silenceUntil(silence, new Date(now), zone)).toEqual(new Date(end));
  });

  it('ends in the future, whatever the day', () => {
    for (let day = 1; day <= 14; day += 1) {
      const now = new Date(Date.UTC(2026, 10, day, 9));
      for (const silence of SILENCES)
        expect(silenceUntil(silence, now, 'Europe/London').getTime()).toBeGreaterThan(now.getTime());
    }
  });
});
