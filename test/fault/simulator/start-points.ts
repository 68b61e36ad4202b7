import { fictionalWorld, type FictionalWorld } from '../../fakes/fictional-world';
import { exampleDraft, withScopes, type Draft } from '../../fakes/documents';
import { ManualClock } from '../../fakes/manual-clock';
import { MemoryNode } from '../../fakes/memory-node';
import { MemoryTables } from '../../fakes/memory-tables';
import { returnDraft } from '../../fakes/moves';
import { PartnerLink } from '../../fakes/partner-link';
import { seededRandom } from '../../fakes/seeded-random';
import { UNITS, writeNow, type AnyMove } from './moves';

/** Two nodes with one referral that has come so far, as rows. Rows are never changed, so runs may share them. */
export interface StartPoint {
  readonly name: string;
  readonly tables: Readonly<Record<string, MemoryTables>>;
  readonly referralId: string | undefined;
  /** The right time, RFC 3339. */
  readonly at: string;
}

const START = '2026-11-21T09:00:00.000Z';

const withConsent = (status: string): Draft => {
  const draft = returnDraft();
  return { ...draft, consent: { ...(draft['consent'] as object), status } };
};

/** Referrals that rest on each kind of consent. */
export const OPENINGS: Readonly<Record<string, () => Draft>> = {
  given: returnDraft,
  narrowed: () => withConsent('narrowed'),
  override: () => exampleDraft('referral-alert-imminent-movement', { recipientUnit: 'gb.ho-sca' }),
  not_sought: () => exampleDraft('referral-protect-anonymous-servitude', { recipientUnit: 'gb.ho-sca' }),
  // As in a child's case: what both sides need a second officer for.
  protect: () =>
    withScopes(exampleDraft('referral-protect-adult', { recipientUnit: 'gb.ho-sca' }), [
      'share_with_services',
      'share_with_police',
      'exploitation_details',
      'narrative',
      'health',
      'followup',
    ]),
};

/** Ways through a case, `s:` written by the referral's sender and `r:` by its recipient. A run may start behind any message of them. */
const ACCEPTED = 'r:ack r:accept';
const PLANNED = `${ACCEPTED} s:assess r:assess s:plan r:agree`;
const SCHEDULED = `${PLANNED} s:papers s:schedule`;
const ARRIVED = `${SCHEDULED} s:depart r:arrive`;
const RESULT = `${ACCEPTED} r:work r:outcome`;
/** A referral that nobody received in time. */
export const UNHEARD = 'unheard';
const WAYS: readonly string[] = [
  'given: ',
  `given: ${ARRIVED} r:receive r:complete r:work`,
  `given: ${ARRIVED} r:nobody_came r:receive r:outcome s:propose r:confirm s:erase r:erase`,
  `given: ${SCHEDULED} s:depart r:divert`,
  `given: ${SCHEDULED} s:depart r:no_show`,
  `given: ${SCHEDULED} r:postpone`,
  `given: ${PLANNED} s:plan`,
  `given: ${ACCEPTED} s:assess r:refuse_travel`,
  `given: ${ACCEPTED} s:assess r:call_off`,
  `given: ${RESULT} r:follow_up s:propose`,
  `given: ${RESULT} s:propose s:erase`,
  `given: ${ACCEPTED} r:work s:hold`,
  `given: ${ACCEPTED} r:work s:ask_to_cancel r:cancel s:erase`,
  `given: r:ack s:ask_to_cancel`,
  'given: r:ack r:ask r:ask',
  'given: r:ack r:accept_in_part',
  'given: r:ack r:decline r:erase',
  'given: r:ack r:redirect s:erase',
  'given: r:ack s:withdraw r:erase',
  'given: r:ack s:error r:erase',
  'given: s:withdraw_some',
  'narrowed: r:ack',
  'override: r:ack r:accept r:work',
  'not_sought: r:ack',
  `protect: ${RESULT}`,
  `${UNHEARD}: `,
  'unproven: ',
  'late: ',
];

/** Messages that cross: both are written before either side has the other's. */
export const CROSSINGS: readonly (readonly [start: string, first: string, second: string])[] = [
  [`given ${SCHEDULED}`, 'r:plan', 's:depart'],
  [`given ${SCHEDULED}`, 'r:postpone', 's:depart'],
  [`given ${SCHEDULED}`, 'r:call_off', 's:depart'],
  [`given ${SCHEDULED}`, 'r:refuse_travel', 's:depart'],
  ['unproven', 'r:ack', 's:alert'],
];

