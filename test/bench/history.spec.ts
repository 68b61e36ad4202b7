import { MACHINE } from './fixtures/result';
import { changeOf, lineOf, readHistory } from './history';
import { linesOfHistory } from './history-lines';
import type { Target } from './targets';

const rate = (value: number | null): Target => ({
  name: 'delivered',
  unit: '/s',
  value,
  least: 250,
  met: value === null ? null : value >= 250,
});
const run = (commit: string | undefined, value: number | null, faults: string[] = []) =>
  lineOf({
    at: new Date('2026-11-29T23:50:00.123Z'),
    commit,
    machine: MACHINE,
    seconds: 300,
    targets: [rate(value)],
    faults,
  });

describe('history', () => {
  it('is one line of JSON for each run', () => {
    const text = run('abc1234', 200) + run(undefined, null, ['VOID: x']);
    expect(text.match(/\n/g)).toHaveLength(2);
    expect(readHistory(text)).toMatchObject([
      {
        date: '2026-11-29T23:50:00Z',
        commit: 'abc1234',
        loadAverage: [0, 0, 0],
        figures: [{ value: 200, met: false }],
      },
      { faults: ['VOID: x'], figures: [{ value: null }] },
    ]);
    expect(() => readHistory('no json')).toThrow(SyntaxError);
    expect(readHistory('')).toEqual([]);
  });

  it('shows the change to the last run that has the figure', () => {
    const text = linesOfHistory(readHistory(run('aaa', 200) + run('bbb', null, ['VOID: lost']) + run('ccc', 250))).join(
      '\n',
    );
    expect(text).toMatch(/200 +\/s +≥ 250 +MISSED +delivered/);
    expect(text).toMatch(/250 +\/s +≥ 250 +met +\+25 % +delivered/);
    expect(text).toContain('VOID: lost');
    expect(linesOfHistory([])[0]).toContain('--record');
  });

  it('knows no change from nothing', () => {
    expect(changeOf(undefined, 5)).toBe('');
    expect(changeOf(0, 5)).toBe('');
    expect(changeOf(5, null)).toBe('');
    expect(changeOf(100, 87.5)).toBe('-12.5 %');
  });
});
