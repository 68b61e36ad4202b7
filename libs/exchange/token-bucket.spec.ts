import { TokenBucket } from './token-bucket';

describe('a token bucket', () => {
  it('gives what it holds at once and then makes wait for what flows in', () => {
    const bucket = new TokenBucket(10, 20);
    expect(bucket.waitMs(20, 0)).toBe(0);
    bucket.take(20, 0);
    expect(bucket.waitMs(5, 0)).toBe(500);
    expect(bucket.waitMs(5, 400)).toBe(100);
    expect(bucket.waitMs(5, 500)).toBe(0);
  });

  it('never holds more than its burst', () => {
    const bucket = new TokenBucket(10, 20);
    bucket.take(1, 0);
    bucket.take(20, 1_000_000);
    expect(bucket.waitMs(1, 1_000_000)).toBe(100);
  });

  it('lets more through than it ever holds when it is full, and owes the rest', () => {
    const bucket = new TokenBucket(10, 20);
    expect(bucket.waitMs(50, 0)).toBe(0);
    bucket.take(50, 0);
    expect(bucket.waitMs(1, 0)).toBe(3_100);
    expect(bucket.waitMs(50, 0)).toBe(5_000);
  });

  it('takes nothing back when a clock runs backwards', () => {
    const bucket = new TokenBucket(10, 20);
    bucket.take(20, 1_000);
    expect(bucket.waitMs(10, 500)).toBe(1_000);
  });
});
