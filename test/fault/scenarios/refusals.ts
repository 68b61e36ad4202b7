import { NODES, type TwoNodes } from '../../harness/two-nodes';
import type { Flow } from './traffic';

/** What an officer may be told while something is away: a stable code that says "not now". */
const HONEST = ['database_unavailable'];

/** Refusals that say something else, one line each. `more`: what this fault also explains. */
export const dishonest = ({ refusals }: Flow, more: readonly string[] = []): string[] =>
  [...refusals.keys()]
    .filter((code) => !HONEST.includes(code) && !more.includes(code))
    .map((code) => `an officer was told ${code}`);

export const count = ({ refusals }: Flow): number => [...refusals.values()].reduce((sum, n) => sum + n, 0);

/** I3: what one officer handed in again and again with one key is one message. @param since when the flow began */
export async function sentTwice(nodes: TwoNodes, { promised }: Flow): Promise<string[]> {
  const known = new Set(promised.map(({ id }) => id));
  const faults: string[] = [];
  for (const node of NODES) {
    const rows = await (await nodes.database(node)).query<{ id: string }>('SELECT id FROM outbox');
    for (const { id } of rows) if (!known.has(id)) faults.push(`I3 ${node} has sent ${id}, which nobody asked for`);
  }
  return faults;
}
