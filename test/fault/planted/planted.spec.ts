import { BUGS } from './bugs';
import { withBug } from './tree';

describe('planted bugs', () => {
  it('are at least twenty, each with a name of its own and something that must see it', () => {
    expect(BUGS.length).toBeGreaterThanOrEqual(20);
    expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
    for (const { checks, patches } of BUGS) expect(Math.min(checks.length, patches.length)).toBeGreaterThan(0);
  });

  it.each(BUGS.map((bug) => [bug.name, bug] as const))('%s still fits the sources', (_, { patches }) => {
    for (const { file, source } of withBug(patches)) {
      expect(file).toMatch(/^(libs|apps)\//);
      expect(source).not.toBe('');
    }
  });
});
