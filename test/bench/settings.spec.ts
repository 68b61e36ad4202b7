import { readSettings } from './settings';

describe('settings of the benchmark', () => {
  it('has defaults', () => {
    expect(readSettings([])).toEqual({
      json: false,
      seconds: 6,
      sizes: [2048, 102_400],
      backends: ['postgres', 'redis'],
      only: ['core', 'floor', 'bare', 'load'],
      samples: 2000,
      cases: 10_000,
      messages: 1_000_000,
      data: undefined,
      profile: false,
    });
  });

  it('reads every option', () => {
    const args =
      '--json --seconds 3 --sizes 4096 --backends redis --only core,timing --samples 500 --cases 30 --messages 5000 --profile --data /x'.split(
        ' ',
      );
    expect(readSettings(args)).toEqual({
      json: true,
      seconds: 3,
      sizes: [4096],
      backends: ['redis'],
      only: ['core', 'timing'],
      samples: 500,
      cases: 30,
      messages: 5000,
      data: '/x',
      profile: true,
    });
  });

  it('answers help', () => {
    expect(readSettings(['--help'])).toBe('help');
  });

  it.each([
    [['--seconds', '0'], '--seconds'],
    [['--seconds', '1.5'], '--seconds'],
    [['--sizes', '2048,'], '--sizes'],
    [['--backends', 'kafka'], 'kafka'],
    [['--only', 'ceiling'], 'ceiling'],
    [['--samples', '9'], '--samples'],
    [['--cases', '0'], '--cases'],
    [['--what'], '--what'],
    [['extra'], 'extra'],
  ])('refuses %j', (args, named) => {
    expect(() => readSettings(args)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(() => readSettings(args)).toThrow(named);
  });
});
