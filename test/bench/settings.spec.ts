import { readSettings } from './settings';

describe('settings of the benchmark', () => {
  it('has defaults', () => {
    expect(readSettings([])).toEqual({
      json: false,
      seconds: 6,
      sizes: [2048, 102_400],
      backends: ['postgres', 'redis'],
      only: ['core', 'floor', 'bare', 'load'],
      sustained: false,
      rates: undefined,
      targets: false,
      record: false,
      history: false,
      samples: 2000,
      cases: 10_000,
      messages: 1_000_000,
      data: undefined,
      throughQueue: false,
      profile: false,
    });
  });

  it('reads every option', () => {
    const args =
      '--json --seconds 3 --sizes 4096 --backends redis --only core,timing --samples 500 --cases 30 --messages 5000 --rates 50,100 --record --history --through-queue --profile --data /x'.split(
        ' ',
      );
    expect(readSettings(args)).toEqual({
      json: true,
      seconds: 3,
      sizes: [4096],
      backends: ['redis'],
      only: ['core', 'timing'],
      sustained: false,
      rates: [50, 100],
      targets: false,
      record: true,
      history: true,
      samples: 500,
      cases: 30,
      messages: 5000,
      data: '/x',
      throughQueue: true,
      profile: true,
    });
  });

  it('measures minutes, of one size, for what is sustained and for the targets', () => {
    expect(readSettings(['--sustained'])).toMatchObject({
      sustained: true,
      seconds: 300,
      sizes: [2048],
      only: ['load'],
    });
    expect(readSettings(['--targets'])).toMatchObject({
      targets: true,
      seconds: 300,
      sizes: [2048],
      only: ['floor', 'bare', 'load', 'stored'],
    });
    expect(readSettings('--targets --seconds 20 --only load'.split(' '))).toMatchObject({
      seconds: 20,
      only: ['load'],
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
    [['--rates', '0'], '--rates'],
    [['--cases', '0'], '--cases'],
    [['--what'], '--what'],
    [['extra'], 'extra'],
  ])('refuses %j', (args, named) => {
    expect(() => readSettings(args)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(() => readSettings(args)).toThrow(named);
  });
});
