import fc from 'fast-check';
import { calendarDays, cityOf, clockParts, formatDate, formatInstant, twoClocks } from '.';

const HANOI = 'Asia/Ho_Chi_Minh';
const LONDON = 'Europe/London';
const ZONES = [HANOI, LONDON, 'Europe/Berlin', 'Asia/Phnom_Penh', 'Australia/Sydney', 'America/St_Johns', 'UTC'];
const at = (text: string) => new Date(text);
/** Whole minutes, as clocks show them. */
const minutes = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) / 60_000 }).map((minute) => new Date(minute * 60_000));
/** Around the changes of British and Central European time in 2026, and of Australian. */
const changes = fc
  .tuple(
    fc.constantFrom('2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-04-04T16:00Z', '2026-10-03T16:00Z'),
    fc.integer({ min: -300, max: 300 }),
  )
  .map(([change, minute]) => new Date(Date.parse(change) + minute * 60_000));
const instants = fc.oneof(minutes, changes);

/** What a person would make of the printed text again. */
function readBack(text: string, zone: string): Date[] {
  const [, time, day, month, year, sign, hours, rest] =
    /^(\d\d:\d\d) (\d\d)\/(\d\d)\/(\d{4}) \([^,]+(?:, UTC(?:([+-])(\d+)(?::(\d+))?)?)?\)/u.exec(text)!;
  const shown = Date.parse(`${year}-${month}-${day}T${time}Z`);
  const told = text.includes(', UTC')
    ? [(sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(rest ?? 0))]
    : undefined;
  const offsets = told ?? Array.from({ length: 113 }, (_, i) => (i - 56) * 15);
  return offsets
    .map((offset) => new Date(shown - offset * 60_000))
    .filter((instant) => twoClocks(instant, zone, zone, 'en').startsWith(text));
}

describe('formatDate', () => {
  it('writes day, month and all of the year', () => {
    expect(formatDate('2026-11-02')).toBe('02/11/2026');
    expect(formatDate('2003-05')).toBe('05/2003');
    expect(formatDate('2003')).toBe('2003');
  });

  it('gives back what is no date', () => {
    for (const text of ['', 'mùa xuân', '2/11/26', '2026-11-02T10:00:00Z']) expect(formatDate(text)).toBe(text);
  });
});

describe('twoClocks', () => {
  it('shows both clocks, and the date once where it is the same', () => {
    expect(twoClocks(at('2026-11-02T14:05:59Z'), HANOI, LONDON, 'en')).toBe(
      '21:05 02/11/2026 (Hà Nội) / 14:05 (London)',
    );
    expect(twoClocks(at('2026-11-02T14:05:00Z'), LONDON, HANOI, 'vi')).toBe(
      '14:05 02/11/2026 (Luân Đôn) / 21:05 (Hà Nội)',
    );
  });

  it('shows the other date where it is another', () => {
    expect(twoClocks(at('2026-12-31T19:05:00Z'), HANOI, LONDON, 'vi')).toBe(
      '02:05 01/01/2027 (Hà Nội) / 19:05 31/12/2026 (Luân Đôn)',
    );
  });

  it('writes midnight as 00:00 of the new day', () => {
    expect(twoClocks(at('2026-11-01T17:00:00Z'), HANOI, HANOI, 'en')).toBe('00:00 02/11/2026 (Hà Nội)');
  });

  it('says which of two equal hours is meant when clocks are put back', () => {
    const text = (instant: string) => twoClocks(at(instant), LONDON, 'Europe/Berlin', 'en');
    expect(text('2026-10-25T00:30:00Z')).toBe('01:30 25/10/2026 (London, UTC+1) / 02:30 (Berlin, UTC+2)');
    expect(text('2026-10-25T01:30:00Z')).toBe('01:30 25/10/2026 (London, UTC) / 02:30 (Berlin, UTC+1)');
    expect(text('2026-10-25T02:00:00Z')).toBe('02:00 25/10/2026 (London) / 03:00 (Berlin)');
    expect(text('2026-10-24T23:59:00Z')).toBe('00:59 25/10/2026 (London) / 01:59 (Berlin)');
    // Put forward: an hour that nobody has, and none twice.
    expect(text('2026-03-29T01:00:00Z')).toBe('02:00 29/03/2026 (London) / 03:00 (Berlin)');
  });

  it('writes offsets of less than an hour, and west of Greenwich', () => {
    expect(twoClocks(at('2026-11-01T03:45:00Z'), 'America/St_Johns', 'UTC', 'en')).toBe(
      '01:15 01/11/2026 (St Johns, UTC-2:30) / 03:45 (UTC)',
    );
    expect(twoClocks(at('2026-11-01T04:45:00Z'), 'America/St_Johns', 'UTC', 'en')).toContain('UTC-3:30');
  });

  it('means one moment, in any zone, over every change of clocks', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (instant, zone) => {
        expect(readBack(twoClocks(instant, zone, zone, 'en'), zone)).toEqual([instant]);
      }),
      { numRuns: 300 },
    );
  });

  it('knows no unknown zone and no invalid date', () => {
    expect(() => twoClocks(at('2026-11-02T14:05:00Z'), 'Asia/Nowhere', LONDON, 'en')).toThrow(RangeError);
    expect(() => twoClocks(at('never'), HANOI, LONDON, 'en')).toThrow(RangeError);
  });
});

describe('formatInstant', () => {
  it('is one clock without the year', () => {
    expect(formatInstant(at('2026-11-02T14:05:00Z'), HANOI, 'en')).toBe('2 Nov 21:05 (Hà Nội)');
    expect(formatInstant(at('2026-11-02T14:05:00Z'), LONDON, 'vi')).toBe('2/11 14:05 (Luân Đôn)');
  });

  it('comes in pieces too', () => {
    expect(clockParts(at('2026-06-02T14:05:00Z'), LONDON, 'vi')).toEqual({
      date: '02/06/2026',
      dayMonth: '2/6',
      time: '15:05',
      place: 'Luân Đôn',
    });
  });
});

describe('cityOf', () => {
  it('names capitals in both languages, and other zones by their last part', () => {
    expect(cityOf('Asia/Shanghai', 'en')).toBe('Beijing');
    expect(cityOf('Asia/Shanghai', 'vi')).toBe('Bắc Kinh');
    expect(cityOf('America/Argentina/Buenos_Aires', 'vi')).toBe('Buenos Aires');
    expect(cityOf('UTC', 'en')).toBe('UTC');
  });
});

describe('calendarDays', () => {
  it('counts midnights of the zone, not lengths of 24 hours', () => {
    expect(calendarDays(at('2026-11-02T16:59:00Z'), at('2026-11-02T17:01:00Z'), HANOI)).toBe(1);
    expect(calendarDays(at('2026-11-02T16:59:00Z'), at('2026-11-02T17:01:00Z'), LONDON)).toBe(0);
    // A day of 25 hours.
    expect(calendarDays(at('2026-10-24T23:00:00Z'), at('2026-10-25T23:59:00Z'), LONDON)).toBe(0);
  });

  it('adds up', () => {
    fc.assert(
      fc.property(instants, instants, instants, fc.constantFrom(...ZONES), (a, b, c, zone) => {
        expect(calendarDays(a, b, zone) + calendarDays(b, c, zone)).toBe(calendarDays(a, c, zone));
      }),
    );
  });
});
