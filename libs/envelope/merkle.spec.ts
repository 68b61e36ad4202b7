import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { MerkleTree } from './manifest-parts';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The definition of RFC 9162 §2.1.1, word for word. */
function treeHash(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

function rootOf(leaves: readonly Uint8Array[]): string {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  expect(tree.count).toBe(leaves.length);
  return tree.root();
}

const hex = (text: string) => Buffer.from(text, 'hex');

describe('the Merkle tree hash', () => {
  /** The leaves and roots of the reference implementation of Certificate Transparency (merkletree/testonly). */
  const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const ROOTS = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  it.each(ROOTS.map((root, count) => [count, root] as const))('of the first %d known leaves', (count, root) => {
    expect(rootOf(LEAVES.slice(0, count).map(hex))).toBe(hex(root).toString('base64url'));
  });

  it('is the one of the definition for any number of leaves, and asking for it changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 70 }), (leaves) => {
        const tree = new MerkleTree();
        for (const [index, leaf] of leaves.entries()) {
          tree.add(leaf);
          expect(tree.root()).toBe(treeHash(leaves.slice(0, index + 1)).toString('base64url'));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes a node for no leaf', () => {
    const [a, b] = [hex('00'), hex('10')] as const;
    const node = Buffer.concat([sha256(Buffer.of(0), a), sha256(Buffer.of(0), b)]);
    expect(rootOf([node])).not.toBe(rootOf([a, b]));
  });
});
