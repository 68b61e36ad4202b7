import type { Directory } from '../../../libs/schema';
import { sameGovernance, signersOf, voicesOf, type DirectoryDocument, type Signer } from '../../../libs/trust';

/** How far the signatures of one quorum are. */
export interface QuorumState {
  /** `old`: of the version in force; `new`: of the version itself, where it has another governance. */
  readonly quorum: 'old' | 'new';
  readonly threshold: number;
  readonly signed: readonly string[];
  /** Countries that could still sign. */
  readonly missing: readonly string[];
  readonly signers: readonly Signer[];
}

/** Who has signed and who is missing, by the governance of the version before and, where it changes, by its own. */
export async function quorumsOf(
  read: DirectoryDocument,
  old: Directory['governance'],
  at: Date,
): Promise<QuorumState[]> {
  const own = read.directory.governance;
  const quorums = [await quorumOf('old', read, old, at)];
  return sameGovernance(old, own) ? quorums : [...quorums, await quorumOf('new', read, own, at)];
}

async function quorumOf(
  quorum: QuorumState['quorum'],
  { document }: DirectoryDocument,
  governance: Directory['governance'],
  at: Date,
): Promise<QuorumState> {
  const signers = await signersOf(document, governance, at);
  const signed = voicesOf(signers);
  const able = signers.filter(({ node, verdict }) => verdict !== 'not_valid' && !signed.includes(node));
  return {
    quorum,
    threshold: governance.threshold,
    signed,
    missing: [...new Set(able.map(({ node }) => node))],
    signers,
  };
}
