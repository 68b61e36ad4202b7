import type { Situation } from './case-state';
import { otherSide, type Facts, type Step } from './step';

/** A condition of a transition. `says` completes a refusal: what would be allowed, and when. */
interface Guard {
  readonly says: string;
  readonly holds: (step: Step, state: Situation) => boolean;
}

/** The facts of a step when they are of that kind. */
export function factsOf<K extends Facts['kind']>(
  kind: K,
  step: Step | undefined,
): Extract<Facts, { kind: K }> | undefined {
  return step?.facts.kind === kind ? (step.facts as Extract<Facts, { kind: K }>) : undefined;
}

/** 0 before the first plan. */
const versionOf = (plan: Step | undefined) => factsOf('handover_plan', plan)?.version ?? 0;

const cosigned = ({ authorRole, approverRole }: Step) =>
  authorRole === 'child_protection_officer' || approverRole === 'child_protection_officer';
const update = (step: Step) => factsOf('update', step);
const arranges =
  (...arrangements: readonly string[]) =>
  (step: Step) => {
    const arrangement = update(step)?.arrangement;
    return arrangement !== undefined && arrangements.includes(arrangement);
  };

/** True when a withdrawal leaves nothing that the person still agrees to. */
function leavesNone(step: Step, { consent }: Situation): boolean {
  const withdrawn = factsOf('consent_withdrawal', step)?.scopes;
  if (withdrawn === 'all') return true;
  // Without consent there are no scopes to lose: another ground stands until all is withdrawn.
  if (consent.state === 'override') return false;
  return consent.scopes.length > 0 && consent.scopes.every((scope) => withdrawn?.includes(scope));
}

/** Hand-overs that no longer need anybody to travel. */
const ENDED = ['received', 'done', 'cancelled', 'refused_by_person'];

