import type { Message, StatsDimensions } from '../schema';
import { example, listed } from './fixtures/examples';
import { statisticsFaults } from './statistics';

function faults(row: { count?: number; suppressed?: true; dimensions?: StatsDimensions }): string[] {
  const report = example('stats-report-gb-to-vn') as Extract<Message, { statsReport: unknown }>;
  const table = [
    { dimensions: {}, count: 0 },
    { dimensions: {}, ...row },
  ];
  return listed(statisticsFaults({ ...report, statsReport: { ...report.statsReport, table } }));
}
const small = 'count_too_small /statsReport/table/1/count';
const rough = 'count_not_rounded /statsReport/table/1/count';

describe('a report of counts', () => {
  it.each<[number, string[]]>([
    [0, []],
    [1, [rough, small]],
    [5, [small]],
    [9, [rough, small]],
    [10, []],
    [11, [rough]],
    [15, []],
    [1000, []],
    [1001, [rough]],
  ])('a count of %d', (count, expected) => {
    expect(faults({ count })).toEqual(expected);
  });

  it('may suppress a count', () => {
    expect(faults({ suppressed: true })).toEqual([]);
  });

  it('has three dimensions at most', () => {
    const three = { direction: 'sent', purpose: 'VERIFY', gender: 'female' } as const;
    expect(faults({ count: 0, dimensions: three })).toEqual([]);
    expect(faults({ count: 0, dimensions: { ...three, month: '2026-10' } })).toEqual([
      'too_many_fields /statsReport/table/1/dimensions',
    ]);
  });

  it('is the only message with counts', () => {
    expect(statisticsFaults(example('ping-vn-to-gb'))).toEqual([]);
  });
});
