import { NODES, type NodeId, type TwoNodes } from '../../harness/two-nodes';
import { readerOf } from './reading';

/** Which alarms a fault may and must raise. */
export interface AlarmWishes {
  readonly since: Date;
  /** Kinds that must have been raised by the node. */
  readonly due: readonly { readonly node: NodeId; readonly kind: string }[];
  /** Kinds that may have been raised besides. */
  readonly allowed: readonly string[];
}

/** I11: every alarm that is due and none that is not. */
export async function strangeAlarms(nodes: TwoNodes, { since, due, allowed }: AlarmWishes): Promise<string[]> {
  const faults: string[] = [];
  for (const node of NODES) {
    const read = readerOf(nodes, node);
    const raised = await read<{ kind: string; subject: string; code: string | null }>(
      'SELECT DISTINCT kind, subject, code FROM alarm WHERE at >= $1',
      [since],
    );
    const mine = due.filter((wish) => wish.node === node).map(({ kind }) => kind);
    const missing = mine.filter((kind) => !raised.some((alarm) => alarm.kind === kind));
    const strange = raised.filter(({ kind }) => !mine.includes(kind) && !allowed.includes(kind));
    faults.push(
      ...missing.map((kind) => `${node} raised no ${kind}`),
      ...strange.map(({ kind, subject, code }) => `${node} raised ${kind} about ${subject}${code ? ` (${code})` : ''}`),
    );
  }
  return faults;
}
