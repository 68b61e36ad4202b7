import fc from 'fast-check';
import { wallClock } from '../text';
import { afterQuiet, DIGEST_MS, isQuiet, noticeDueAt, URGENT_MS } from './notice-rules';

const at = (time: string) => new Date(time);
const night = { timeZone: 'Asia/Ho_Chi_Minh', quiet: { from: '22:00', to: '06:30' } };
const noon = { timeZone: 'Europe/London', quiet: { from: '12:00', to: '13:00' } };

describe('quiet hours', () => {
  it.each<[string, boolean]>([
    ['2026-11-29T14:59:59Z', false], // 21:59 in Hà Nội
    ['2026-11-29T15:00:00Z', true],
    ['2026-11-29T17:00:00Z', true], // midnight
    ['2026-11-29T23:29:59Z', true],
    ['2026-11-29T23:30:00Z', false],
  ])('pass midnight: %s %s', (time, quiet) => {
    expect(isQuiet(night, at(time))).toBe(quiet);
  });

  it.each<[string, boolean]>([
    ['2026-07-01T10:59:00Z', false], // 11:59 in the summer of London
    ['2026-07-01T11:00:00Z', true],
    ['2026-07-01T12:00:00Z', false],
    ['2026-12-01T11:59:00Z', false],
    ['2026-12-01T12:30:00Z', true],
  ])('lie within a day and keep summer time: %s %s', (time, quiet) => {
    expect(isQuiet(noon, at(time))).toBe(quiet);
  });

  it('are none where none were chosen', () => {
    const always = { timeZone: 'Europe/London' };
    expect(isQuiet(always, at('2026-07-01T00:00:00Z'))).toBe(false);
    expect(afterQuiet(always, at('2026-07-01T00:00:00Z'))).toEqual(at('2026-07-01T00:00:00Z'));
  });

  it.each([
    ['before them', night, '2026-11-29T14:59:12Z', '2026-11-29T14:59:12Z'],
    ['in the evening', night, '2026-11-29T15:00:30Z', '2026-11-29T23:30:00Z'],
    ['after midnight', night, '2026-11-29T18:10:59Z', '2026-11-29T23:30:00Z'],
    ['at noon', noon, '2026-07-01T11:20:00Z', '2026-07-01T12:00:00Z'],
    // Clocks go forward on 29 March 2026 at 01:00 and back on 25 October 2026 at 02:00 in London.
    ['over a short night', { ...night, timeZone: 'Europe/London' }, '2026-03-28T23:00:00Z', '2026-03-29T05:30:00Z'],
    ['over a long night', { ...night, timeZone: 'Europe/London' }, '2026-10-24T22:00:00Z', '2026-10-25T06:30:00Z'],
    [
      'until a time that the clocks skip',
      { timeZone: 'Europe/London', quiet: { from: '22:00', to: '01:30' } },
      '2026-03-28T23:00:00Z',
      '2026-03-29T01:30:00Z',
    ],
  ])('end, seen from %s', (_what, settings, from, end) => {
    expect(afterQuiet(settings, at(from))).toEqual(at(end));
  });

  it('end at the chosen time, whenever one looks and wherever one is', () => {
    const zones = ['Asia/Ho_Chi_Minh', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    const minute = fc.integer({ min: 0, max: 1439 });
    const shown = (value: number) =>
      `${String(Math.floor(value / 60)).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}`;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        minute,
        minute,
        fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z'), noInvalidDate: true }),
        (timeZone, from, to, now) => {
          fc.pre(from !== to);
          const settings = { timeZone, quiet: { from: shown(from), to: shown(to) } };
          const end = afterQuiet(settings, now);
          expect(isQuiet(settings, end)).toBe(false);
          expect(end.getTime()).toBeGreaterThanOrEqual(now.getTime());
          expect(end.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
          if (end.getTime() === now.getTime()) return;
          const { hour, minute: shownMinute } = wallClock(end, timeZone);
          // Where clocks skip the end itself, it comes up to an hour later.
          const late = hour * 60 + shownMinute - to;
          expect((late + 1440) % 1440).toBeLessThanOrEqual(60);
        },
      ),
    );
  });
});

describe('a mail', () => {
  const now = at('2026-11-29T09:00:00Z');
  const before = (ms: number) => new Date(now.getTime() - ms);
  const due = (urgent: boolean, sentAt: Date | undefined, settings: Parameters<typeof noticeDueAt>[0] = night) =>
    noticeDueAt(settings, { urgent, now, sentAt }).getTime() - now.getTime();

  it('goes at once when there was none lately', () => {
    expect(due(false, undefined)).toBe(0);
    expect(due(false, before(DIGEST_MS))).toBe(0);
    expect(due(true, before(URGENT_MS))).toBe(0);
  });

  it('waits for ten minutes after the last one, an urgent one for one', () => {
    expect(due(false, before(1))).toBe(DIGEST_MS - 1);
    expect(due(true, before(1))).toBe(URGENT_MS - 1);
  });

  it('waits for the end of quiet hours, unless it is urgent', () => {
    const quiet = { timeZone: 'UTC', quiet: { from: '08:00', to: '10:00' } };
    expect(due(false, undefined, quiet)).toBe(3_600_000);
    expect(due(true, undefined, quiet)).toBe(0);
    // The ten minutes end within the quiet hours.
    const soon = { timeZone: 'UTC', quiet: { from: '09:05', to: '10:00' } };
    expect(due(false, before(1_000), soon)).toBe(3_600_000);
  });
});
