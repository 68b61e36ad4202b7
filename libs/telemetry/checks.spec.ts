import type { Expiry } from '../trust';
import { answers, directoryFresh, judge, keysValid, outboxWaits } from './checks';

const NOW = new Date('2026-11-29T12:00:00Z');
const ends = (use: string, daysLeft: number): Expiry => ({
  subject: 'vn',
  use,
  where: 'held',
  notAfter: '2026-12-01T00:00:00Z',
  daysLeft,
  level: daysLeft < 0 ? 0 : 14,
});

it('is up when what it asks answers', async () => {
  expect(await judge(answers(() => Promise.resolve(1)))).toEqual({ state: 'up' });
});

it.each([
  [0, 'up'],
  [900, 'up'],
  [901, 'degraded'],
])('looks at messages that have waited for %d seconds: %s', async (oldestS, state) => {
  expect(await judge(outboxWaits(() => Promise.resolve({ waiting: 1, oldestS })))).toEqual({
    state,
    facts: { waiting: 1, oldestS },
  });
});

it.each([
  ['2026-12-14T12:00:00Z', 15, 'up'],
  ['2026-12-13T11:59:59Z', 13, 'degraded'],
  ['2026-11-28T12:00:00Z', -1, 'degraded'], // a node works on with what it has
])('looks at a directory that ends at %s', async (expiresAt, daysLeft, state) => {
  const check = directoryFresh(
    () => ({ version: 7, expiresAt }),
    () => NOW,
  );
  expect(await judge(check)).toEqual({ state, facts: { version: 7, daysLeft } });
});

it.each<[string, readonly Expiry[], object]>([
  ['nothing ends soon', [], { state: 'up', facts: { ended: 0, ending: 0 } }],
  ['a key ends in a month', [ends('signing', 30)], { state: 'up', facts: { ended: 0, ending: 1, daysLeft: 30 } }],
  ['a key ends in days', [ends('signing', 3)], { state: 'degraded', facts: { ended: 0, ending: 1, daysLeft: 3 } }],
  [
    'a key of one unit has ended',
    [ends('signing', -1)],
    { state: 'degraded', facts: { ended: 1, ending: 0, daysLeft: -1 } },
  ],
  [
    'our certificate has ended',
    [ends('certificate', -1)],
    { state: 'down', facts: { ended: 1, ending: 0, daysLeft: -1 } },
  ],
  [
    'the directory ends, which another check tells',
    [ends('directory', -1)],
    { state: 'up', facts: { ended: 0, ending: 0 } },
  ],
])('looks at keys: %s', async (_, ending, result) => {
  expect(await judge(keysValid(() => Promise.resolve(ending)))).toEqual(result);
});

it('is down when it gets no answer, and does not wait for ever', async () => {
  jest.useFakeTimers();
  try {
    const judged = judge(() => new Promise(() => undefined));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await judged).toEqual({ state: 'down', facts: { code: 'no_answer' } });
  } finally {
    jest.useRealTimers();
  }
});