/** Every point at which a run may start, by its name. */
export const START_POINTS: readonly string[] = [
  'nothing',
  ...new Set(
    WAYS.flatMap((way) => {
      const [opening, moves] = way.split(': ') as [string, string];
      const steps = moves.split(' ').filter((step) => step !== '');
      return steps.length === 0
        ? [opening]
        : [opening, ...steps.map((_, at) => [opening, ...steps.slice(0, at + 1)].join(' '))];
    }),
  ),
];

const made = new Map<string, Promise<StartPoint>>();

/** The start point of that name; made once per process, the one before it first. */
export function startPoint(name: string): Promise<StartPoint> {
  let point = made.get(name);
  if (!point) made.set(name, (point = make(name)));
  return point;
}

async function make(name: string): Promise<StartPoint> {
  if (name === 'nothing')
    return { name, tables: { vn: new MemoryTables(), gb: new MemoryTables() }, referralId: undefined, at: START };
  const cut = name.lastIndexOf(' ');
  const before = await startPoint(cut < 0 ? 'nothing' : name.slice(0, cut));
  const step = name.slice(cut + 1);
  const clock = new ManualClock(new Date(Date.parse(before.at) + 60_000).toISOString());
  const nodes = nodesAt(before, await fictionalWorld(), () => clock, seededRandom(seedOf(name)));
  const { vn, gb } = nodes as { readonly vn: MemoryNode; readonly gb: MemoryNode };
  new PartnerLink(vn, gb);
  const special = SPECIAL[name];
  if (special) await special(vn, gb, clock);
  else if (cut < 0) await vn.send(OPENINGS[step]!(), UNITS['vn']!);
  else {
    const [side, move] = step.split(':') as ['s' | 'r', AnyMove];
    const done = await writeNow(side === 's' ? vn : gb, before.referralId!, move);
    if (!done) throw new Error(`${name}: the last move is not possible`);
  }
  for (let round = 0; round < 3 && !special; round += 1) for (const node of [vn, gb]) await node.work();
  const [record] = vn.tables.cases.values();
  return {
    name,
    tables: { vn: vn.tables, gb: gb.tables },
    referralId: record!.referralId,
    at: clock.now().toISOString(),
  };
}

/** Referrals that are on their way when a run begins. */
const SPECIAL: Readonly<Record<string, (vn: MemoryNode, gb: MemoryNode, clock: ManualClock) => Promise<void>>> = {
  /** Nobody received it in time. */
  [UNHEARD]: async (vn, _gb, clock) => {
    await vn.send(returnDraft(), UNITS['vn']!);
    clock.advance(31 * 86_400_000);
    await vn.expire();
  },
  /** It was filed, and the sender has not been told. */
  unproven: async (vn, gb) => {
    await vn.send(returnDraft(), UNITS['vn']!);
    await vn.work();
    await gb.file();
  },
  /** It was filed, and the sender has heard nothing for a month. */
  late: async (vn, gb, clock) => {
    await vn.send(returnDraft(), UNITS['vn']!);
    await gb.accept([[...vn.tables.outbox.values()][0]!.message.token], 'vn');
    await gb.file();
    clock.advance(31 * 86_400_000);
    await vn.expire();
  },
};

/** Nodes that begin with the rows of a start point. */
export function nodesAt(
  { tables }: StartPoint,
  world: FictionalWorld,
  clockOf: (node: string) => ManualClock,
  random: () => number,
): Readonly<Record<string, MemoryNode>> {
  const nodes = Object.entries(tables).map(([name, rows]) => {
    const node = new MemoryNode(name, world, clockOf(name), random);
    copyRows(rows, node.tables);
    return [name, node] as const;
  });
  return Object.fromEntries(nodes);
}

function copyRows(from: MemoryTables, to: MemoryTables): void {
  for (const [name, table] of Object.entries(from))
    if (table instanceof Map) Object.assign(to, { [name]: new Map(table as Map<unknown, unknown>) });
  to.history = from.history;
  to.attempts = from.attempts;
}

/** A number of a text, for its own chance (FNV-1a). */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
