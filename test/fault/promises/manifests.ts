import type { reconciling } from '../../../libs/exchange';
import { manifestWork } from '../../../libs/storage';
import { NODES, type TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import { readerOf } from './reading';

const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const MOST = 1_000_000;

/** How long the two sides may say different things after a run: a receipt for a message that somebody has just opened is on its way. */
const UNDER_WAY_MS = 20_000;

/** I12: no message about which the two nodes do not say the same, and no comparison of theirs has found a difference that is still there. */
export async function differingManifests(nodes: TwoNodes): Promise<string[]> {
  let faults: string[] = [];
  const agreed = async () => (faults = await manifestDifferences(nodes)).length === 0;
  await waitFor('the two sides to say the same', agreed, { timeoutMs: UNDER_WAY_MS, everyMs: 250 }).catch(
    (error: Error) => {
      if (faults.length === 0) throw error;
    },
  );
  for (const node of NODES) {
    const open = await readerOf(
      nodes,
      node,
    )<{ kind: string; id: string }>('SELECT kind, message_id AS id FROM manifest_finding WHERE healed_at IS NULL');
    faults.push(...open.map(({ kind, id }) => `${node} has found ${id} ${kind}`));
  }
  return faults;
}

/**
 * What one node would sign as sent to the other is what that one would sign as received, message by message, of all days. It reads both
 * sides with the statements that manifests are made with; messages must have come to rest.
 * @returns one line for each message about which the two sides do not say the same
 */
export async function manifestDifferences(nodes: TwoNodes): Promise<string[]> {
  const faults: string[] = [];
  for (const from of NODES) {
    const to = from === 'vn' ? 'gb' : 'vn';
    const [here, there] = [readerOf(nodes, from), readerOf(nodes, to)];
    const [sent, received] = await Promise.all([
      manifestWork.manifestRows({ query: here }).entries(to, 'sent', LOWEST, HIGHEST, MOST),
      manifestWork.manifestRows({ query: there }).entries(from, 'received', LOWEST, HIGHEST, MOST),
    ]);
    faults.push(...differences(sent, received).map((line) => `${from} to ${to}: ${line}`));
  }
  return faults;
}

/** Messages about which two lists do not say the same. */
export function differences(
  sent: readonly reconciling.ManifestEntry[],
  received: readonly reconciling.ManifestEntry[],
): string[] {
  const textOf = ({ digest, standing }: reconciling.ManifestEntry) => `${standing} ${digest}`;
  const mine = new Map(sent.map((entry) => [entry.id, textOf(entry)]));
  const theirs = new Map(received.map((entry) => [entry.id, textOf(entry)]));
  return [...new Set([...mine.keys(), ...theirs.keys()])]
    .filter((id) => mine.get(id) !== theirs.get(id))
    .map((id) => `${id} is ${mine.get(id) ?? 'nothing'} here and ${theirs.get(id) ?? 'nothing'} there`);
}
