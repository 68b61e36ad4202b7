import { TraoError } from '../../../libs/errors';
import { caseStateOf, possibleMessages, type CaseState, type Side } from '../../../libs/lifecycle';
import { openCase, isErased } from '../../../libs/casework';
import type { Draft } from '../../fakes/documents';
import { authorOf, handInOf } from '../../fakes/memory-office';
import type { MemoryNode } from '../../fakes/memory-node';
import { documentOf, draftFor, WAYS, type Move, type MoveName } from '../../fakes/moves';

/** What the journeys of the other tests leave out: erasure, and a hand-over that is called off. */
const MORE = {
  erase: {
    like: 'erasure-confirm-protect-adult-sender',
    by: 'either',
    whole: true,
    body: () => ({ erasedAt: '2026-12-01T00:00:00Z', copies: 0, digests: [] }),
    answers: ({ opening }) => opening,
    role: 'dpo',
  },
  call_off: {
    like: 'update-return-adult-in-progress',
    by: 'either',
    whole: true,
    body: () => ({ arrangement: 'cancelled' }),
  },
} as const satisfies Record<string, Move>;

export type AnyMove = MoveName | keyof typeof MORE;
export const ALL_MOVES: readonly AnyMove[] = [...WAYS.any, ...(Object.keys(MORE) as (keyof typeof MORE)[])];

/** The units that write to each other, by their nodes. */
export const UNITS: Readonly<Record<string, string>> = { vn: 'vn.mps-criminal', gb: 'gb.ho-sca' };
export const OTHER: Readonly<Record<string, string>> = { vn: 'gb', gb: 'vn' };

/** A message that an officer may write now, ready to be sent. */
export interface Writing {
  readonly unit: string;
  readonly document: Draft;
}

/** What a unit knows of its case, for whoever writes in it; undefined where there is none any more. */
export async function knowledgeOf(node: MemoryNode, referralId: string): Promise<Knowledge | undefined> {
  const unit = UNITS[node.node]!;
  const stored = node.tables.cases.get(`${unit} ${referralId}`);
  if (!stored || isErased(stored)) return undefined;
  const { summary } = openCase(stored, await node.keys.storageKey(unit));
  const state = caseStateOf(summary.steps);
  const possible = new Set<unknown>(possibleMessages(state, summary.side).map(({ type }) => type));
  return { unit, side: summary.side, state, possible, place: { referralId, recipientUnit: summary.partnerUnit } };
}

interface Knowledge {
  readonly unit: string;
  readonly side: Side;
  readonly state: CaseState;
  /** Types of messages that the state allows. */
  readonly possible: ReadonlySet<unknown>;
  readonly place: { readonly referralId: string; readonly recipientUnit: string };
}

/** A move as a message; undefined when the state of the case says that it cannot be. What it says may still be refused when it is sent. */
export function writingOf({ unit, side, state, possible, place }: Knowledge, move: AnyMove): Writing | undefined {
  const document = isMore(move) ? draftFor(MORE[move], state, side, place) : documentOf(move, state, side, place);
  return document && possible.has(document.header['messageType']) ? { unit, document } : undefined;
}

const isMore = (move: AnyMove): move is keyof typeof MORE => Object.hasOwn(MORE, move);

const REFUSALS: readonly string[] = ['transition_refused', 'protection_refused', 'case_erased', 'unknown_referral'];
export const isRefusal = (error: unknown): boolean => error instanceof TraoError && REFUSALS.includes(error.code);

/** What is handed in for a document, with everybody's agreement; nothing can fail here, and nothing is sent. */
export async function handInFor(node: MemoryNode, { document, unit }: Writing) {
  return { actor: authorOf(document, unit), handIn: await handInOf(node, document, unit) };
}

/** Writes and sends without any faults; false when the case does not allow it. */
export async function writeNow(node: MemoryNode, referralId: string, move: AnyMove): Promise<boolean> {
  const known = await knowledgeOf(node, referralId);
  const writing = known && writingOf(known, move);
  if (!writing) return false;
  try {
    await node.send(writing.document, writing.unit, await handInFor(node, writing));
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
