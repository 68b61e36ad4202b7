import {
  caseStateOf,
  inAgreedOrder,
  withDelivery,
  type CaseState,
  type DeliveryState,
  type Step,
} from '../../../libs/lifecycle';
import { Coverage, withLeft, type Transition } from './transitions';

/** A referral as whoever sees both sides knows it: every message that anybody wrote in it. */
export interface WatchedReferral {
  readonly id: string;
  readonly steps: Step[];
  /** Messages that were there when the run began. */
  readonly before: ReadonlySet<string>;
  /** How far the opening message was, as its sender knew, when the sender wrote or filed each message. */
  readonly provenAt: Map<string, DeliveryState>;
}

/**
 * Counts the transitions that the messages of this run have taken in the order that both sides agree on.
 * @returns those that no table has
 */
export function countTransitions({ steps, before, provenAt }: WatchedReferral, coverage: Coverage): Transition[] {
  const order = inAgreedOrder(steps);
  if (order.length === 0) return [];
  const { history } = caseStateOf(order);
  const illegal: Transition[] = [];
  const take = (transition: Transition) => {
    if (!coverage.take(transition)) illegal.push(transition);
  };
  for (const [at, happening] of history.entries()) {
    const { step, effect } = happening;
    if (before.has(step.id) || effect === 'overtaken') continue;
    const earlier = history[at - 1];
    const here = earlier?.referral ?? 'none';
    const shown = here === 'none' ? here : withDelivery(here, provenAt.get(step.id) ?? 'queued');
    const seen = referralMove(shown, here, step, happening.referral);
    // By the messages alone a referral that expired still counts as sent, and they decide what may be written.
    const referral = seen && Coverage.has(seen) ? seen : referralMove(here, here, step, happening.referral);
    const handover = handoverMove(earlier?.handover ?? 'not_planned', step, happening);
    if (referral) take(referral);
    if (handover && (here === 'handover' || happening.referral === 'handover')) take(handover);
    if (step.type === 'referral' || step.type === 'consent_withdrawal')
      for (const move of consentMoves(order.slice(0, at), order.slice(0, at + 1), step)) take(move);
  }
  return illegal;
}

/** The transition of the referral's machine; undefined when its hand-over alone takes the message. */
function referralMove(from: string, here: string, { type }: Step, after: string): Transition | undefined {
  const move = (to: string): Transition => ({ machine: 'referral', from, on: type, to });
  if (here === 'cancel_requested' && type === 'cancel_confirm' && after !== 'cancelled') return move('before');
  if (after !== here) return move(after);
  return Coverage.has(move('same')) ? move('same') : undefined;
}

function handoverMove(
  from: string,
  { type, facts }: Step,
  { handover }: CaseState['history'][number],
): Transition | undefined {
  const move = (to: string): Transition => ({ machine: 'hand-over', from, on: type, to });
  // An update that arranges nothing is none of the hand-over's; another plan or another paper leads to where it was.
  const arranges = facts.kind !== 'update' || facts.arrangement !== undefined;
  if (handover !== from || (arranges && Coverage.has(move(handover)))) return move(handover);
  return Coverage.has(move('same')) ? move('same') : undefined;
}

function consentMoves(before: readonly Step[], after: readonly Step[], { type }: Step): Transition[] {
  const from = before.length === 0 ? 'not_sought' : caseStateOf(before).consent.state;
  const { state: to } = caseStateOf(after).consent;
  const leaves = to === 'withdrawn' ? 'none' : 'some';
  const move: Transition = { machine: 'consent', from, on: withLeft(type, leaves), to };
  // What takes nothing away is no transition: a second withdrawal of everything, or of scopes that were never given.
  return from === to && !Coverage.has(move) ? [] : [move];
}
