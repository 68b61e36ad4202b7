import fc from 'fast-check';
import { TraoError } from '../../libs/errors';
import type { CaseState, DeliveryState, Side } from '../../libs/lifecycle';
import { pingDraft } from './documents';
import type { MemoryNode } from './memory-node';
import type { OutboxRow } from './memory-tables';
import { authorOf } from './memory-office';
import { Mortality } from './mortality';
import { documentOf, JOURNEY, returnDraft, WAYS, type MoveName } from './moves';
import { replaceKeys, withNewKey } from './rotation';
import { twoCountries } from './two-countries';

export type Pair = Awaited<ReturnType<typeof twoMortals>>;

type Name = 'vn' | 'gb';

/** What can happen, in any order. */
export type Step =
  | { readonly do: 'send'; readonly what: 'referral' | 'ping'; readonly urgent: boolean }
  | {
      readonly do: 'go on';
      readonly side: Name;
      readonly way: keyof typeof WAYS;
      readonly pick: number;
      readonly urgent: boolean;
    }
  | { readonly do: 'line'; readonly fault: 'none' | 'down' | 'lost' | 'twice' }
  | { readonly do: 'work' | 'forget' | 'stand still'; readonly side: Name }
  | { readonly do: 'die'; readonly side: Name; readonly after: number }
  | { readonly do: 'wait'; readonly ms: number }
  /** The unit of a side destroys its key and takes another; a side hears of what all have agreed on. */
  | { readonly do: 'rotate' | 'hear'; readonly side: Name };

const side = fc.constantFrom<Name>('vn', 'gb');
const send = fc.record({
  do: fc.constant('send' as const),
  what: fc.constantFrom('referral', 'ping'),
  urgent: fc.boolean(),
});
const goOn = fc.record({
  do: fc.constant('go on' as const),
  side,
  way: fc.constantFrom<keyof typeof WAYS>('forward', 'forward', 'forward', 'forward', 'turns', 'turns', 'any'),
  pick: fc.nat(999),
  urgent: fc.boolean(),
});
const line = fc.record({
  do: fc.constant('line' as const),
  fault: fc.constantFrom('none', 'none', 'down', 'lost', 'twice'),
});
/** Any step; more work than trouble. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: send },
  { weight: 9, arbitrary: goOn },
  { weight: 2, arbitrary: line },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const), side }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('forget' as const, 'stand still' as const), side }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('rotate' as const, 'hear' as const), side }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), side, after: fc.nat(10) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 5_000, 31_000, 600_000) }),
  },
);

const UNITS = { vn: 'vn.mps-criminal', gb: 'gb.ho-sca' } as const;
/** What a unit knows of one of its cases. */
type Look = (
  node: MemoryNode,
  unit: string,
  referralId: string,
) => Promise<{ readonly state: CaseState; readonly side: Side }>;

/** Two nodes whose processes may die. @param look how officers see a case, from inside the exchange */
export async function twoMortals(seed: number, look: Look) {
  const countries = await twoCountries(seed);
  const deaths = { vn: new Mortality(countries.vn), gb: new Mortality(countries.gb) };
  return { ...countries, deaths, look, newest: countries.world, rotations: 0 };
}

/** Claims what is due and runs all jobs of the node at once. A failed job is forgotten, as the queue does it. */
async function workOnce(pair: Pair, name: Name): Promise<void> {
  const node = pair[name];
  const death = pair.deaths[name];
  await death.survive(() => node.reseal());
  await death.survive(() => node.relay());
  const jobs = node.queue.splice(0);
  await Promise.all(jobs.map((batch) => death.survive(() => node.run(batch))));
}

async function sendSomething({ vn }: Pair, { what, urgent }: Extract<Step, { do: 'send' }>): Promise<void> {
  const priority = urgent ? 'urgent' : 'normal';
  if (what === 'ping') await vn.send(pingDraft({ priority }), UNITS.vn);
  else await vn.send(returnDraft({ priority }), UNITS.vn);
}

