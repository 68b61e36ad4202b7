import { createHash } from 'node:crypto';
import { encodeBase64url } from './base64url';

/** Leaves and nodes are hashed in domains of their own, so that neither can be shown as the other (RFC 9162 §2.1.1). */
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * The Merkle tree hash of RFC 9162 §2.1.1 over leaves that come one after the other. It keeps one hash for each complete subtree on the
 * right edge, so that the tree of a million leaves takes twenty of them.
 */
export class MerkleTree {
  /** Complete subtrees from left to right, each smaller than the one before. */
  private readonly edge: { readonly leaves: number; readonly hash: Buffer }[] = [];
  private leaves = 0;

  get count(): number {
    return this.leaves;
  }

  add(leaf: Uint8Array): void {
    this.leaves += 1;
    let right = { leaves: 1, hash: sha256(LEAF, leaf) };
    while (this.edge.at(-1)?.leaves === right.leaves) {
      const left = this.edge.pop()!;
      right = { leaves: left.leaves + right.leaves, hash: sha256(NODE, left.hash, right.hash) };
    }
    this.edge.push(right);
  }

  /** The hash of all leaves so far, base64url; of none the hash of nothing. More may be added afterwards. */
  root(): string {
    const [last, ...lefts] = this.edge.toReversed();
    if (!last) return encodeBase64url(sha256());
    return encodeBase64url(lefts.reduce((right, left) => sha256(NODE, left.hash, right), last.hash));
  }
}
