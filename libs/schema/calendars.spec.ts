import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { fullFormats } from 'ajv-formats/dist/formats';
import schema from '../../schemas/calendars/v1/calendar.schema.json';
import { calendarOf, type Calendar, type Holiday } from './calendars';

const FOLDER = join(__dirname, '../../schemas/calendars/v1');
const IDS = ['vn', 'gb-eng', 'gb-sct', 'gb-nir'] as const;
const YEARS = [2026, 2027, 2028] as const;
const DAY_MS = 86_400_000;

const calendar = (id: string): Calendar => calendarOf(id)!;
const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
const plus = (date: string, days: number) => iso(Date.parse(date) + days * DAY_MS);
const weekday = (date: string) => new Date(date).getUTCDay() || 7;
const datesOf = (id: string, pick: (holiday: Holiday) => boolean) =>
  calendar(id)
    .holidays.filter(pick)
    .map(({ date }) => date);

/**
 * Instant of the new moon number `k`, counted from January 1900 (Meeus, Astronomical Formulae for Calculators, chapter 32;
 * a few minutes off). Intl's Chinese calendar is no judge: it puts the new year of 2027 on 7 February.
 */
function newMoon(k: number): number {
  const t = k / 1236.85;
  const sin = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
  const sun = 359.2242 + 29.10535608 * k - 0.0000333 * t ** 2 - 0.00000347 * t ** 3;
  const moon = 306.0253 + 385.81691806 * k + 0.0107306 * t ** 2 + 0.00001236 * t ** 3;
  const latitude = 21.2964 + 390.67050646 * k - 0.0016528 * t ** 2 - 0.00000239 * t ** 3;
  const mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t ** 2 + 0.00033 * sin(166.56 + 132.87 * t);
  const correction =
    (0.1734 - 0.000393 * t) * sin(sun) +
    0.0021 * sin(2 * sun) -
    0.4068 * sin(moon) +
    0.0161 * sin(2 * moon) -
    0.0004 * sin(3 * moon) +
    0.0104 * sin(2 * latitude) -
    0.0051 * sin(sun + moon) -
    0.0074 * sin(sun - moon) +
    0.0004 * sin(2 * latitude + sun) -
    0.0004 * sin(2 * latitude - sun) -
    0.0006 * sin(2 * latitude + moon) +
    0.001 * sin(2 * latitude - moon) +
    0.0005 * sin(sun + 2 * moon);
  const secondsOfEarth = 72;
  return (mean + correction - 2440587.5) * DAY_MS - secondsOfEarth * 1000;
}

/** The day in Viet Nam (UTC+7) on which the lunar month that begins near `date` begins, `later` months on. */
function lunarMonth(date: string, later = 0): string {
  const near = Math.round((Date.parse(date) / DAY_MS + 2440587.5 - 2415020.76) / 29.53058868);
  return iso(newMoon(near + later) + 7 * 3_600_000);
}

/** Easter Sunday of a year (the Gregorian computus of Meeus, Jones and Butcher). */
function easter(year: number): string {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return iso(Date.UTC(year, month - 1, ((h + l - 7 * m + 114) % 31) + 1));
}

const firstMonday = (year: number, month: number) => {
  const first = iso(Date.UTC(year, month - 1, 1));
  return plus(first, (8 - weekday(first)) % 7);
};
const lastMonday = (year: number, month: number) => plus(firstMonday(year, month + 1), -7);

/** Days fixed by date, each moved to the next weekday that is still free when it falls on a weekend. */
function substituted(year: number, days: readonly string[]): string[] {
  const taken = new Set(days.map((day) => `${year}-${day}`).filter((date) => weekday(date) < 6));
  for (const day of days) {
    let date = `${year}-${day}`;
    if (weekday(date) < 6) continue;
    while (weekday(date) > 5 || taken.has(date)) date = plus(date, 1);
    taken.add(date);
  }
  return [...taken];
}

describe('the working calendars', () => {
  it('are those of Viet Nam and of the three parts of the United Kingdom, and no other', () => {
    expect(
      readdirSync(FOLDER)
        .filter((name) => !name.endsWith('.schema.json'))
        .sort(),
    ).toEqual(IDS.map((id) => `${id}.json`).sort());
    for (const id of IDS) expect(calendar(id).calendar).toBe(id);
    for (const id of ['gb', 'zz', '', 'constructor', '__proto__']) expect(calendarOf(id)).toBeUndefined();
  });

  describe.each(IDS)('%s', (id) => {
    it('follows the schema', () => {
      const ajv = new Ajv2020({ allErrors: true });
      ajv.addFormat('date', fullFormats.date);
      const validate = ajv.compile(schema);
      validate(JSON.parse(readFileSync(join(FOLDER, `${id}.json`), 'utf8')));
      expect(validate.errors).toBeNull();
    });

    it('lists each day once, in order, within what it covers, in both languages, with a source that it names', () => {
      const { holidays, covers, sources, notes } = calendar(id);
      const dates = holidays.map(({ date }) => date);
      expect(dates).toEqual([...new Set(dates)].sort());
      expect(covers).toEqual({ from: '2026-01-01', to: '2028-12-31' });
      expect(dates.every((date) => date >= covers.from && date <= covers.to)).toBe(true);
      expect(new Set(holidays.map(({ source }) => source))).toEqual(new Set(sources.map((source) => source.id)));
      const texts = [calendar(id).name, ...notes, ...holidays.map(({ name }) => name)];
      expect(texts.every(({ vi }) => vi === vi.normalize('NFC'))).toBe(true);
    });

    it('says of nothing that lies ahead of its announcements that it was announced', () => {
      const expected = calendar(id).holidays.filter(({ status }) => status === 'expected');
      expect(expected).toEqual(calendar(id).holidays.filter(({ source }) => source === 'assumed'));
      expect(new Set(expected.map(({ date }) => date.slice(0, 4)))).toEqual(new Set(['2028']));
    });
  });
});

