import { expiryNotice, EXPIRY_STEPS } from '.';

const END = '2026-12-31T00:00:00Z';
const DAY_MS = 86_400_000;
const before = (ms: number) => expiryNotice(END, new Date(Date.parse(END) - ms));

describe('how near an end is', () => {
  it('says nothing while it is far', () => {
    expect(before(60 * DAY_MS + 1)).toEqual({ daysLeft: 60, expired: false, step: undefined });
  });

  it.each(EXPIRY_STEPS)('reaches the step of %d days to the millisecond', (days) => {
    expect(before(days * DAY_MS)).toEqual({ daysLeft: days, expired: false, step: days });
    expect(before(days * DAY_MS + 1).step).not.toBe(days);
  });

  it('goes down the steps and stays at the last', () => {
    const steps = [59, 31, 30, 29, 15, 14, 8, 7, 6, 2, 1, 0.5].map((days) => before(days * DAY_MS).step);
    expect(steps).toEqual([60, 60, 30, 30, 30, 14, 14, 7, 7, 7, 1, 1]);
    expect(before(1)).toEqual({ daysLeft: 0, expired: false, step: 1 });
  });

  it('is over at the very moment', () => {
    expect(before(0)).toEqual({ daysLeft: 0, expired: true, step: 1 });
    expect(before(-1)).toEqual({ daysLeft: -1, expired: true, step: 1 });
  });
});
