import { moduleOf, selfTimesOf, type CpuProfile } from './self-times';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

/** root → (idle), settle of ours → query of pg → writev, which is native; the garbage collector. Ten samples, a millisecond each. */
const PROFILE: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3, 6] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('settle', 'file:///x/dist/libs/exchange/settle.js', 9), children: [4] },
    { id: 4, callFrame: frame('query', '/x/node_modules/pg/lib/client.js', 99), children: [5] },
    { id: 5, callFrame: frame('writev') },
    { id: 6, callFrame: frame('(garbage collector)') },
  ],
  samples: [2, 2, 3, 4, 4, 5, 5, 5, 6, 2, 2],
  timeDeltas: [0, ...Array<number>(10).fill(1000)],
};

describe('selfTimesOf', () => {
  it('sums by function, without idling', () => {
    const { busyMs, functions } = selfTimesOf(PROFILE);
    expect(busyMs).toBe(7);
    expect(functions).toEqual([
      { what: 'writev', ms: 3 },
      { what: 'query pg/client.js:100', ms: 2 },
      { what: 'settle libs/exchange/settle.js:10', ms: 1 },
      { what: '(garbage collector)', ms: 1 },
    ]);
  });

  it('counts what is native for the package that called it', () => {
    expect(selfTimesOf(PROFILE).modules).toEqual([
      { what: 'pg', ms: 5 },
      { what: 'libs/exchange', ms: 1 },
      { what: '(garbage collector)', ms: 1 },
    ]);
  });

  it('gives a function of ours all that it called, once where it calls itself', () => {
    expect(selfTimesOf(PROFILE).within).toEqual([{ what: 'settle libs/exchange/settle.js:10', ms: 6 }]);
    const nested: CpuProfile = {
      nodes: [
        { id: 1, callFrame: frame('walk', '/x/dist/libs/text/walk.js'), children: [2] },
        { id: 2, callFrame: frame('walk', '/x/dist/libs/text/walk.js') },
      ],
      samples: [2, 2],
      timeDeltas: [0, 4000],
    };
    expect(selfTimesOf(nested).within).toEqual([{ what: 'walk libs/text/walk.js:1', ms: 4 }]);
  });
});

describe('moduleOf', () => {
  it.each([
    ['node:internal/crypto/keys', 'node:crypto'],
    ['node:events', 'node:events'],
    ['file:///a/node_modules/pg/node_modules/pg-protocol/dist/parser.js', 'pg-protocol'],
    ['/a/node_modules/@nestjs/core/router.js', '@nestjs/core'],
    ['/a/dist/apps/worker/main.js', 'apps/worker'],
    ['/tmp/vn-worker.cjs', 'vn-worker.cjs'],
    ['', ''],
  ])('%s is of %s', (url, module) => {
    expect(moduleOf(url)).toBe(module);
  });
});
