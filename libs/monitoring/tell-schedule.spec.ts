import { TraoError } from '../errors';
import { DAY, NOW } from './fixtures/quiet-node';
import { retryTellAt } from '.';

const later = (ms: number) => new Date(NOW.getTime() + ms);
const away = new TraoError('webhook_unavailable');

describe('a tell that failed', () => {
  it.each([
    [1, 10],
    [2, 20],
    [3, 40],
    [9, 2560],
    [10, 3600],
    [4000, 3600],
  ])('for the %dth time is tried again after %d s', (attempts, seconds) => {
    expect(retryTellAt(away, attempts, NOW, NOW)).toEqual(later(seconds * 1000));
  });

  it('is given up after a day', () => {
    expect(retryTellAt(away, 20, NOW, later(DAY - 1))).toEqual(later(DAY - 1 + 3_600_000));
    expect(retryTellAt(away, 20, NOW, later(DAY))).toBeUndefined();
  });

  it('is given up at once where it cannot succeed', () => {
    for (const code of ['webhook_gone', 'target_not_allowed', 'target_removed', 'mail_refused'] as const)
      expect(retryTellAt(new TraoError(code), 1, NOW, NOW)).toBeUndefined();
  });
});
