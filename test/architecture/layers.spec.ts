import { cruise, readable, ROOT, rules } from './cruise';

describe('layers', () => {
  it('hold in the whole code base', () => {
    const { modules, violations } = cruise(ROOT);

    expect(readable(violations)).toBe('');
    // Guards against a run that finds nothing because it looked nowhere.
    expect(modules).toBeGreaterThan(10);
  }, 120_000);

  it('are rules that fail the build and say why', () => {
    for (const rule of rules()) {
      expect(rule).toMatchObject({ severity: 'error', comment: expect.stringMatching(/^.{30,}$/) });
    }
  });
});
