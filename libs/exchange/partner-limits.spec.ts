import { RetryAfterError } from './circuit';
import { PartnerLimits, type PartnerRates } from './partner-limits';
import { MAX_BATCH_BYTES } from './wire';

const RATES: PartnerRates = { messagesPerS: 10, bytesPerS: 100_000, burstS: 10 };

const tokenOf = (head: unknown, length = 0) =>
  `${Buffer.from(JSON.stringify(head)).toString('base64url')}.${'x'.repeat(length)}`;
const batch = (pri: unknown, count: number, length = 0) =>
  Array.from({ length: count }, () => tokenOf({ pri }, length));

function limits(rates = RATES) {
  const clock = { ms: 0 };
  return { clock, limits: new PartnerLimits(rates, () => clock.ms) };
}

function refusal(work: () => void): RetryAfterError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof RetryAfterError && error.code === 'rate_limited') return error;
    throw error;
  }
}

describe('limits of partners', () => {
  it('let a burst through and then ask to wait until the batch fits', () => {
    const { clock, limits: of } = limits();
    expect(refusal(() => of.admitMessages('vn', batch('normal', 100)))).toBeUndefined();
    expect(refusal(() => of.admitMessages('vn', batch('normal', 64)))?.retryAfterMs).toBe(6_400);
    clock.ms = 6_400;
    expect(refusal(() => of.admitMessages('vn', batch('normal', 64)))).toBeUndefined();
  });

  it('leave the other lanes of the partner and other partners alone', () => {
    const { limits: of } = limits();
    of.admitMessages('vn', batch('normal', 100));
    expect(refusal(() => of.admitMessages('vn', batch('normal', 1)))).toBeDefined();
    for (const lane of ['urgent', 'emergency'])
      expect(refusal(() => of.admitMessages('vn', batch(lane, 50)))).toBeUndefined();
    expect(refusal(() => of.admitMessages('kh', batch('normal', 100)))).toBeUndefined();
  });

  it('bound emergencies too', () => {
    const { limits: of } = limits();
    of.admitMessages('vn', batch('emergency', 64));
    expect(refusal(() => of.admitMessages('vn', batch('emergency', 1)))?.retryAfterMs).toBe(200);
  });

  it('take a mixed batch whole or not at all', () => {
    const { limits: of } = limits();
    of.admitMessages('vn', batch('normal', 100));
    const mixed = [...batch('urgent', 10), ...batch('normal', 1)];
    expect(refusal(() => of.admitMessages('vn', mixed))).toBeDefined();
    expect(refusal(() => of.admitMessages('vn', batch('urgent', 64)))).toBeUndefined();
  });

  it('count bytes, and let a full batch pass after a rest however little is allowed', () => {
    const { clock, limits: of } = limits({ ...RATES, messagesPerS: 1_000 });
    const full = batch('normal', 64, MAX_BATCH_BYTES / 64 - 100);
    expect(refusal(() => of.admitMessages('vn', full))).toBeUndefined();
    const waitMs = refusal(() => of.admitMessages('vn', full))!.retryAfterMs!;
    expect(waitMs).toBeGreaterThan(60_000);
    clock.ms = waitMs;
    expect(refusal(() => of.admitMessages('vn', full))).toBeUndefined();
  });

  it('let a full batch through, however low the rate', () => {
    const { limits: of } = limits({ ...RATES, messagesPerS: 1, burstS: 1 });
    expect(refusal(() => of.admitMessages('vn', batch('normal', 64)))).toBeUndefined();
    expect(refusal(() => of.admitMessages('vn', batch('normal', 1)))).toBeDefined();
  });

  it.each([
    ['no.head', 'x'],
    ['', ''],
    [tokenOf({ pri: 'highest' }), 'unknown'],
    [tokenOf(null), 'null'],
  ])('count %p as no emergency', (token) => {
    const { limits: of } = limits();
    of.admitMessages('vn', batch('normal', 100));
    expect(refusal(() => of.admitMessages('vn', [token]))).toBeDefined();
  });

  it('give receipts a budget of their own', () => {
    const { limits: of } = limits();
    of.admitMessages('vn', batch('normal', 100));
    of.admitReceipts('vn', 400, 1_000);
    expect(refusal(() => of.admitReceipts('vn', 1, 10))?.retryAfterMs).toBe(25);
    expect(refusal(() => of.admitReceipts('kh', 1, 10))).toBeUndefined();
  });
});
