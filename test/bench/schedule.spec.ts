import { dueAtMs, dueCount, totalCount } from './schedule';

describe('open-loop schedule', () => {
  const schedule = { ratePerS: 20, seconds: 2 };

  it('spreads the messages evenly from the beginning', () => {
    expect([0, 1, 2, 39].map((index) => dueAtMs(schedule, index))).toEqual([0, 50, 100, 1950]);
    expect(totalCount(schedule)).toBe(40);
  });

  it('makes each message due at its time, the first at once', () => {
    expect([-1, 0, 49, 50, 99, 100].map((ms) => dueCount(schedule, ms))).toEqual([0, 1, 1, 2, 2, 3]);
  });

  it('makes all that a stall missed due at once, with their own times', () => {
    expect(dueCount(schedule, 1_000)).toBe(21);
    expect(dueAtMs(schedule, 20)).toBe(1_000);
  });

  it('ends', () => {
    expect(dueCount(schedule, 60_000)).toBe(40);
  });

  it('agrees with itself at uneven rates', () => {
    const uneven = { ratePerS: 237.4, seconds: 3 };
    for (let index = 1; index < totalCount(uneven); index += 1) {
      expect(dueCount(uneven, dueAtMs(uneven, index) + 0.001)).toBe(index + 1);
      expect(dueCount(uneven, dueAtMs(uneven, index) - 0.001)).toBe(index);
    }
  });
});
