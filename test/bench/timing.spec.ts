import { open } from '../../libs/envelope';
import { asTraoError } from '../../libs/errors';
import { measureTiming, rowOf } from './timing';
import { failureGroups } from './timing-failures';

describe('the timing of refusals', () => {
  it('has the classes that the attack catalogue counts the work of, and each fails as it should', async () => {
    const groups = await failureGroups();
    expect(groups.map(({ group, classes }) => [group, classes.length])).toEqual([
      ['decrypt, hybrid', 8],
      ['decrypt, classic', 9],
      ['signer', 3],
    ]);
    for (const { group, classes } of groups) {
      for (const { tokens, context } of classes) {
        expect(new Set(tokens).size).toBe(tokens.length);
        const codes = await Promise.all(
          tokens.map((token) =>
            open(token, context).then(
              () => 'opened',
              (error: unknown) => asTraoError(error).code,
            ),
          ),
        );
        const intended = group === 'signer' ? /^(bad_signature|unknown_sender)$/ : /^undecryptable$/;
        expect([...new Set(codes)].join()).toMatch(intended);
      }
    }
  });

  it('has a row for every class, the first of each group beside itself', async () => {
    const rows = await measureTiming(10);
    expect(rows).toHaveLength(20);
    for (const { samples, medianUs, meanUs, medianRatio } of rows) {
      expect([samples, medianUs > 0, meanUs > 0, medianRatio > 0]).toEqual([10, true, true, true]);
    }
    const first = rows.filter(({ group }, at) => rows.findIndex((row) => row.group === group) === at);
    expect(first.map(({ medianRatio, meanRatio, welchT }) => [medianRatio, meanRatio, welchT])).toEqual([
      [1, 1, 0],
      [1, 1, 0],
      [1, 1, 0],
    ]);
  }, 60_000);
});

describe('a row', () => {
  const times = (from: number) => Array.from({ length: 100 }, (_, at) => from + (at % 10));

  it('compares medians and means, and tells whether the difference can be chance', () => {
    expect(rowOf('g', 'f', times(200), times(100))).toMatchObject({ medianUs: 204, medianRatio: 1.962, samples: 100 });
    expect(rowOf('g', 'f', times(200), times(100)).welchT).toBeGreaterThan(100);
    expect(rowOf('g', 'f', times(100), times(100))).toMatchObject({ medianRatio: 1, meanRatio: 1, welchT: 0 });
    expect(rowOf('g', 'f', times(100), times(200)).welchT).toBeLessThan(-100);
  });

  it('leaves out the slowest twentieth, which is other work on the machine', () => {
    const disturbed = [...Array.from({ length: 95 }, () => 100), ...Array.from({ length: 5 }, () => 1_000_000)];
    expect(rowOf('g', 'f', disturbed, [100, 100])).toMatchObject({ meanUs: 100, meanRatio: 1, welchT: 0 });
  });
});
