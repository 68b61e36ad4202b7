import { issueReceipt } from '../../../libs/envelope';
import type { DeliveryState } from '../../../libs/lifecycle';
import type { SimNode, World } from './world';
import { OTHER } from './moves';

/** What a partner may say, against what it has said before. */
const AGAINST: Partial<Readonly<Record<DeliveryState, readonly ('refused' | 'delivered' | 'opened')[]>>> = {
  delivered: ['refused'],
  opened: ['refused'],
  refused: ['delivered', 'opened'],
};

/**
 * A partner that contradicts itself: with its own key it signs the opposite of what it has signed. The machine must leave the state as it is,
 * keep both and tell people.
 */
export async function contradict(world: World, node: SimNode): Promise<void> {
  const { memory } = node;
  const partner = world.node(OTHER[node.name]!).memory;
  for (const [messageId, { state, code, message }] of memory.tables.outbox) {
    const [event] = world.dice.shuffled(AGAINST[state] ?? []);
    if (!event || code === 'stale_key' || !world.watch.sent.has(messageId)) continue;
    world.strike('false_receipt', `${OTHER[node.name]} says that ${messageId} (${state}) was ${event}`);
    const { digest } = message;
    const at = world.right.now();
    const id = partner.newId();
    const common = { id, issuer: partner.node, audience: node.name, messageId, digest, at } as const;
    const receipt = {
      ...common,
      event,
      seq: event === 'opened' ? 3 : 2,
      ...(event === 'refused' && { code: 'undecryptable' as const }),
    };
    const token = await issueReceipt(receipt, await partner.keys.receiptKey());
    const [result] = await memory.settle([token], partner.node);
    const row = memory.tables.outbox.get(messageId)!;
    const told = memory.alarms.some(({ kind, subject }) => kind === 'receipt_contradictory' && subject === messageId);
    if (result?.status !== 'stored' || row.state !== state || !told)
      world.watch.breaches.push({
        promise: 'I2',
        what: `${messageId}: a contradiction was not kept and told (${row.state})`,
      });
    return;
  }
}
