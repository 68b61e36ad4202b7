import fc from 'fast-check';
import { TraoError } from '../../libs/errors';
import type { DeliveryState } from '../../libs/lifecycle';
import { answerDraft, pingDraft, referralDraft } from './documents';
import type { MemoryNode } from './memory-node';
import { Mortality } from './mortality';
import { twoCountries } from './two-countries';

export type Pair = Awaited<ReturnType<typeof twoMortals>>;

type Name = 'vn' | 'gb';

/** What can happen, in any order. */
export type Step =
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
/** Any step; more work than trouble. */
export const step: fc.Arbitrary<Step> = fc.oneof(
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
/** Two nodes whose processes may die. */
export async function twoMortals(seed: number) {
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

export async function take(pair: Pair, next: Step): Promise<void> {
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

const isFinal = (state: DeliveryState) => state !== 'queued' && state !== 'sending' && state !== 'received';
const isIdle = ({ tables }: MemoryNode) =>
  [...tables.outbox.values()].every(({ state }) => isFinal(state)) &&
  [...tables.inbox.values()].every(({ state }) => state === 'filed' || state === 'refused') &&
  [...tables.receipts.values()].every(({ place }) => place !== 'waiting');

/** The line is mended and nobody dies any more. */
export async function heal(pair: Pair): Promise<void> {
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
