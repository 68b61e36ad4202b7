import { pingDraft } from '../../test/fakes/documents';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError, type Code } from '../errors';
import { RetryAfterError } from './circuit';
import { deliver } from './deliver';

const UNIT = 'vn.mps-criminal';

/** Two messages in one claimed batch whose post fails with `error`. */
async function failing(error: Error) {
  const countries = await twoCountries();
  const { vn, clock } = countries;
  for (let n = 0; n < 2; n += 1) await vn.send(pingDraft(), UNIT);
  const batch = await vn.claim('deliver');
  const ports = { ...vn.ports.deliver, random: () => 0.5, post: () => Promise.reject(error) };
  const rows = () => [...vn.tables.outbox.values()];
  const pause = () => vn.tables.circuits.get('gb')!.retryAt!.getTime() - clock.now().getTime();
  return { ...countries, rows, pause, run: () => deliver(batch.id, ports) };
}

describe('a partner that fails as a whole', () => {
  it.each<Code>(['partner_unreachable', 'partner_tls', 'partner_busy'])('%s: messages stay due', async (code) => {
    const { vn, clock, rows, pause, run } = await failing(new TraoError(code));
    await run();
    for (const row of rows()) {
      expect(row).toMatchObject({ state: 'sending', strikes: 0, batch: undefined, dueAt: clock.now() });
    }
    expect(vn.tables.circuits.get('gb')!.failures).toBe(1);
    expect(pause()).toBe(500);
    expect(vn.tables.attempts.map((attempt) => attempt.code)).toEqual([code, code]);
    expect(vn.alarms).toEqual([]);
  });

  it.each<Code>(['partner_timeout', 'partner_error', 'bad_answer'])('%s: a message may be the cause', async (code) => {
    const { clock, rows, pause, run } = await failing(new TraoError(code));
    await run();
    for (const row of rows()) {
      expect(row).toMatchObject({ state: 'sending', strikes: 1, batch: undefined });
      expect(row.dueAt.getTime() - clock.now().getTime()).toBe(500);
    }
    expect(pause()).toBe(500);
  });

  it('opens its circuit further with each failure', async () => {
    const { vn, pause, run } = await failing(new TraoError('partner_unreachable'));
    vn.tables.circuits.set('gb', { failures: 3, retryAt: undefined });
    await run();
    expect(vn.tables.circuits.get('gb')!.failures).toBe(4);
    expect(pause()).toBe(4_000);
  });

  it.each([
    [new RetryAfterError('partner_busy', 2_500, 'HTTP 429'), 2_500],
    [new RetryAfterError('partner_busy', 1e9, 'HTTP 429'), 5_000],
    [new RetryAfterError('partner_busy', undefined, 'HTTP 429'), 1_000],
    [new TraoError('partner_busy'), 1_000],
  ])('with too much of a lane makes that lane wait, not its circuit', async (error, expected) => {
    const { vn, clock, rows } = await failing(error);
    vn.tables.circuits.set('gb', { failures: 2, retryAt: clock.now() });
    const waits: number[] = [];
    const ports = {
      ...vn.ports.deliver,
      post: (_partner: string, _tokens: readonly string[], note?: (facts: { httpStatus: number }) => void) => {
        note?.({ httpStatus: 429 });
        return Promise.reject(error);
      },
      pause: (ms: number) => Promise.resolve(void waits.push(ms)),
    };
    await deliver(vn.tables.batches.keys().next().value!, ports);
    expect(waits).toEqual([expected]);
    expect(vn.tables.circuits.get('gb')).toEqual({ failures: 0, retryAt: undefined });
    for (const row of rows()) expect(row).toMatchObject({ strikes: 0, batch: undefined, dueAt: clock.now() });
  });

  it.each([
    [60_000, 60_000],
    [1e12, 900_000],
    [0, 1_000],
    [undefined, 500],
  ])('Retry-After of %p ms: a pause of %d ms', async (wish, expected) => {
    const { pause, run } = await failing(new RetryAfterError('partner_busy', wish, 'HTTP 503'));
    await run();
    expect(pause()).toBe(expected);
  });

  it('is heard of again after the pause, and then all messages go', async () => {
    const { vn, gb, clock, rows, run } = await failing(new TraoError('partner_unreachable'));
    await run();
    expect(await vn.relay()).toBe(0);
    clock.advance(500);
    await vn.work();
    expect(rows().map(({ state }) => state)).toEqual(['received', 'received']);
    expect(gb.tables.inbox.size).toBe(2);
  });
});

describe('a fault of this machine', () => {
  it.each<[string, Error]>([
    ['a bug', new TypeError('x is not a function')],
    ['a partner that left the directory', new TraoError('unknown_sender')],
    ['a lost database', new TraoError('database_unavailable')],
    ['a missing key', new TraoError('key_missing')],
  ])('%s is thrown, and not held against the partner', async (_, error) => {
    const { vn, clock, rows, run } = await failing(error);
    await expect(run()).rejects.toMatchObject({ code: expect.any(String) });
    expect(vn.tables.circuits.size).toBe(0);
    expect(rows().map(({ state, strikes }) => [state, strikes])).toEqual([
      ['sending', 0],
      ['sending', 0],
    ]);
    clock.advance(30_000);
    expect(await vn.relay()).toBe(1);
  });

  it('after the answer loses nothing: the receipts come again', async () => {
    const { vn, gb, clock } = await twoCountries();
    await vn.send(pingDraft(), UNIT);
    const batch = await vn.claim('deliver');
    const transaction = () => Promise.reject(new TraoError('database_unavailable'));
    await expect(deliver(batch.id, { ...vn.ports.deliver, transaction })).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    expect(gb.tables.inbox.size).toBe(1);
    clock.advance(30_000);
    await vn.work();
    expect([...vn.tables.outbox.values()].map(({ state }) => state)).toEqual(['received']);
    expect(gb.tables.inbox.size).toBe(1);
  });

  it('while receipts are verified is no fault of the receipts', async () => {
    const { vn } = await twoCountries();
    await vn.send(pingDraft(), UNIT);
    const batch = await vn.claim('deliver');
    const partners = () => {
      throw new TraoError('internal');
    };
    const ports = { ...vn.ports.deliver, self: { node: 'vn', partners } };
    await expect(deliver(batch.id, ports)).rejects.toMatchObject({ code: 'internal' });
    expect([...vn.tables.outbox.values()].map(({ strikes }) => strikes)).toEqual([0]);
  });
});