/** The next message of a case, of those that its author may write now: the first one from where `pick` points. */
async function goOnSomewhere(pair: Pair, { side: name, way, pick, urgent }: Extract<Step, { do: 'go on' }>) {
  const cases = [...pair[name].tables.cases.values()].filter((record) => record.unit === UNITS[name]);
  const chosen = cases[pick % Math.max(1, cases.length)];
  if (!chosen) return;
  const moves = WAYS[way];
  for (const index of moves.keys()) {
    const move = moves[(index + pick) % moves.length]!;
    if (await write(pair, name, chosen.referralId, move, urgent ? 'urgent' : 'normal')) return;
  }
}

/** Writes a message as an officer who sees what the unit knows; false when the case does not allow it. */
async function write(pair: Pair, name: Name, referralId: string, move: MoveName, priority: string): Promise<boolean> {
  const unit = UNITS[name];
  const { state, side: mine } = await pair.look(pair[name], unit, referralId);
  const place = { referralId, recipientUnit: UNITS[name === 'vn' ? 'gb' : 'vn'] };
  const draft = documentOf(move, state, mine, place);
  if (!draft) return false;
  const document = { ...draft, header: { ...draft.header, priority } };
  return pair[name].send(document, unit, { actor: authorOf(document, unit), handIn: { document } }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof TraoError && REFUSALS.includes(error.code)) return false;
      throw error;
    },
  );
}

/** A referral from Viet Nam that has gone some steps of a whole return. */
export async function begin(pair: Pair, steps: number): Promise<void> {
  await pair.vn.send(returnDraft(), UNITS.vn);
  const { referralId } = [...pair.vn.tables.cases.values()].at(-1)!;
  for (const [mine, move] of JOURNEY.slice(0, steps)) {
    for (const name of ['gb', 'vn', 'gb'] as const) await workOnce(pair, name);
    const done = await write(pair, mine === 'sender' ? 'vn' : 'gb', referralId, move, 'normal');
    if (!done) throw new Error(`${move} is not possible`);
  }
  for (const name of ['gb', 'vn', 'gb'] as const) await workOnce(pair, name);
}

const REFUSALS: readonly string[] = ['transition_refused', 'protection_refused'];

export async function take(pair: Pair, next: Step): Promise<void> {
  switch (next.do) {
    case 'send':
      return sendSomething(pair, next);
    case 'go on':
      return goOnSomewhere(pair, next);
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
      return;
    case 'rotate':
      return rotate(pair, next.side);
    case 'hear':
      pair[next.side].world = pair.newest;
  }
}

/** In the middle of whatever travels. */
async function rotate(pair: Pair, name: Name): Promise<void> {
  pair.rotations += 1;
  const { world, pair: key } = await withNewKey(pair.newest, UNITS[name], `${UNITS[name]}.new${pair.rotations}`);
  pair.newest = world;
  pair[name].world = world;
  await replaceKeys(pair[name], UNITS[name], key);
}

const TRAVELS: readonly DeliveryState[] = ['queued', 'sending', 'received'];
const isFinal = ({ state, code }: OutboxRow) => !TRAVELS.includes(state) && code !== 'stale_key';
const isIdle = ({ tables }: MemoryNode) =>
  [...tables.outbox.values()].every(isFinal) &&
  [...tables.inbox.values()].every(({ state }) => state === 'filed' || state === 'refused') &&
  [...tables.receipts.values()].every(({ place }) => place !== 'waiting');

/** The line is mended and nobody dies any more. */
export async function heal(pair: Pair): Promise<void> {
  pair.link.fault = 'none';
  pair.deaths.vn.heal();
  pair.deaths.gb.heal();
  for (const name of ['vn', 'gb'] as const) pair[name].world = pair.newest;
  for (let round = 0; round < 200; round += 1) {
    if (isIdle(pair.vn) && isIdle(pair.gb)) return;
    pair.clock.advance(30_000);
    await workOnce(pair, 'vn');
    await workOnce(pair, 'gb');
  }
  throw new Error('work is left after everything was mended');
}
