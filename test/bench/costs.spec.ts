import { linesOfCosts, millionCostsOf } from './costs';
import { RESULT } from './fixtures/result';

const SUSTAINED = { ...RESULT, load: 'sustained', cpuMsByProcess: { 'vn-office': 3.5, redis: null } } as const;

describe('cost of a million messages', () => {
  it('comes from what one costs', () => {
    expect(millionCostsOf(SUSTAINED)).toEqual({
      cpuS: { 'vn-office': 3500, redis: null },
      cpuSInAll: 6000,
      databaseGb: { vn: 5, gb: 4.5 },
      walGb: 20,
      wireGb: 7,
    });
    expect(millionCostsOf({ ...SUSTAINED, wireBytesPerMessage: null, cpuMsPerMessage: null })).toMatchObject({
      wireGb: null,
      cpuSInAll: null,
    });
  });

  it('is told of long measurements only', () => {
    expect(linesOfCosts(RESULT)).toEqual([]);
    const text = linesOfCosts(SUSTAINED).join('\n');
    expect(text).toMatch(/3500 +s of a core +vn-office/);
    expect(text).toMatch(/4.5 +GB +tables of gb/);
    expect(text).toContain('vn outbox 4000');
  });
});
