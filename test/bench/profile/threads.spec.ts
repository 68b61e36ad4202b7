import { grown } from './threads';

describe('grown', () => {
  it('sums what was added by name, and counts whole what began in between', () => {
    const before = new Map([
      [1, { name: 'main', ms: 100 }],
      [2, { name: 'V8Worker', ms: 10 }],
    ]);
    const after = new Map([
      [1, { name: 'main', ms: 150 }],
      [2, { name: 'V8Worker', ms: 30 }],
      [3, { name: 'V8Worker', ms: 5 }],
    ]);
    expect(grown(before, after)).toEqual({ main: 50, V8Worker: 25 });
  });
});