describe('the calendar of Viet Nam', () => {
  const named = (word: string) => datesOf('vn', ({ name }) => name.vi.startsWith(word) && !name.vi.includes('('));
  const inLieu = datesOf('vn', ({ name }) => name.vi.endsWith('(nghỉ bù)'));

  it.each([
    ['2026-02-17', '2026-04-26'],
    ['2027-02-06', '2027-04-16'],
    ['2028-01-26', '2028-04-04'],
  ])('has the lunar new year on %s and the Hùng Kings’ day on %s, as the moon has', (newYear, hungKings) => {
    expect(lunarMonth(newYear)).toBe(newYear);
    // No leap month stands between the first and the third month of these years.
    expect(plus(lunarMonth(newYear, 2), 9)).toBe(hungKings);
    expect(named('Giỗ Tổ')).toContain(hungKings);
    const days = named('Tết Nguyên đán').filter((date) => date.startsWith(newYear.slice(0, 4)));
    expect(days).toHaveLength(5);
    expect(days).toContain(newYear);
    expect(days).toEqual(days.map((_, index) => plus(days[0]!, index)));
  });

  it('has the days of the Labour Code at their dates, and two for National Day', () => {
    for (const year of YEARS) {
      for (const day of ['01-01', '04-30', '05-01', '09-02', '11-24']) {
        expect(datesOf('vn', () => true)).toContain(`${year}-${day}`);
      }
      const adjacent = datesOf(
        'vn',
        ({ name, date }) => name.vi === 'Quốc khánh (ngày liền kề)' && date.startsWith(`${year}`),
      );
      expect(adjacent).toHaveLength(1);
      expect([`${year}-09-01`, `${year}-09-03`]).toContain(adjacent[0]);
    }
  });

  it('gives the next working day in lieu of each holiday of the Labour Code on a weekend', () => {
    const legal = calendar('vn').holidays.filter(({ name }) => !/nghỉ bù|hoán đổi|Văn hóa/.test(name.vi));
    const expected: string[] = [];
    for (const { date } of legal.filter((holiday) => weekday(holiday.date) > 5)) {
      let free = date;
      const off = [...legal.map((holiday) => holiday.date), ...expected];
      while (weekday(free) > 5 || off.includes(free)) free = plus(free, 1);
      expected.push(free);
    }
    expect(inLieu).toEqual(expected.sort());
  });

  it('lists exchanged days off and leaves the working Saturdays at rest', () => {
    expect(datesOf('vn', ({ name }) => name.vi.includes('hoán đổi'))).toEqual(['2026-01-02', '2026-08-31']);
    expect(calendar('vn').notes[0]!.en).toContain('The working Saturday itself is not');
  });

  it('knows the decisions for 2027, and marks Tết and National Day of 2028 as expected', () => {
    expect(datesOf('vn', ({ status }) => status === 'expected')).toEqual([
      '2028-01-24',
      '2028-01-25',
      '2028-01-26',
      '2028-01-27',
      '2028-01-28',
      '2028-09-01',
    ]);
    expect(datesOf('vn', ({ source }) => source === 'notice-2027')).toHaveLength(8);
  });
});

describe('the calendars of the United Kingdom', () => {
  const of = (id: string, year: number) => datesOf(id, ({ date }) => date.startsWith(`${year}`));
  const shared = (year: number) => [
    plus(easter(year), -2),
    firstMonday(year, 5),
    lastMonday(year, 5),
    ...substituted(year, ['12-25', '12-26']),
  ];

  it.each(YEARS)('follow the rules of bank holidays in %s', (year) => {
    const monday = plus(easter(year), 1);
    const england = [...shared(year), ...substituted(year, ['01-01']), monday, lastMonday(year, 8)];
    const ireland = [...england, ...substituted(year, ['03-17', '07-12'])];
    const scotland = [...shared(year), ...substituted(year, ['01-01', '01-02']), firstMonday(year, 8)];
    const football = year === 2026 ? ['2026-06-15'] : [];
    expect(of('gb-eng', year)).toEqual(england.sort());
    expect(of('gb-nir', year)).toEqual(ireland.sort());
    expect(of('gb-sct', year)).toEqual([...scotland, ...substituted(year, ['11-30']), ...football].sort());
  });

  it('mark 2028 as expected', () => {
    for (const id of ['gb-eng', 'gb-sct', 'gb-nir']) {
      expect(datesOf(id, ({ status }) => status === 'expected')).toEqual(of(id, 2028));
    }
  });
});