export const GUARDS = {
  in_full: {
    says: 'in full; for a child co-signed by child protection',
    holds: (step, state) => factsOf('accept', step)?.inPart === false && (!state.child || cosigned(step)),
  },
  in_part: {
    says: 'in part; for a child co-signed by child protection',
    holds: (step, state) => factsOf('accept', step)?.inPart === true && (!state.child || cosigned(step)),
  },
  last_answer: {
    says: 'answers the last open request',
    holds: (step, { openRequests }) => openRequests.length === 1 && openRequests[0]!.id === step.inReplyTo,
  },
  open_answer: {
    says: 'answers an open request',
    holds: (step, { openRequests }) => openRequests.some(({ id }) => id === step.inReplyTo),
  },
  hand_back: {
    says: 'with a plan to hand the person back',
    holds: (step) => factsOf('decline', step)?.handBack === true,
  },
  starts_work: { says: 'status in_progress', holds: (step) => update(step)?.status === 'in_progress' },
  puts_on_hold: { says: 'status on_hold', holds: (step) => update(step)?.status === 'on_hold' },
  resumes: { says: 'status resumed', holds: (step) => update(step)?.status === 'resumed' },
  informs: {
    says: 'without a change of status',
    holds: (step) => update(step)?.status === undefined && update(step)?.arrangement === undefined,
  },
  movable: {
    says: 'for the purposes RETURN and PROTECT',
    holds: (_step, { opening }) => {
      const purpose = factsOf('referral', opening)?.purpose;
      return purpose === 'RETURN' || purpose === 'PROTECT';
    },
  },
  handover_ended: {
    says: 'once the hand-over has ended',
    holds: (_step, { handover }) => ENDED.includes(handover.state),
  },
  work_after_handover: {
    says: 'status in_progress, once the hand-over has ended',
    holds: (step, { handover }) => update(step)?.status === 'in_progress' && ENDED.includes(handover.state),
  },
  followup_agreed: {
    says: 'while the person agrees to follow-up',
    holds: (_step, { consent }) => consent.scopes.includes('followup'),
  },
  proposes: { says: 'proposing', holds: (step) => factsOf('closure', step)?.action === 'propose' },
  confirms: {
    says: 'confirming what the other side proposed',
    holds: (step, { closing }) => factsOf('closure', step)?.action === 'confirm' && closing?.by === otherSide(step.by),
  },
  objects: {
    says: 'objecting to what the other side proposed',
    holds: (step, { closing }) => factsOf('closure', step)?.action === 'object' && closing?.by === otherSide(step.by),
  },
  is_cancelled: { says: 'result cancelled', holds: (step) => factsOf('cancel_confirm', step)?.result === 'cancelled' },
  not_cancelled: {
    says: 'result too_late or refused',
    holds: (step) => {
      const result = factsOf('cancel_confirm', step)?.result;
      return result === 'too_late' || result === 'refused';
    },
  },
  withdraws_all: { says: 'of everything', holds: (step, state) => leavesNone(step, state) },
  withdraws_some: {
    says: 'of some scopes',
    holds: (step, state) => step.facts.kind === 'consent_withdrawal' && !leavesNone(step, state),
  },
  other_erased: {
    says: 'after the other side',
    holds: (step, { erasedBy }) => erasedBy.includes(otherSide(step.by)) && !erasedBy.includes(step.by),
  },
  first_to_erase: { says: 'once', holds: (_step, { erasedBy }) => erasedBy.length === 0 },
  silent_second: {
    says: 'after a proposal of closure, after the other side',
    holds: (step, { closing, erasedBy }) =>
      closing !== undefined && erasedBy.includes(otherSide(step.by)) && !erasedBy.includes(step.by),
  },
  silent_first: {
    says: 'after a proposal of closure, once',
    holds: (_step, { closing, erasedBy }) => closing !== undefined && erasedBy.length === 0,
  },
  is_error: { says: 'of a wrong person or recipient', holds: (step) => factsOf('correction', step)?.error === true },
  corrects_field: { says: 'of a field', holds: (step) => factsOf('correction', step)?.error === false },
  // hand-over
  both_assessed: {
    says: 'the second of the two assessments',
    holds: (step, { handover }) => handover.assessedBy.includes(otherSide(step.by)),
  },
  next_version: {
    says: 'with the next version number',
    holds: (step, { handover }) => factsOf('handover_plan', step)?.version === 1 + versionOf(handover.plan),
  },
  same_plan: {
    says: 'of exactly the newest plan of the other side; for a child co-signed by child protection of both',
    holds: (step, state) => {
      const { plan } = state.handover;
      const agreed = factsOf('handover_accept', step);
      if (!plan || !agreed || plan.by === step.by || agreed.planDigest !== plan.digest) return false;
      return (
        agreed.version === factsOf('handover_plan', plan)?.version &&
        (!state.child || (cosigned(step) && cosigned(plan)))
      );
    },
  },
  left_unaware: {
    says: 'under the plan agreed last, when what changed it crossed the departure',
    holds: (step, { handover, history }) => {
      const changed = history.findLast((happening, index) => happening.handover !== history[index - 1]?.handover)?.step;
      const unaware = changed !== undefined && changed.by !== step.by && changed.seq > step.seen;
      return unaware && factsOf('departure_notice', step)?.planDigest === handover.agreedPlan;
    },
  },
  agreed_plan: {
    says: 'under the agreed plan',
    holds: (step, { handover }) => factsOf('departure_notice', step)?.planDigest === handover.plan?.digest,
  },
  documents: {
    says: 'arrangement documents_requested or documents_issued',
    holds: arranges('documents_requested', 'documents_issued'),
  },
  schedules: { says: 'arrangement scheduled', holds: arranges('scheduled') },
  postpones: { says: 'arrangement postponed', holds: arranges('postponed') },
  person_refuses: { says: 'arrangement refused_by_person', holds: arranges('refused_by_person') },
  calls_off: { says: 'arrangement cancelled', holds: arranges('cancelled') },
  not_received: { says: 'arrangement arrived_not_received', holds: arranges('arrived_not_received') },
  completes: { says: 'arrangement completed', holds: arranges('completed') },
  reception_completed: {
    says: 'with code reception_completed',
    holds: (step) => factsOf('outcome', step)?.code === 'reception_completed',
  },
  arrives: { says: 'result arrived', holds: (step) => factsOf('arrival_confirmation', step)?.result === 'arrived' },
  does_not_show: {
    says: 'result no_show',
    holds: (step) => factsOf('arrival_confirmation', step)?.result === 'no_show',
  },
  is_diverted: {
    says: 'result diverted',
    holds: (step) => factsOf('arrival_confirmation', step)?.result === 'diverted',
  },
} as const satisfies Record<string, Guard>;
export type GuardName = keyof typeof GUARDS;
