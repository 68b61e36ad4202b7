import { TraoError } from '../errors';
import { twoCountries } from '../../test/fakes/two-countries';
import { withUnit } from '../../test/fakes/rotation';
import { destroyEndedKeys, GRACE_MS, type HeldKey } from './destroy-keys';

const UNIT = 'gb.ho-sca';
const DAY_MS = 86_400_000;

async function holding(keys: readonly HeldKey[], inHand: readonly string[] = []) {
  const countries = await twoCountries();
  const { gb, clock } = countries;
  const held = [...keys];
  const list = () => Promise.resolve(held);
  const destroy = (kid: string) => {
    const at = held.findIndex((key) => key.kid === kid);
    if (at < 0) return Promise.reject(new TraoError('key_missing'));
    held.splice(at, 1);
    return Promise.resolve();
  };
  const self = { node: 'gb', partners: () => gb.world.partners };
  const run = (more = {}) =>
    destroyEndedKeys({ self, clock, keys: { list, destroy }, inHand: () => Promise.resolve(new Set(inHand)), ...more });
  /** The directory lists enc2 of the unit with this end and status. */
  const listed = (notAfter: Date, status: 'active' | 'retired' | 'revoked' = 'active') => {
    gb.world = withUnit(countries.world, UNIT, ({ encryptionKeys }) => ({
      encryptionKeys: encryptionKeys.map((key) => ({ ...key, notAfter: notAfter.toISOString(), status })),
    }));
  };
  return { ...countries, held, run, listed, destroy, list };
}

const ENC = { kid: 'gb.ho-sca.enc2', use: 'encryption' };

describe('destroying decryption keys', () => {
  it('waits for the end of a key and its grace, to the millisecond', async () => {
    const { run, listed, clock, held } = await holding([ENC]);
    listed(new Date(clock.now().getTime() - GRACE_MS + 1));
    expect(await run()).toEqual([]);
    clock.advance(1);
    expect(await run()).toEqual([ENC.kid]);
    expect(held).toEqual([]);
    expect(await run()).toEqual([]);
  });

  it('gives a key two weeks', () => {
    expect(GRACE_MS).toBe(14 * DAY_MS);
  });

  it.each(['retired', 'revoked'] as const)('counts from the directory that calls it %s', async (status) => {
    const { run, listed, clock, gb } = await holding([ENC]);
    const issued = new Date(gb.world.directory.issuedAt).getTime();
    listed(new Date(clock.now().getTime() + 300 * DAY_MS), status);
    clock.advance(issued + GRACE_MS - 1 - clock.now().getTime());
    expect(await run()).toEqual([]);
    clock.advance(1);
    expect(await run()).toEqual([ENC.kid]);
  });

  it('counts from the end of the key where that came before', async () => {
    const { run, listed, clock, gb } = await holding([ENC]);
    const issued = new Date(gb.world.directory.issuedAt).getTime();
    listed(new Date(issued - 5 * DAY_MS), 'retired');
    clock.advance(issued - 5 * DAY_MS + GRACE_MS - clock.now().getTime());
    expect(await run()).toEqual([ENC.kid]);
  });

  it('goes by what the key itself says, where it was retired by hand', async () => {
    const { run, clock } = await holding([
      { ...ENC, kid: 'never-listed', destroyAfter: '2026-12-01T00:00:00Z' },
      { ...ENC, destroyAfter: '2027-12-01T00:00:00Z' },
    ]);
    clock.advance(Date.parse('2026-12-01T00:00:00Z') - 1 - clock.now().getTime());
    expect(await run()).toEqual([]);
    clock.advance(1);
    expect(await run()).toEqual(['never-listed']);
    clock.advance(300 * DAY_MS);
    expect(await run()).toEqual([]);
  });

  it('leaves alone what no directory lists, and keys for other uses', async () => {
    const { run, clock, held } = await holding([
      { kid: 'gb.ho-sca.enc9', use: 'encryption' },
      { kid: 'gb.ho-sca.enc2', use: 'storage' },
    ]);
    clock.advance(3000 * DAY_MS);
    expect(await run()).toEqual([]);
    expect(held).toHaveLength(2);
  });

  it('leaves a key that a waiting message needs', async () => {
    const { run, clock, held } = await holding([ENC], [ENC.kid]);
    clock.advance(3000 * DAY_MS);
    expect(await run()).toEqual([]);
    expect(held).toHaveLength(1);
  });

  it('asks for waiting messages only when there is something to destroy', async () => {
    const { run } = await holding([ENC]);
    const inHand = () => Promise.reject(new TraoError('database_unavailable'));
    expect(await run({ inHand })).toEqual([]);
  });

  it('lets another process be faster, and passes other faults on', async () => {
    const { run, clock, list } = await holding([ENC]);
    clock.advance(3000 * DAY_MS);
    const failing = (code: 'key_missing' | 'internal') => ({
      keys: { list, destroy: () => Promise.reject(new TraoError(code)) },
    });
    expect(await run(failing('key_missing'))).toEqual([]);
    await expect(run(failing('internal'))).rejects.toMatchObject({ code: 'internal' });
  });
});
