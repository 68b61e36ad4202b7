import fc from 'fast-check';
import { formatBytes, formatNumber } from '.';

describe('formatNumber', () => {
  it('groups and points as the language does', () => {
    expect(formatNumber(1_234_567.891, 'en', 2)).toBe('1,234,567.89');
    expect(formatNumber(1_234_567.891, 'vi', 2)).toBe('1.234.567,89');
    expect(formatNumber(2.4, 'vi')).toBe('2');
  });
});

describe('formatBytes', () => {
  it('counts in thousands', () => {
    expect([0, 999, 1_000, 1_500, 1_500_000, 2_500_000_000].map((size) => formatBytes(size, 'en'))).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '1.5 kB',
      '1.5 MB',
      '2.5 GB',
    ]);
    expect(formatBytes(1_500_000, 'vi')).toBe('1,5 MB');
    expect(formatBytes(4_000_000_000_000, 'en')).toBe('4,000 GB');
  });

  it('never makes a file smaller than it is', () => {
    expect(formatBytes(10_000_000, 'en')).toBe('10 MB');
    expect(formatBytes(10_000_001, 'en')).toBe('10.1 MB');
    expect(formatBytes(999_901, 'en')).toBe('1 MB');
    const factors: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (bytes) => {
        const [figure, unit] = formatBytes(bytes, 'en').split(' ') as [string, string];
        const shown = Number(figure) * factors[unit]!;
        expect(Math.round(shown)).toBeGreaterThanOrEqual(bytes);
        expect(shown).toBeLessThanOrEqual(bytes * 1.1 + 1);
      }),
    );
  });
});
