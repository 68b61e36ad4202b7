import { TraoError } from '../errors';
import { isClean, Tally } from './suite';
import {
  ACCEPT,
  COUNTS,
  decline,
  judge,
  outcomeOf,
  passOver,
  refuse,
  sameResult,
  UnreadableCase,
  type Outcome,
} from './verdict';

describe('a verdict', () => {
  const outcomes: Readonly<Record<string, Outcome>> = {
    accept: ACCEPT,
    refuse: refuse('bad_signature'),
    decline: decline('bad_key'),
    differ: { did: 'differ', why: 'another result' },
    pass_over: passOver('Ed448', 'is not in use'),
    not_run: { did: 'not_run', why: 'another time' },
    unreadable: { did: 'unreadable', why: 'no key' },
  };

  it.each([
    ['accept', 'passed', 'wronglyAccepted', 'passed'],
    ['refuse', 'wronglyRejected', 'passed', 'passed'],
    ['decline', 'refusedByPolicy', 'passed', 'passed'],
    ['differ', 'wronglyRejected', 'wronglyAccepted', 'wronglyAccepted'],
    ['pass_over', 'refusedByPolicy', 'refusedByPolicy', 'refusedByPolicy'],
    ['not_run', 'notRun', 'notRun', 'notRun'],
    ['unreadable', 'unreadable', 'unreadable', 'unreadable'],
  ])('on what did %s: %s when valid, %s when invalid, %s when either is right', (did, valid, invalid, acceptable) => {
    const counts = (['valid', 'invalid', 'acceptable'] as const).map((label) => judge(label, outcomes[did]!).count);
    expect(counts).toEqual([valid, invalid, acceptable]);
  });

  it('compares results byte by byte', () => {
    expect(sameResult(Buffer.from('ab'), Buffer.from('ab'))).toBe(ACCEPT);
    expect(sameResult(Buffer.from('ab'), Buffer.from('ac')).did).toBe('differ');
    expect(sameResult(Buffer.from('ab'), Buffer.from('a')).did).toBe('differ');
  });

  it('takes what is thrown for a refusal, and a case that cannot be read for none', async () => {
    const thrown = (error: unknown) =>
      outcomeOf(() => {
        throw error;
      });
    expect(await thrown(new TraoError('bad_header'))).toEqual(refuse('bad_header'));
    expect(await thrown(new RangeError('x'))).toEqual(refuse('RangeError'));
    expect(await thrown('text')).toEqual(refuse('internal'));
    expect(await thrown(new UnreadableCase('no key'))).toEqual({ did: 'unreadable', why: 'no key' });
  });
});

describe('a tally', () => {
  const tally = new Tally('suite', 'file.json');
  for (const count of COUNTS) tally.add(`case ${count}`, { count, why: 'reason' });
  tally.add('another', { count: 'refusedByPolicy', why: 'reason' });
  tally.add('simply right', { count: 'passed' });
  const result = tally.result();

  it('counts each case once', () => {
    expect(result).toMatchObject({
      name: 'suite',
      source: 'file.json',
      cases: 9,
      passed: 2,
      refusedByPolicy: 2,
      notRun: 1,
    });
    expect(COUNTS.reduce((sum, count) => sum + result[count], 0)).toBe(result.cases);
  });

  it('lists what is wrong or disputed, and sums up the reasons of the rest', () => {
    expect(result.wrong.map(({ id, count, why }) => [id, count, why])).toEqual([
      ['case wronglyAccepted', 'wronglyAccepted', 'reason'],
      ['case wronglyRejected', 'wronglyRejected', 'reason'],
      ['case unreadable', 'unreadable', 'reason'],
    ]);
    expect(result.disputes.map(({ id }) => id)).toEqual(['case disputed']);
    expect(result.reasons).toEqual({ reason: 3 });
    expect(result.refusals).toEqual({ reason: 1 });
  });

  it('keeps its lists short and its counts whole', () => {
    const long = new Tally('long', '');
    for (let at = 0; at < 1_000; at += 1) long.add(`case ${at}`, { count: 'wronglyAccepted' });
    expect(long.result().wronglyAccepted).toBe(1_000);
    expect(long.result().wrong.length).toBe(200);
  });

  it.each(COUNTS)('is clean or not with one case %s', (count) => {
    const one = new Tally('one', '');
    one.add('case', { count });
    expect(isClean(one.result())).toBe(!['wronglyAccepted', 'wronglyRejected', 'unreadable'].includes(count));
  });
});
