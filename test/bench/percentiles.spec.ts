import { percentile, percentilesOf, rounded } from './percentiles';

describe('percentiles', () => {
  it('are measured values by nearest rank', () => {
    const values = [15, 20, 35, 40, 50];
    expect(percentile(values, 5)).toBe(15);
    expect(percentile(values, 30)).toBe(20);
    expect(percentile(values, 40)).toBe(20);
    expect(percentile(values, 50)).toBe(35);
    expect(percentile(values, 100)).toBe(50);
  });

  it('sorts as numbers and leaves the list as it was', () => {
    const values = [100, 9, 10];
    expect(percentilesOf(values)).toEqual({ p50: 10, p95: 100, p99: 100 });
    expect(values).toEqual([100, 9, 10]);
  });

  it('knows the slow end of a thousand', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index + 1);
    expect(percentilesOf(values)).toEqual({ p50: 500, p95: 950, p99: 990 });
  });

  it('answers one value for all and null for none', () => {
    expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
    expect(percentilesOf([])).toEqual({ p50: null, p95: null, p99: null });
  });

  it('rounds what is there', () => {
    expect(rounded(1.23456)).toBe(1.235);
    expect(rounded(12.34, 1)).toBe(12.3);
    expect(rounded(null)).toBeNull();
  });
});
