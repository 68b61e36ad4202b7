import type { KeyMetadata } from './describe';
import { nextWeeks, successorWindow, windowOf } from './rotation';

/** A Sunday. */
const NOW = new Date('2026-11-29T14:00:00Z');
const held = (notBefore: string, notAfter: string, more: Partial<KeyMetadata> = {}): KeyMetadata => ({
  kid: 'k',
  use: 'encryption',
  unit: 'vn.police',
  kind: 'hybrid',
  notBefore,
  notAfter,
  where: 'file',
  fingerprint: '',
  ...more,
});
const starts = (windows: readonly { notBefore: Date }[]) =>
  windows.map(({ notBefore }) => notBefore.toISOString().slice(0, 10));

describe('weekly keys', () => {
  it('begin with this week, from Monday to Monday, and overlap', () => {
    const [first, second] = nextWeeks([], 2, NOW) as [{ notBefore: Date; notAfter: Date }, { notBefore: Date }];
    expect(starts([first, second])).toEqual(['2026-11-23', '2026-11-30']);
    expect(first.notBefore.toISOString()).toBe('2026-11-23T00:00:00.000Z');
    expect(first.notAfter.toISOString()).toBe('2026-12-02T00:00:00.000Z');
  });

  it('begin on a Monday with that Monday', () => {
    expect(starts(nextWeeks([], 1, new Date('2026-11-30T00:00:00Z')))).toEqual(['2026-11-30']);
  });

  it('go on after the last one that there is', () => {
    const series = [
      held('2026-12-07T00:00:00Z', '2026-12-16T00:00:00Z'),
      held('2026-11-30T00:00:00Z', '2026-12-09T00:00:00Z'),
    ];
    expect(starts(nextWeeks(series, 2, NOW))).toEqual(['2026-12-14', '2026-12-21']);
  });

  it('begin anew where the series has ended, was retired, or was none', () => {
    const others = [
      held('2026-08-03T00:00:00Z', '2026-08-12T00:00:00Z'),
      held('2026-12-07T00:00:00Z', '2026-12-16T00:00:00Z', { retiredAt: '2026-11-01T00:00:00Z' }),
      held('2026-11-01T00:00:00Z', '2027-11-01T00:00:00Z'),
    ];
    expect(starts(nextWeeks(others, 1, NOW))).toEqual(['2026-11-23']);
  });

  it('leave no gap, and each has a newer one before it ends', () => {
    const windows = nextWeeks([], 12, NOW);
    for (const [at, { notAfter }] of windows.slice(0, -1).entries())
      expect(windows[at + 1]!.notBefore.getTime()).toBeLessThan(notAfter.getTime());
  });
});

describe('the key after a signing key', () => {
  const days = (from: Date) => Math.round((from.getTime() - NOW.getTime()) / 86_400_000);

  it('begins when all partners can know it', () => {
    const { notBefore, notAfter } = successorWindow(
      'signing',
      [held('2026-01-01T00:00:00Z', '2027-06-01T00:00:00Z')],
      NOW,
    );
    expect([days(notBefore), days(notAfter)]).toEqual([14, 379]);
  });

  it('begins earlier when the other ends before that, so that they overlap', () => {
    const old = held('2026-01-01T00:00:00Z', '2026-12-11T14:00:00Z');
    expect(days(successorWindow('signing', [old], NOW).notBefore)).toBe(5);
    const ending = held('2026-01-01T00:00:00Z', '2026-11-30T14:00:00Z');
    expect(days(successorWindow('signing', [ending], NOW).notBefore)).toBe(0);
  });

  it('begins at once when there is none, or none that counts', () => {
    const retired = held('2026-01-01T00:00:00Z', '2027-06-01T00:00:00Z', { retiredAt: '2026-11-01T00:00:00Z' });
    for (const others of [[], [retired]]) expect(successorWindow('receipt', others, NOW).notBefore).toEqual(NOW);
  });
});

it('gives a TLS key no more days than certification authorities give', () => {
  const { notBefore, notAfter } = windowOf('tls', NOW);
  expect((notAfter.getTime() - notBefore.getTime()) / 86_400_000).toBe(397);
});
