import { startCpu, startMemory, totalCpu } from './meter';

const GONE = { name: 'gone', pid: 2 ** 30, kind: 'single' } as const;

describe('meter', () => {
  it('adds up all processes', () => {
    expect(totalCpu({ office: 3, postgres: 4.5 })).toBe(7.5);
    expect(totalCpu({})).toBe(0);
  });

  it('has no total when one process is not known', () => {
    expect(totalCpu({ office: 3, redis: null })).toBeNull();
  });

  it('answers null for a process that is gone', () => {
    expect(startCpu([GONE])()).toEqual({ gone: null });
    expect(startMemory([GONE])()).toEqual({ gone: null });
  });
});
