import { wireCodeOf, type Code } from '../../libs/errors';
import { MemoryNode } from '../fakes/memory-node';
import { twoCountries } from '../fakes/two-countries';

/** Units of the two countries between which most attacks go, and one of a third country. */
export const SENDER = 'vn.mps-criminal';
export const RECIPIENT = 'gb.ho-sca';
export const THIRD = 'kh.mosvy';

/** Viet Nam, the United Kingdom and Cambodia, each a node in memory. */
export async function threeCountries(seed = 1) {
  const pair = await twoCountries(seed);
  return { ...pair, kh: new MemoryNode('kh', pair.world, pair.clock, pair.random) };
}
export type Countries = Awaited<ReturnType<typeof threeCountries>>;

/**
 * What becomes of a sealed message that `peer` hands to a node: the code of the gateway's problem; or, once the worker has looked, the
 * state of the message, and the inner code where it was refused. Outside, a refusal shows nothing but its wire code.
 */
export async function verdictOf(node: MemoryNode, token: string, peer: string): Promise<string> {
  const [answer] = await node.accept([token], peer);
  if (answer && 'problem' in answer) return `gateway: ${answer.problem.code}`;
  await node.file();
  return fateOf(node, peer, answer!.jti);
}

/** What became of a message that a node has stored. */
export function fateOf(node: MemoryNode, peer: string, id: string): string {
  const receipts = [...node.tables.receipts.values()].map(({ receipt }) => receipt);
  const shown = receipts
    .filter(({ messageId, event }) => messageId === id && event === 'refused')
    .map(({ code }) => code);
  const row = node.tables.inbox.get(`${peer} ${id}`);
  // Sealed to a retired key: its sender will seal it anew under the same id.
  if (!row) return `set aside: ${shown.join()}`;
  if (row.state !== 'refused') return row.state;
  const { code } = node.alarms.findLast(({ kind, subject }) => kind === 'integrity_failure' && subject === id)!;
  return shown.join() === wireCodeOf(code as Code) ? code! : `${code} shows as ${shown.join()}`;
}
