import { importEncryptionKey } from '../../libs/envelope';
import type { Directory, DirectoryUnit } from '../../libs/schema';
import { Partners } from '../../libs/trust';
import { makePair, type FictionalPair } from './fictional-keys';
import type { FictionalWorld } from './fictional-world';
import type { MemoryNode } from './memory-node';

const VALIDITY = { notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-11-01T00:00:00Z' };

/** The world after its countries have agreed on another entry for a unit. Whether a node has heard of it is up to the test. */
export function withUnit(
  world: FictionalWorld,
  id: string,
  change: (unit: DirectoryUnit) => Partial<DirectoryUnit>,
): FictionalWorld {
  const nodes = world.directory.nodes.map((node) => ({
    ...node,
    units: node.units.map((unit) => (unit.id === id ? { ...unit, ...change(unit) } : unit)),
  }));
  const directory: Directory = { ...world.directory, version: world.directory.version + 1, nodes };
  return { ...world, directory, partners: new Partners(directory) };
}

/** A world in which a unit has a new encryption key and all earlier ones are retired. */
export async function withNewKey(world: FictionalWorld, unit: string, kid: string) {
  const entry = world.directory.nodes.find(({ units }) => units.some(({ id }) => id === unit))!;
  const suite = entry.suites[0]!;
  const pair = await makePair(kid, suite);
  return { world: withPair(world, unit, pair), pair };
}

/** The same with a key pair that is there. */
export function withPair(world: FictionalWorld, unit: string, { kid, publicJwk }: FictionalPair): FictionalWorld {
  return withUnit(world, unit, ({ encryptionKeys }) => {
    const { suite } = encryptionKeys[0]!;
    const listed = { kid, jwk: publicJwk, ...VALIDITY, status: 'active', suite } as const;
    return { encryptionKeys: [...encryptionKeys.map((key) => ({ ...key, status: 'retired' as const })), listed] };
  });
}

/** What a node does when the time of its keys is over: it holds the new one and destroys all others of the unit. */
export async function replaceKeys(node: MemoryNode, unit: string, { kid, privateJwk }: FictionalPair): Promise<void> {
  for (const [known, { unit: owner }] of node.keys.decryption) if (owner === unit) node.keys.decryption.delete(known);
  node.keys.decryption.set(kid, { unit, key: await importEncryptionKey(kid, privateJwk) });
}
