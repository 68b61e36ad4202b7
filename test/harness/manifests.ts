import { manifests } from '../../libs/envelope';
import type { reconciling } from '../../libs/exchange';
import { manifestWork } from '../../libs/storage';
import { NODES, type NodeId, type TwoNodes } from './two-nodes';

const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const AT_ONCE = 5_000;

/**
 * I12: what one node sent and has proof of is what the other holds, whole days and all time. It reads both sides with the statements that
 * manifests are made with, and changes nothing; messages must have come to rest.
 * @returns one line for each message that the two sides do not say the same about
 */
export async function manifestDifferences(nodes: Pick<TwoNodes, 'database'>): Promise<string[]> {
  const faults: string[] = [];
  for (const from of NODES) {
    const to = NODES.find((one) => one !== from)!;
    const [sent, held] = [await entriesOf(nodes, from, to, 'sent'), await entriesOf(nodes, to, from, 'received')];
    if (rootOf(sent) === rootOf(held)) continue;
    const told = (entry: reconciling.ManifestEntry | undefined) => entry && `${entry.standing} ${entry.digest}`;
    const [mine, theirs] = [sent, held].map((entries) => new Map(entries.map((entry) => [entry.id, entry])));
    for (const id of new Set([...mine!.keys(), ...theirs!.keys()])) {
      const [a, b] = [told(mine!.get(id)), told(theirs!.get(id))];
      if (a !== b) faults.push(`${id} is ${a ?? 'unknown'} at ${from} and ${b ?? 'unknown'} at ${to}`);
    }
  }
  return faults;
}

async function entriesOf(nodes: Pick<TwoNodes, 'database'>, node: NodeId, partner: NodeId, way: reconciling.Way) {
  const rows = manifestWork.manifestRows(await nodes.database(node));
  const all: reconciling.ManifestEntry[] = [];
  for (let after = FIRST; ;) {
    const page = await rows.entries(partner, way, after, LAST, AT_ONCE);
    all.push(...page);
    if (page.length < AT_ONCE) return all;
    after = page.at(-1)!.id;
  }
}

function rootOf(entries: readonly reconciling.ManifestEntry[]): string {
  const tree = new manifests.MerkleTree();
  for (const entry of entries) tree.add(manifests.manifestLeaf(entry));
  return tree.root();
}
