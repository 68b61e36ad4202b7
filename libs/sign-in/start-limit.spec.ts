import { StartLimit } from './start-limit';

describe('sign-ins that begin', () => {
  it('may be many at once and then ten a second', () => {
    let ms = 0;
    const limit = new StartLimit(() => ms);
    for (let n = 0; n < 300; n += 1) limit.begin();
    expect(() => limit.begin()).toThrow(expect.objectContaining({ code: 'overloaded' }) as Error);
    ms = 100;
    limit.begin();
    expect(() => limit.begin()).toThrow(expect.objectContaining({ code: 'overloaded' }) as Error);
    ms = 10_000_000;
    for (let n = 0; n < 300; n += 1) limit.begin();
    expect(() => limit.begin()).toThrow(expect.objectContaining({ code: 'overloaded' }) as Error);
  });

  it('goes by a clock of its own', () => {
    expect(() => new StartLimit().begin()).not.toThrow();
  });
});
