import { expiryOf } from '.';

describe('the lifetime of a message', () => {
  it.each([
    ['emergency', '2026-12-05T10:00:00.000Z'],
    ['urgent', '2026-12-12T10:00:00.000Z'],
    ['normal', '2026-12-21T10:00:00.000Z'],
  ] as const)('%s ends at %s', (priority, end) => {
    const now = new Date('2026-11-21T10:00:00.000Z');
    expect(expiryOf(priority, now).toISOString()).toBe(end);
    expect(now.toISOString()).toBe('2026-11-21T10:00:00.000Z');
  });
});
