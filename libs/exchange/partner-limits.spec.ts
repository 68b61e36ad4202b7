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
  const paused: number[] = [];
  const pause = (ms: number) => Promise.resolve(void paused.push(ms));
  return { clock, paused, limits: new PartnerLimits(rates, () => clock.ms, pause) };
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

describe('a partner that comes again whatever it is told', () => {
  /** Asks so often, and answers how many of the askings were put off. */
  async function ask(of: PartnerLimits, partner: string, times: number): Promise<number> {
    const asked = Array.from({ length: times }, () =>
      of
        .patiently(partner, async () => of.admitMessages(partner, batch('normal', 100)))
        .catch((error: unknown) => error),
    );
    return (await Promise.all(asked)).filter((answer) => answer instanceof RetryAfterError).length;
  }

  it('is told late what it does not heed, for as long as it does not', async () => {
    const { clock, paused, limits: of } = limits();
    expect(await ask(of, 'vn', 1 + 16)).toBe(16);
    expect(paused).toEqual([]);
    expect(await ask(of, 'vn', 3)).toBe(3);
    expect(paused).toEqual([1_000, 1_000, 1_000]);
    clock.ms = 500;
    expect(await ask(of, 'vn', 9)).toBe(9);
    expect(paused).toHaveLength(4);
  });

  it('makes nobody else wait, and is not made to wait with what it may send', async () => {
    const { clock, paused, limits: of } = limits();
    await ask(of, 'vn', 1 + 16);
    expect(await ask(of, 'kh', 1)).toBe(0);
    await expect(
      of.patiently('vn', async () => of.admitMessages('vn', batch('emergency', 1))),
    ).resolves.toBeUndefined();
    clock.ms = 20_000;
    expect(await ask(of, 'vn', 1)).toBe(0);
    expect(paused).toEqual([]);
  });

  it('hears of other faults at once', async () => {
    const { paused, limits: of } = limits();
    await ask(of, 'vn', 1 + 16);
    const failing = () => of.patiently('vn', () => Promise.reject(new Error('another fault')));
    await expect(failing()).rejects.toThrow('another fault');
    expect(paused).toEqual([]);
  });
});
