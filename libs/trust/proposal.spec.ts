import { checkProposal } from '.';
import type { Directory, DirectoryNode, DirectoryUnit } from '../schema';
import { makeWorld, type World } from './fixtures/world';

describe('a document before anybody signs it', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  const edited = (
    version: number,
    edit: (unit: DirectoryUnit, vn: DirectoryNode) => unknown = () => undefined,
  ): Directory => {
    const directory = structuredClone({ ...world.directory, version });
    edit(directory.nodes[0]!.units[0]!, directory.nodes[0]!);
    return directory;
  };

  it('passes, the first one and one that follows', async () => {
    const next = edited(8);
    expect(await checkProposal(next, world.directory)).toBe(next);
    expect(await checkProposal(edited(9), world.directory)).toMatchObject({ version: 9 });
    expect(await checkProposal(world.directory)).toBe(world.directory);
  });

  it('is refused against the schema, in another domain, as an older one and as another one of the same version', async () => {
    await expect(checkProposal({ ...edited(8), nodes: [] }, world.directory)).rejects.toMatchObject({
      code: 'directory_malformed',
      faults: [{ pointer: '/nodes' }],
    });
    await expect(checkProposal({ ...edited(8), trustDomain: 'demo' }, world.directory)).rejects.toMatchObject({
      code: 'wrong_domain',
    });
    await expect(checkProposal(edited(6), world.directory)).rejects.toMatchObject({ code: 'directory_rollback' });
    await expect(checkProposal(edited(7), world.directory)).rejects.toMatchObject({ code: 'directory_fork' });
  });

  it('is refused with the faults of all checks at once', async () => {
    const base = edited(7, (unit) => (unit.signingKeys[0]!.status = 'revoked'));
    const bad = edited(8, (unit) => (unit.id = 'gb.forest'));
    await expect(checkProposal(bad, base)).rejects.toMatchObject({
      code: 'directory_malformed',
      faults: [
        { pointer: '/nodes/0/units/0/id', code: 'not_of_this_node' },
        { pointer: '/nodes/0/units/0/signingKeys/0/status', code: 'key_was_revoked' },
      ],
    });
    await expect(checkProposal(edited(8), base)).rejects.toMatchObject({ code: 'directory_key_unrevoked' });
    await expect(checkProposal(bad)).rejects.toMatchObject({ faults: [{ code: 'not_of_this_node' }] });
  });
});
