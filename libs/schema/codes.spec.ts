import { listedUnits } from './codes';

describe('the listed units', () => {
  it('of a node are its own, under ids that begin with the node', () => {
    for (const node of ['vn', 'gb']) {
      const units = listedUnits(node);
      expect(units.length).toBeGreaterThan(3);
      expect(units.every(({ id }) => id.startsWith(`${node}.`))).toBe(true);
      expect(units.every(({ name }) => name.en.length > 0 && name.vi.length > 0)).toBe(true);
    }
  });

  it('of a node that nobody knows are none', () => {
    expect(listedUnits('zz')).toEqual([]);
  });

  it('say when a unit ceased to be', () => {
    expect(listedUnits('vn').find(({ id }) => id === 'vn.molisa')?.to).toBe('2025-03-01');
  });
});
