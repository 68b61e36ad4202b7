import { TraoError } from '../errors';
import { inAgreedOrder } from './agreed-order';
import type { CaseState, Happening, Situation } from './case-state';
import { NO_CONSENT, nextConsent } from './consent';
import { factsOf } from './guards';
import { HANDOVER_TRANSITIONS } from './handover';
import { nextHandover } from './handover-view';
import { HANDOVER_MESSAGES, REFERRAL_TRANSITIONS } from './referral';
import type { HandoverState, ReferralState } from './states';
import type { Step } from './step';
import { allowedIn, rowFor, type Transition } from './transition';

/** The state before any message. */
const NOTHING: Situation = {
  referral: 'none',
  handover: { state: 'not_planned', assessedBy: [], problems: [] },
  consent: NO_CONSENT,
  child: false,
  openRequests: [],
  erasedBy: [],
  alerts: [],
  history: [],
};

/**
 * The state of a case from its steps, in any order: both sides get the same from the same messages.
 * A step that another one crossed may find that its turn has passed; it is kept and has no effect, but for what must never be
 * lost: an alert, and that the person is a child.
 * @param steps without gaps in the numbers of either side
 * @throws TraoError `unknown_referral` when none of them opens a referral
 */
export function caseStateOf(steps: readonly Step[]): CaseState {
  const history: Happening[] = [];
  let state: Situation = { ...NOTHING, history };
  for (const step of inAgreedOrder(steps)) {
    const moves = movesOf(state, step);
    state = whatever(moves ? after(state, step, moves) : state, step);
    const effect = moves ? (moves.referral || moves.handover ? 'moved' : 'noted') : 'overtaken';
    history.push({ step, referral: state.referral, handover: state.handover.state, effect });
  }
  const { referral } = state;
  if (referral === 'none') throw new TraoError('unknown_referral');
  return { ...state, referral };
}

/**
 * Checks that a case allows a step now. `state` must be computed from what the author of the step knew (`knownToAuthor`):
 * then both sides come to the same verdict.
 * @throws TraoError `transition_refused`; its detail says what would be allowed
 */
export function assertAllowed(state: CaseState | undefined, step: Step): void {
  const here: Situation = state ?? NOTHING;
  if (movesOf(here, step)) return;
  const name = here.referral;
  const choices = [
    allowedIn(REFERRAL_TRANSITIONS, name),
    ...(inHandover(here) ? [allowedIn(HANDOVER_TRANSITIONS, here.handover.state)] : []),
  ];
  const allowed = choices.filter((choice) => choice !== 'nothing').join(' or ') || 'nothing';
  const where = inHandover(here) ? `${name}, hand-over ${here.handover.state}` : name;
  throw new TraoError('transition_refused', {
    detail: `State ${where}, message ${step.type} by the ${step.by}; allowed: ${allowed}.`,
  });
}

/** What a step moves; undefined when neither machine takes it. */
interface Moves {
  readonly referral?: ReferralState | 'before' | undefined;
  readonly handover?: HandoverState | undefined;
}

const inHandover = (state: Situation) => state.referral === 'handover';
const target = <S extends string>(row: Transition<S> | undefined) => (row?.to === 'same' ? undefined : row?.to);

function movesOf(state: Situation, step: Step): Moves | undefined {
  const referral = rowFor(REFERRAL_TRANSITIONS, state.referral, step, state);
  const travels = inHandover(state) || referral?.to === 'handover';
  const handover = travels ? rowFor(HANDOVER_TRANSITIONS, state.handover.state, step, state) : undefined;
  // What belongs to the hand-over must fit there too; a message of both machines needs the referral's row only.
  const needed = (HANDOVER_MESSAGES as readonly string[]).includes(step.type) || factsOf('update', step)?.arrangement;
  if (needed ? !handover : !referral) return undefined;
  return {
    referral: target(referral) as Moves['referral'],
    handover: target(handover) as HandoverState | undefined,
  };
}

/** What a step says whether or not its turn has passed. */
function whatever(state: Situation, step: Step): Situation {
  const child = state.child || ('child' in step.facts && step.facts.child === true);
  return { ...state, child, alerts: step.type === 'alert' ? [...state.alerts, step] : state.alerts };
}

function after(state: Situation, step: Step, { referral, handover }: Moves): Situation {
  const to = referral === 'before' ? state.before! : referral;
  const left = to !== undefined && to !== state.referral;
  return {
    referral: to ?? state.referral,
    before: to === 'cancel_requested' ? (state.referral as ReferralState) : left ? undefined : state.before,
    handover: nextHandover(state.handover, step, handover),
    consent: nextConsent(state.consent, step),
    opening: state.opening ?? step,
    openRequests: requestsAfter(state, step, to),
    closing: closingAfter(state, step),
    erasedBy: step.type === 'erasure_confirm' ? [...state.erasedBy, step.by] : state.erasedBy,
    child: state.child,
    alerts: state.alerts,
    history: state.history,
  };
}

function requestsAfter({ openRequests }: Situation, step: Step, to: ReferralState | undefined): readonly Step[] {
  if (step.type === 'rfi') return [...openRequests, step];
  if (step.type === 'rfi_response') return openRequests.filter(({ id }) => id !== step.inReplyTo);
  // A decision or an end makes an open question moot; a request to cancel may still be turned down.
  return to === undefined || to === 'cancel_requested' || to === 'info_requested' ? openRequests : [];
}

/** A proposal stands until the other side answers it or writes anything else. */
function closingAfter({ closing }: Situation, step: Step): Step | undefined {
  if (factsOf('closure', step)?.action === 'propose') return step;
  if (step.type === 'erasure_confirm') return closing;
  return closing && step.by !== closing.by ? undefined : closing;
}
