import fc from 'fast-check';
import { answerDraft, pingDraft, referralDraft } from '../../test/fakes/documents';
import type { MemoryNode } from '../../test/fakes/memory-node';
import { Mortality } from '../../test/fakes/mortality';
import { twoCountries } from '../../test/fakes/two-countries';
import { TraoError } from '../errors';
import type { DeliveryState } from '../lifecycle';
import { openCase, readEvent } from './case-record';
import { isProof } from './check-evidence';

type Pair = Awaited<ReturnType<typeof twoMortals>>;

type Name = 'vn' | 'gb';

/** What can happen, in any order. */
type Step =
  | { readonly do: 'send'; readonly what: 'referral' | 'ping' | 'answer'; readonly urgent: boolean }
  | { readonly do: 'line'; readonly fault: 'none' | 'down' | 'lost' | 'twice' }
  | { readonly do: 'work' | 'forget' | 'stand still'; readonly side: Name }
  | { readonly do: 'die'; readonly side: Name; readonly after: number }
  | { readonly do: 'wait'; readonly ms: number };

const side = fc.constantFrom<Name>('vn', 'gb');
const send = fc.record({
  do: fc.constant('send' as const),
  what: fc.constantFrom('referral', 'ping', 'answer', 'answer', 'answer'),
  urgent: fc.boolean(),
});
const line = fc.record({
  do: fc.constant('line' as const),
  fault: fc.constantFrom('none', 'none', 'down', 'lost', 'twice'),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: send },
  { weight: 2, arbitrary: line },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const), side }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('forget' as const, 'stand still' as const), side }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), side, after: fc.nat(10) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 5_000, 31_000, 600_000) }),
  },
);

const UNITS = { vn: 'vn.mps-criminal', gb: 'gb.ho-sca' } as const;
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

async function twoMortals(seed: number) {
  const countries = await twoCountries(seed);
  const deaths = { vn: new Mortality(countries.vn), gb: new Mortality(countries.gb) };
  return { ...countries, deaths };
}

/** Claims what is due and runs all jobs of the node at once. A failed job is forgotten, as the queue does it. */
async function workOnce(pair: Pair, name: Name): Promise<void> {
  const node = pair[name];
  const death = pair.deaths[name];
  await death.survive(() => node.relay());
  const jobs = node.queue.splice(0);
  await Promise.all(jobs.map((batch) => death.survive(() => node.run(batch))));
}

async function sendSomething(pair: Pair, { what, urgent }: Extract<Step, { do: 'send' }>): Promise<void> {
  const priority = urgent ? 'urgent' : 'normal';
  if (what === 'referral') await pair.vn.send(referralDraft({ priority }), UNITS.vn);
  else if (what === 'ping') await pair.vn.send(pingDraft({ priority }), UNITS.vn);
  else await answerSomething(pair, priority);
}

/** The next step of the first referral that has one. */
async function answerSomething({ gb }: Pair, priority: string): Promise<void> {
  const filed = [...gb.tables.events.values()].filter(({ direction }) => direction === 'filed');
  for (const { messageId } of filed) {
    for (const type of ['ack', 'accept'] as const) {
      const sent = await gb.send(answerDraft(type, messageId, { priority }), UNITS.gb).catch((error: unknown) => {
        if (error instanceof TraoError && error.code === 'transition_refused') return undefined;
        throw error;
      });
      if (sent) return;
    }
  }
}

async function take(pair: Pair, next: Step): Promise<void> {
  switch (next.do) {
    case 'send':
      return sendSomething(pair, next);
    case 'line':
      pair.link.fault = next.fault;
      return;
    case 'work':
      return workOnce(pair, next.side);
    case 'forget':
      pair[next.side].queue.length = 0;
      return;
    case 'stand still':
      // Its claim runs out, and another worker does the work.
      return pair.deaths[next.side].standStill(async () => {
        pair.clock.advance(90_000);
        await workOnce(pair, next.side);
      });
    case 'die':
      return pair.deaths[next.side].dieAfter(next.after);
    case 'wait':
      pair.clock.advance(next.ms);
  }
}

const isIdle = ({ tables }: MemoryNode) =>
  [...tables.outbox.values()].every(({ state }) => RANK[state] >= RANK.delivered) &&
  [...tables.inbox.values()].every(({ state }) => state === 'filed' || state === 'refused') &&
  [...tables.receipts.values()].every(({ place }) => place !== 'waiting');

/** The line is mended and nobody dies any more. */
async function heal(pair: Pair): Promise<void> {
  pair.link.fault = 'none';
  pair.deaths.vn.heal();
  pair.deaths.gb.heal();
  for (let round = 0; round < 200; round += 1) {
    if (isIdle(pair.vn) && isIdle(pair.gb)) return;
    pair.clock.advance(30_000);
    await workOnce(pair, 'vn');
    await workOnce(pair, 'gb');
  }
  throw new Error('work is left after everything was mended');
}

/** I4: a sender never believes more than is true. At any time. */
function expectNoFalseHope(sender: MemoryNode, recipient: MemoryNode): void {
  for (const { message, state } of sender.tables.outbox.values()) {
    const row = recipient.tables.inbox.get(`${sender.node} ${message.id}`);
    if (RANK[state] >= RANK.received) expect(row?.message.digest).toBe(message.digest);
    if (state === 'delivered') expect(row?.state).toBe('filed');
  }
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
  expect(new Set([...sent, ...stored].map(({ state }) => state)).size).toBeLessThanOrEqual(2);
  const filed = [...recipient.tables.events.values()].filter(({ direction }) => direction === 'filed');
  const wrote = [...sender.tables.events.values()].filter(({ direction }) => direction === 'sent');
  expect(filed.map(({ messageId }) => messageId).toSorted()).toEqual(wrote.map(({ messageId }) => messageId).toSorted());
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
    const [mine, other] = [await original(sender, unit, messageId, 'sent'), await original(recipient, theirs.unit, messageId, 'filed')];
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
        await sendSomething(pair, { do: 'send', what: 'referral', urgent: false });
        for (const name of ['vn', 'gb'] as const) await workOnce(pair, name);
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
