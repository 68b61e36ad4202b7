import fc from 'fast-check';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { heal, step, take, twoMortals } from '../../test/fakes/mishaps';
import type { DeliveryState } from '../lifecycle';
import { openCase, readEvent } from './case-record';
import { isProof } from './check-evidence';

const RANK: Record<DeliveryState, number> = {
  queued: 0,
  sending: 1,
  expired: 2,
  undeliverable: 2,
  received: 3,
  delivered: 4,
  refused: 4,
  opened: 5,
};

/** I4: a sender never believes more than is true. At any time. */
function expectNoFalseHope(sender: MemoryNode, recipient: MemoryNode): void {
  const wrong = [...sender.tables.outbox.values()].filter(({ message, state }) => {
    const row = recipient.tables.inbox.get(`${sender.node} ${message.id}`);
    const unstored = RANK[state] >= RANK.received && row?.message.digest !== message.digest;
    return unstored || (state === 'delivered' && row?.state !== 'filed');
  });
  expect(wrong).toEqual([]);
}

async function original(node: MemoryNode, unit: string, messageId: string, direction: string): Promise<unknown> {
  const event = node.tables.events.get(`${unit} ${messageId} ${direction}`);
  const stored = event && node.tables.cases.get(`${unit} ${event.referralId}`);
  return stored && event ? readEvent(openCase(stored, await node.keys.storageKey(unit)), event) : undefined;
}

async function expectAllDelivered(sender: MemoryNode, recipient: MemoryNode): Promise<void> {
  const sent = [...sender.tables.outbox.values()];
  const stored = [...recipient.tables.inbox.values()];
  // I1 and I3: exactly what was sent is stored, once.
  expect(stored.map(({ message }) => message.id).toSorted()).toEqual(sent.map(({ message }) => message.id).toSorted());
  expect(stored.filter(({ state }) => state !== 'filed')).toEqual([]);
  const filed = [...recipient.tables.events.values()].filter(({ direction }) => direction === 'filed');
  const wrote = [...sender.tables.events.values()].filter(({ direction }) => direction === 'sent');
  expect(filed.map(({ messageId }) => messageId).toSorted()).toEqual(
    wrote.map(({ messageId }) => messageId).toSorted(),
  );
  const receipts = [...sender.tables.receipts.values()].filter(({ place }) => place === 'obtained');
  for (const { message, state } of sent) {
    expect(state).toBe('delivered');
    // I2: one final receipt, which proves these bytes.
    const final = receipts.filter(({ receipt }) => receipt.messageId === message.id && receipt.event !== 'received');
    expect(final.map(({ receipt }) => receipt.event)).toEqual(['delivered']);
    expect(await isProof(final[0]!.receipt.token, message, sender.ports.settle.self)).toBe(true);
  }
  // I5: the signed original is the same on both sides.
  for (const { unit, messageId } of wrote) {
    const theirs = filed.find((event) => event.messageId === messageId)!;
    const [mine, other] = [
      await original(sender, unit, messageId, 'sent'),
      await original(recipient, theirs.unit, messageId, 'filed'),
    ];
    expect(other).toEqual(mine);
    expect(other).toBeDefined();
  }
}

function expectForwardOnly({ tables }: MemoryNode): void {
  const ranks = new Map<string, number>();
  for (const { id, state } of tables.history) {
    expect(RANK[state]).toBeGreaterThanOrEqual(ranks.get(id) ?? 0);
    ranks.set(id, RANK[state]);
  }
}

describe('two nodes, whatever happens between them', () => {
  it('hand over every message once, with proof, and agree on it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(step, { minLength: 5, maxLength: 40 }), async (seed, steps) => {
        const pair = await twoMortals(seed);
        // A referral that can be answered.
        await take(pair, { do: 'send', what: 'referral', urgent: false });
        await take(pair, { do: 'work', side: 'vn' });
        await take(pair, { do: 'work', side: 'gb' });
        for (const next of steps) {
          await take(pair, next);
          expectNoFalseHope(pair.vn, pair.gb);
          expectNoFalseHope(pair.gb, pair.vn);
        }
        await heal(pair);
        await expectAllDelivered(pair.vn, pair.gb);
        await expectAllDelivered(pair.gb, pair.vn);
        expectForwardOnly(pair.vn);
        expectForwardOnly(pair.gb);
        expect([...pair.vn.alarms, ...pair.gb.alarms]).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
