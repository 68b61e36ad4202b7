import { SCENARIOS } from './all';

describe('the list of scenarios', () => {
  it('names each once, in the form in which it is asked for', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name))).toEqual([]);
  });

  it('says of each how it comes about', () => {
    expect(SCENARIOS.filter(({ how }) => how.length < 20).map(({ name }) => name)).toEqual([]);
  });
});
