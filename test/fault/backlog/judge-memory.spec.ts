import { judgeMemory } from './judge-memory';

const rising = (from: number, step: number, count = 30) => Array.from({ length: count }, (_, n) => from + n * step);
const level = (at: number, count = 30) => rising(at, 0, count);

describe('memory during a drain', () => {
  it.each([
    ['stays', level(300)],
    ['fills its heap, then stays', [...rising(90, 20, 10), ...level(290, 20)]],
    ['goes up and down', level(300).map((mb, n) => mb + (n % 2) * 60)],
    ['was hardly seen', rising(90, 40, 8)],
    ['was never seen', []],
  ])('of a process that %s is flat', (_, samples) => expect(judgeMemory(samples).flat).toBe(true));

  it.each([
    ['grows with every message', rising(90, 5)],
    ['grows late', [...level(200, 20), ...level(260, 10)]],
  ])('of a process that %s is not', (_, samples) => expect(judgeMemory(samples).flat).toBe(false));

  it('is told by the middle of the second and of the last third, and by its peak', () =>
    expect(judgeMemory([1, 900, 2, 200, 210, 220, 230, 231, 240])).toEqual({
      middleMb: 210,
      lastMb: 231,
      peakMb: 900,
      flat: true,
    }));
});
