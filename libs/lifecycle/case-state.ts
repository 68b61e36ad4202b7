import type { ConsentScope } from '../schema';
import type { Side, Step } from './step';
import type { ConsentState, HandoverState, ReferralState } from './states';

/** Everything that follows from the messages of one referral. Both sides compute the same from the same messages. */
export interface CaseState {
  readonly referral: ReferralState;
  /** Where `cancel_requested` goes back to when the other side does not cancel. */
  readonly before?: ReferralState | undefined;
  readonly handover: HandoverView;
  readonly consent: ConsentView;
  /** True once anything says that the person is a child, or may be one; nothing takes that back. */
  readonly child: boolean;
  /** The message that opened the referral. */
  readonly opening?: Step | undefined;
  /** Requests for information without an answer: the step of each. */
  readonly openRequests: readonly Step[];
  /** The proposal of closure that waits for the other side. */
  readonly closing?: Step | undefined;
  /** Who has confirmed the erasure. */
  readonly erasedBy: readonly Side[];
  /** Urgent alerts in the case, oldest first. */
  readonly alerts: readonly Step[];
  /** Steps in the order that both sides agree on, with what each did. */
  readonly history: readonly Happening[];
}

/** A case while it is computed: before its first message there is none. */
export type Situation = Omit<CaseState, 'referral'> & { readonly referral: ReferralState | 'none' };

/** One step in the agreed order: the state it led to, or `overtaken` when a message it crossed came first and left it no effect. */
export interface Happening {
  readonly step: Step;
  readonly referral: ReferralState | 'none';
  readonly handover: HandoverState;
  readonly effect: 'moved' | 'noted' | 'overtaken';
}

export interface HandoverView {
  readonly state: HandoverState;
  readonly assessedBy: readonly Side[];
  /** The newest plan: the step that carried it. */
  readonly plan?: Step | undefined;
  /** Digest of the plan that was agreed to last, also when a newer one has been proposed since. */
  readonly agreedPlan?: string | undefined;
  /** The step that agreed to the newest plan. */
  readonly agreement?: Step | undefined;
  readonly departure?: Step | undefined;
  readonly arrival?: Step | undefined;
  readonly delegation?: Step | undefined;
  readonly reception?: Step | undefined;
  /** Unexpected problems named so far, each once. */
  readonly problems: readonly string[];
}

export interface ConsentView {
  readonly state: ConsentState;
  /** What the person agrees to now; empty after a withdrawal of everything. */
  readonly scopes: readonly ConsentScope[];
  readonly expiresAt?: string | undefined;
  /** The withdrawal that froze the case. */
  readonly withdrawal?: Step | undefined;
}
