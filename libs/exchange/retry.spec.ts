import fc from 'fast-check';
import { afterFailure, CLOSED, newBatchLimit } from './circuit';
import { backoffMs, boundedRetryAfterMs, MAX_PAUSE_MS, MAX_PROBE_PAUSE_MS } from './retry';

const NOW = new Date('2026-11-21T09:00:00.000Z');
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempt = fc.integer({ min: 1, max: 10_000 });

describe('backoff', () => {
  it('draws from the whole range: full jitter', () => {
    expect(backoffMs(1, 0)).toBe(0);
    expect(backoffMs(1, 0.5)).toBe(500);
    expect(backoffMs(4, 0.25)).toBe(2_000);
    expect(backoffMs(4, 0.999)).toBe(7_992);
  });

  it('doubles its range with each attempt up to the ceiling', () => {
    fc.assert(
      fc.property(attempt, random, fc.integer({ min: 1, max: MAX_PAUSE_MS }), (n, draw, ceiling) => {
        const range = n > 31 ? ceiling : Math.min(ceiling, 1_000 * 2 ** (n - 1));
        const pause = backoffMs(n, draw, ceiling);
        expect(pause).toBe(Math.ceil(draw * range));
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(range);
      }),
    );
  });

  it('never waits longer than a quarter of an hour', () => {
    expect(MAX_PAUSE_MS).toBe(900_000);
    expect(backoffMs(1_000_000, 1)).toBe(MAX_PAUSE_MS);
  });
});

describe('Retry-After', () => {
  it.each([
    [5_000, 5_000],
    [1_000, 1_000],
    [1e12, MAX_PAUSE_MS],
    [0, 1_000],
    [-5_000, 1_000],
  ])('of %d ms becomes %d ms', (wish, pause) => {
    expect(boundedRetryAfterMs(wish)).toBe(pause);
  });
});

describe('the circuit of a partner', () => {
  it('waits longer with each failure, but never so long that its return goes unnoticed for a minute', () => {
    let circuit = CLOSED;
    for (let failure = 1; failure <= 20; failure += 1) {
      circuit = afterFailure(circuit, NOW, 0.999_999);
      expect(circuit.failures).toBe(failure);
      const pause = circuit.retryAt!.getTime() - NOW.getTime();
      expect(pause).toBe(Math.min(1_000 * 2 ** (failure - 1), MAX_PROBE_PAUSE_MS));
    }
  });

  it('does as the partner asks, within bounds', () => {
    const after = (ms: number) => afterFailure(CLOSED, NOW, 0.5, ms).retryAt!.getTime() - NOW.getTime();
    expect(after(60_000)).toBe(60_000);
    expect(after(1e15)).toBe(MAX_PAUSE_MS);
    expect(after(0)).toBe(1_000);
  });

  const after = (ms: number) => new Date(NOW.getTime() + ms);
  const LATER = after(1);
  it.each([
    ['closed, nothing under way', CLOSED, 0, 64],
    ['closed, one batch under way', CLOSED, 1, 64],
    ['closed, enough under way', CLOSED, 2, 0],
    ['open', { failures: 3, retryAt: LATER }, 0, 0],
    ['open, time for a probe', { failures: 3, retryAt: NOW }, 0, 1],
    ['open, for the longest pause', { failures: 3, retryAt: after(MAX_PAUSE_MS) }, 0, 0],
    ['open, for longer than any pause: a clock ran ahead', { failures: 3, retryAt: after(MAX_PAUSE_MS + 1) }, 0, 1],
    ['open, the probe under way', { failures: 3, retryAt: NOW }, 1, 0],
  ])('%s', (_, circuit, inFlight, limit) => {
    expect(newBatchLimit(circuit, NOW, 64, inFlight, 2)).toBe(limit);
  });
});
