import fc from 'fast-check';
import { dueText } from '.';

const HANOI = 'Asia/Ho_Chi_Minh';
/** 21:05 on 2 November in Hà Nội, 14:05 in London. */
const NOW = new Date('2026-11-02T14:05:00Z');
const say = (due: string, zone = HANOI) => [
  dueText(new Date(due), NOW, zone, 'en').text,
  dueText(new Date(due), NOW, zone, 'vi').text,
];

describe('dueText', () => {
  it('says how many days there are', () => {
    expect(say('2026-11-04T16:59:59Z')).toEqual(['due in 2 days', 'còn 2 ngày']);
    expect(say('2026-11-03T16:59:59Z')).toEqual(['due tomorrow', 'hạn ngày mai']);
    expect(say('2026-11-02T16:59:59Z')).toEqual(['due today at 23:59', 'hạn 23:59 hôm nay']);
  });

  it('says for how long nobody has done it', () => {
    expect(say('2026-11-02T14:04:59Z')).toEqual(['overdue since 21:04 today', 'quá hạn từ 21:04 hôm nay']);
    expect(say('2026-11-01T16:59:59Z')).toEqual(['overdue 1 day', 'quá hạn 1 ngày']);
    expect(say('2026-10-31T16:59:59Z')).toEqual(['overdue 2 days', 'quá hạn 2 ngày']);
  });

  it('counts on the calendar of the zone', () => {
    // 00:30 on 3 November in Hà Nội is still the same day in London.
    expect(say('2026-11-02T17:30:00Z')[0]).toBe('due tomorrow');
    expect(say('2026-11-02T17:30:00Z', 'Europe/London')[0]).toBe('due today at 17:30');
  });

  it('is overdue exactly when the moment has passed, and never says otherwise', () => {
    const offset = fc.integer({ min: -10 * 86_400_000, max: 10 * 86_400_000 });
    fc.assert(
      fc.property(offset, fc.constantFrom(HANOI, 'Europe/London'), (ms, zone) => {
        const found = dueText(new Date(NOW.getTime() + ms), NOW, zone, 'en');
        expect(found.overdue).toBe(ms < 0);
        expect(found.text.startsWith('overdue')).toBe(ms < 0);
        expect(Math.sign(found.days) * Math.sign(ms)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
