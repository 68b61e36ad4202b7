import { adoptDirectory, bringIntoForce, signDirectory } from '.';
import type { Directory, DirectoryNode, DirectoryUnit } from '../schema';
import { makeWorld, NOW, signatureEntry, type World } from './fixtures/world';

type Edit = (directory: Directory, vn: DirectoryNode, unit: DirectoryUnit) => unknown;

describe('a new version, and the keys of those before it', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });

  const edited = (version: number, ...edits: Edit[]): Directory => {
    const directory = structuredClone({ ...world.directory, version });
    const vn = directory.nodes[0]!;
    for (const edit of edits) edit(directory, vn, vn.units[0]!);
    return directory;
  };
  const sign = async (directory: Directory) =>
    Buffer.from(await signDirectory(directory, Object.values(world.governors)));
  const anchor = () => ({ trustDomain: 'test' as const, governance: world.directory.governance });
  const adopted = async (...versions: Directory[]) => {
    let last: Awaited<ReturnType<typeof bringIntoForce>> | undefined;
    for (const directory of versions) last = await bringIntoForce(directory, await sign(directory), last);
    return last!;
  };
  const next = async (directory: Directory, inForce: Awaited<ReturnType<typeof adopted>>) =>
    adoptDirectory(await sign(directory), anchor(), NOW, inForce);

  const revoke: Edit = (_, __, unit) => (unit.signingKeys[0]!.status = 'revoked');
  const UNREVOKED = { code: 'directory_key_unrevoked' };

  it('may revoke a key, retire one, take a retired one back, add one and leave one out', async () => {
    const inForce = await adopted(edited(7));
    const retired = edited(8, revoke, (_, vn) => (vn.receiptKeys[0]!.status = 'retired'));
    expect((await next(retired, inForce)).version).toBe(8);
    const fresh = await signatureEntry('vn.rcpt2');
    const back = edited(9, revoke, (_, vn, unit) => {
      vn.receiptKeys.push(fresh);
      unit.encryptionKeys.pop();
    });
    expect((await next(back, await adopted(edited(7), retired))).version).toBe(9);
  });

  it.each(['active', 'retired'] as const)('never brings a revoked key back as %s', async (status) => {
    const inForce = await adopted(edited(7, revoke));
    const back = edited(8, (_, __, unit) => (unit.signingKeys[0]!.status = status));
    await expect(next(back, inForce)).rejects.toMatchObject({
      ...UNREVOKED,
      detail: 'The first fault is at /nodes/0/units/0/signingKeys/0/status.',
      faults: [{ pointer: '/nodes/0/units/0/signingKeys/0/status', code: 'key_was_revoked' }],
    });
    expect((await next(edited(8, revoke), inForce)).version).toBe(8);
  });

  it('never brings it back under another id, nor in another place', async () => {
    const inForce = await adopted(edited(7, revoke));
    const renamed = edited(8, (_, __, unit) => (unit.signingKeys[0]!.kid = 'vn.sig2'));
    await expect(next(renamed, inForce)).rejects.toMatchObject(UNREVOKED);
    const moved = edited(8, (_, vn, unit) => vn.receiptKeys.push(...unit.signingKeys.splice(0)));
    await expect(next(moved, inForce)).rejects.toMatchObject(UNREVOKED);
  });

  it('never brings it back after it was left out for a while', async () => {
    const without = edited(8, (_, __, unit) => void unit.signingKeys.splice(0));
    const inForce = await adopted(edited(7, revoke), without);
    await expect(next(edited(9), inForce)).rejects.toMatchObject(UNREVOKED);
    expect((await next({ ...without, version: 9 }, inForce)).version).toBe(9);
  });

  it('never gives an id to another key, also not after it was left out', async () => {
    const other = await signatureEntry('vn.police.sig1');
    const changed = edited(9, (_, __, unit) => (unit.signingKeys[0] = { ...other, kid: unit.signingKeys[0]!.kid }));
    const CHANGED = {
      code: 'directory_key_changed',
      faults: [{ pointer: '/nodes/0/units/0/signingKeys/0/jwk', code: 'key_id_of_another_key' }],
    };
    await expect(next(changed, await adopted(edited(7)))).rejects.toMatchObject(CHANGED);
    const without = edited(8, (_, __, unit) => void unit.signingKeys.splice(0));
    await expect(next(changed, await adopted(edited(7), without))).rejects.toMatchObject(CHANGED);
  });

  it('may use one id for keys of two owners', async () => {
    const other = await signatureEntry('gb.rcpt1');
    const same = edited(8, (_, vn) => vn.receiptKeys.push({ ...other, kid: 'gb.rcpt1' }));
    expect((await next(same, await adopted(edited(7)))).version).toBe(8);
  });

  it('names all faults at once, the first as its code', async () => {
    const inForce = await adopted(edited(7, revoke, (_, vn) => (vn.receiptKeys[0]!.status = 'revoked')));
    const other = await signatureEntry('vn.sig9');
    const both = edited(8, (_, __, unit) => (unit.signingKeys[0]!.jwk = other.jwk));
    await expect(next(both, inForce)).rejects.toMatchObject({
      ...UNREVOKED,
      faults: [{ code: 'key_was_revoked' }, { code: 'key_id_of_another_key' }],
    });
  });

  it('is held against the one in force where nothing else is known', async () => {
    const directory = edited(7, revoke);
    await expect(next(edited(8), { directory, signed: await sign(directory) })).rejects.toMatchObject(UNREVOKED);
  });
});
