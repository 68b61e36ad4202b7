import { adoptDirectory, assertInTime, oldGovernance, sameGovernance, signDirectory } from '.';
import { type SigningKey } from '../envelope';
import { type Directory } from '../schema';
import { governor, makeWorld, NOW, type World } from './fixtures/world';

type Anchor = Pick<Directory, 'trustDomain' | 'governance'>;
type GovernanceKey = Directory['governance']['keys'][number];

describe('adopting a directory', () => {
  let world: World;
  let directory: Directory;
  let anchor: Anchor;
  beforeAll(async () => {
    world = await makeWorld();
    ({ directory } = world);
    anchor = { trustDomain: 'test', governance: directory.governance };
  });

  const sign = async (change: Partial<Directory> = {}, by: readonly SigningKey[] = two()) =>
    Buffer.from(await signDirectory({ ...directory, ...change }, by));
  const two = () => [world.governors.vn, world.governors.gb];
  const inForce = async (change: Partial<Directory> = {}) => {
    const signed = await sign(change);
    return { directory: { ...directory, ...change }, signed };
  };
  /** An anchor in which the governance key of a country is changed. */
  const anchorWith = (node: string, change: Partial<GovernanceKey>): Anchor => {
    const keys = directory.governance.keys.map((key) => (key.node === node ? { ...key, ...change } : key));
    return { ...anchor, governance: { ...directory.governance, keys } };
  };

  it('takes one that the threshold of countries has signed', async () => {
    expect(await adoptDirectory(await sign(), anchor, NOW)).toEqual(directory);
    const three = [...two(), world.governors.la];
    expect(await adoptDirectory(await sign({}, three), anchor, NOW)).toEqual(directory);
  });

  it('takes the one in force again, also with other signatures', async () => {
    const now = await inForce();
    expect(await adoptDirectory(now.signed, anchor, NOW, now)).toEqual(directory);
    const resigned = await sign({}, [world.governors.gb, world.governors.la]);
    expect(await adoptDirectory(resigned, anchor, NOW, now)).toEqual(directory);
  });

  it('takes a newer one in its place', async () => {
    expect((await adoptDirectory(await sign({ version: 8 }), anchor, NOW, await inForce())).version).toBe(8);
  });

  it('refuses an older one (attack C-18)', async () => {
    await expect(adoptDirectory(await sign({ version: 6 }), anchor, NOW, await inForce())).rejects.toMatchObject({
      code: 'directory_rollback',
    });
  });

  it('refuses another one of the same version', async () => {
    const forked = await sign({ expiresAt: '2027-01-20T00:00:00Z' });
    await expect(adoptDirectory(forked, anchor, NOW, await inForce())).rejects.toMatchObject({
      code: 'directory_fork',
    });
  });

  it('refuses an expired one, at the very moment too (attack C-18: freeze)', async () => {
    const signed = await sign();
    const before = new Date('2026-12-19T23:59:59.999Z');
    expect(await adoptDirectory(signed, anchor, before)).toEqual(directory);
    await expect(adoptDirectory(signed, anchor, new Date(directory.expiresAt))).rejects.toMatchObject({
      code: 'directory_expired',
    });
  });

  it('takes one again as it was issued, though it and its signers have expired since', async () => {
    const ended = anchorWith('gb', { notAfter: '2026-11-21T00:00:00Z' });
    const signed = await sign({ governance: ended.governance });
    await expect(adoptDirectory(signed, ended, NOW)).rejects.toMatchObject({ code: 'directory_below_threshold' });
    expect(await adoptDirectory(signed, ended, 'as issued')).toMatchObject({ version: 7 });
    const alone = await sign({}, [world.governors.vn]);
    await expect(adoptDirectory(alone, anchor, 'as issued')).rejects.toMatchObject({
      code: 'directory_below_threshold',
    });
  });

  it('can be asked whether one is still in time', () => {
    const end = new Date(directory.expiresAt);
    expect(() => assertInTime(directory, new Date(end.getTime() - 1))).not.toThrow();
    expect(() => assertInTime(directory, end)).toThrow(expect.objectContaining({ code: 'directory_expired' }));
  });

  it('refuses one of another trust domain', async () => {
    await expect(adoptDirectory(await sign({ trustDomain: 'demo' }), anchor, NOW)).rejects.toMatchObject({
      code: 'wrong_domain',
    });
  });

  it('refuses one below the threshold', async () => {
    await expect(adoptDirectory(await sign({}, [world.governors.vn]), anchor, NOW)).rejects.toMatchObject({
      code: 'directory_below_threshold',
    });
    const { key: stranger } = await governor('ph');
    await expect(adoptDirectory(await sign({}, [world.governors.vn, stranger]), anchor, NOW)).rejects.toMatchObject({
      code: 'directory_below_threshold',
    });
  });

  it('refuses one with one signature twice', async () => {
    const twice = await sign({}, [world.governors.vn, world.governors.vn]);
    await expect(adoptDirectory(twice, anchor, NOW)).rejects.toMatchObject({ code: 'directory_below_threshold' });
  });

  it('counts two keys of one country as one voice', async () => {
    const second = await governor('vn', 'vn.gov2');
    const keys = [...directory.governance.keys, second.entry];
    const governance = { threshold: 2, keys };
    const wide = { ...anchor, governance };
    const signed = await sign({ governance }, [world.governors.vn, second.key]);
    await expect(adoptDirectory(signed, wide, NOW)).rejects.toMatchObject({ code: 'directory_below_threshold' });
    const enough = await sign({ governance }, [second.key, world.governors.gb]);
    expect(await adoptDirectory(enough, wide, NOW)).toMatchObject({ version: 7 });
  });

  it.each<[string, Partial<GovernanceKey>]>([
    ['revoked', { status: 'revoked' }],
    ['not yet valid', { notBefore: '2026-11-22T06:00:00.001Z' }],
    ['no longer valid', { notAfter: '2026-11-22T06:00:00Z' }],
  ])('does not count a governance key that is %s', async (_, change) => {
    const narrow = anchorWith('gb', change);
    const signed = await sign({ governance: narrow.governance });
    await expect(adoptDirectory(signed, narrow, NOW)).rejects.toMatchObject({ code: 'directory_below_threshold' });
  });

  it('counts a retired governance key within its time', async () => {
    const retired = anchorWith('gb', { status: 'retired', notBefore: '2026-11-22T06:00:00Z' });
    const signed = await sign({ governance: retired.governance, issuedAt: '2026-11-22T06:00:00Z' });
    expect(await adoptDirectory(signed, retired, NOW)).toMatchObject({ version: 7 });
  });

  it('changes the governance only with the old quorum and the new one', async () => {
    const ph = await governor('ph');
    const th = await governor('th');
    const [vnEntry] = directory.governance.keys;
    const governance = { threshold: 2, keys: [vnEntry!, ph.entry, th.entry] };
    const change = { version: 8, governance };
    const { vn, gb } = world.governors;

    const onlyOld = await sign(change, [vn, gb]);
    const onlyNew = await sign(change, [vn, ph.key]);
    const asStrangers = await sign(change, [ph.key, th.key]);
    for (const signed of [onlyOld, onlyNew, asStrangers]) {
      await expect(adoptDirectory(signed, anchor, NOW, await inForce())).rejects.toMatchObject({
        code: 'directory_below_threshold',
      });
      await expect(adoptDirectory(signed, anchor, NOW)).rejects.toMatchObject({ code: 'directory_below_threshold' });
    }
    const both = await sign(change, [vn, gb, ph.key]);
    expect((await adoptDirectory(both, anchor, NOW, await inForce())).governance).toEqual(governance);
  });

  it('trusts the governance in force, no longer that of the anchor', async () => {
    const ph = await governor('ph');
    const [vnEntry] = directory.governance.keys;
    const governance = { threshold: 2, keys: [vnEntry!, ph.entry] };
    const now = { directory: { ...directory, governance }, signed: await sign({ governance }) };
    await expect(adoptDirectory(await sign({ version: 8, governance }), anchor, NOW, now)).rejects.toMatchObject({
      code: 'directory_below_threshold',
    });
    const signed = await sign({ version: 8, governance }, [world.governors.vn, ph.key]);
    expect((await adoptDirectory(signed, anchor, NOW, now)).version).toBe(8);
  });

  it('can be asked whose signatures a new version needs first, and whether a governance is another one', async () => {
    const governance = { ...directory.governance, threshold: 3 };
    expect(oldGovernance(anchor)).toBe(directory.governance);
    expect(oldGovernance(anchor, await inForce({ governance }))).toEqual(governance);
    expect(sameGovernance(directory.governance, structuredClone(directory.governance))).toBe(true);
    expect(sameGovernance(directory.governance, governance)).toBe(false);
  });

  it('refuses one whose content was changed after signing', async () => {
    const jws = JSON.parse((await sign()).toString()) as { payload: string };
    const json = Buffer.from(jws.payload, 'base64url').toString().replace('gateway.gb', 'attack.gb');
    const changed = Buffer.from(JSON.stringify({ ...jws, payload: Buffer.from(json).toString('base64url') }));
    await expect(adoptDirectory(changed, anchor, NOW)).rejects.toMatchObject({ code: 'directory_below_threshold' });
  });
});
