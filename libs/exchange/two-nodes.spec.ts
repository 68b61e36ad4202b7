import fc from 'fast-check';
import { JOURNEY } from '../../test/fakes/moves';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { begin, heal, step, take, twoMortals } from '../../test/fakes/mishaps';
import { caseStateOf, type CaseState, type DeliveryState } from '../lifecycle';
import { openCase, readEvent } from '../casework';
import { isProof } from './check-evidence';
import { caseOf, stateOf } from '../../test/fakes/case-of';

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
    // What was refused for a retired key is set aside.
    const aside = recipient.tables.conflicts.has(`${sender.node} ${message.id} ${message.digest}`);
    const unstored = RANK[state] >= RANK.received && row?.message.digest !== message.digest && !aside;
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
    const final = receipts.filter(
      ({ receipt }) => receipt.messageId === message.id && receipt.event !== 'received' && receipt.code !== 'stale_key',
    );
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

/** Both sides compute the same from the same messages, whatever order those came in. */
async function expectSameStates(vn: MemoryNode, gb: MemoryNode): Promise<CaseState[]> {
  const states: CaseState[] = [];
  for (const { unit, referralId } of vn.tables.cases.values()) {
    const [mine, theirs] = [await stateOf(vn, unit, referralId), await stateOf(gb, 'gb.ho-sca', referralId)];
    expect(theirs).toEqual(mine);
    states.push(mine);
  }
  expect(gb.tables.cases.size).toBe(vn.tables.cases.size);
  return states;
}

function expectForwardOnly({ tables }: MemoryNode): void {
  const ranks = new Map<string, number>();
  for (const { id, state } of tables.history) {
    // Sealed anew, a message begins again.
    if (state === 'queued' && ranks.get(id) === RANK.refused) ranks.delete(id);
    expect(RANK[state]).toBeGreaterThanOrEqual(ranks.get(id) ?? 0);
    ranks.set(id, RANK[state]);
  }
}

/** A wrong person or recipient alarms the other side; nothing else here may. */
const alarmsOf = ({ alarms }: MemoryNode) => alarms.filter(({ kind }) => kind !== 'entered_in_error');

const look = async (node: MemoryNode, unit: string, referralId: string) => {
  const { summary } = await caseOf(node, unit, referralId);
  return { state: caseStateOf(summary.steps), side: summary.side };
};

const sequence = fc.array(step, { minLength: 5, maxLength: 40 });

describe('two nodes, whatever happens between them', () => {
  it('hand over every message once, with proof, and agree on it', async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(JOURNEY.length), sequence, async (seed, begun, steps) => {
        const pair = await twoMortals(seed, look);
        await begin(pair, begun);
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
        for (const { history } of await expectSameStates(pair.vn, pair.gb))
          for (const { referral, handover, effect } of history) reached.add(referral).add(handover).add(effect);
        expect(alarmsOf(pair.vn)).toEqual([]);
        expect(alarmsOf(pair.gb)).toEqual([]);
      }),
      { numRuns: 60 },
    );
    // Journeys of some length, and messages that crossed.
    expect([...reached]).toEqual(expect.arrayContaining(['handover', 'departed', 'outcome_reported', 'overtaken']));
  }, 120_000);
});
