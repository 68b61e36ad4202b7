import { dutiesIn, type DeadlinePorts, openCase, type StoredCase, isErased, openTombstone } from '../casework';
import { closedBySilence, type Duty } from '../deadlines';
import {
  caseStateOf,
  factsOf,
  withDelivery,
  type CaseState,
  type DeliveryState,
  type ReferralState,
  type Side,
  type Step,
} from '../lifecycle';
import type { MessageType, Purpose } from '../schema';
import { referenceOf } from './reference';
import { workTab, type WorkTab } from './work-tab';

/** A case as lists need it: what follows from its messages, none of their content but the name of the person. */
export type ListedCase = ListedOpen | ListedGone;

interface Listed {
  readonly referralId: string;
  readonly reference: string;
  readonly changedAt: Date;
  readonly side?: Side | undefined;
  readonly partnerUnit?: string | undefined;
  /** The person's name as first written; undefined where nobody may know it. */
  readonly name?: string | undefined;
  readonly child: boolean;
  /** True where the unit has sent a message of its own. */
  readonly wrote: boolean;
  readonly purpose?: Purpose | undefined;
  readonly priority?: string | undefined;
  readonly assignedTo?: string | undefined;
  readonly openedBy?: string | undefined;
  readonly last?: { readonly type: MessageType; readonly at: string; readonly by: Side } | undefined;
  readonly duties: readonly Pick<Duty, 'id' | 'by' | 'due'>[];
  /** When what was written, for statistics (RFC 3339, UTC). */
  readonly milestones: Milestones;
}

/** The first message of each kind that statistics count from. */
export interface Milestones {
  readonly sent?: string | undefined;
  readonly acknowledged?: string | undefined;
  readonly decided?: string | undefined;
  readonly outcome?: string | undefined;
  readonly declined?: string | undefined;
}

interface ListedOpen extends Listed {
  readonly kind: 'open';
  readonly side: Side;
  /** As far as messages say; `nowIn` adds delivery and the clock. */
  readonly state: CaseState;
}

interface ListedGone extends Listed {
  readonly kind: 'erased' | 'unreadable';
  readonly state?: undefined;
}

/** A case at this moment. */
export interface CaseNow {
  readonly state: ReferralState | 'erased' | 'unreadable';
  readonly tab: WorkTab;
  readonly delivery?: DeliveryState | undefined;
  /** What the unit has to do first. */
  readonly due?: Pick<Duty, 'id' | 'by' | 'due'> | undefined;
}

/** Opens a stored case for a list. One that does not open is listed as what it is, so that it hides neither itself nor the others. */
export function listedCase(
  stored: StoredCase,
  changedAt: Date,
  storageKey: Uint8Array,
  ports: DeadlinePorts,
): ListedCase {
  const { referralId } = stored;
  const plain = {
    referralId,
    reference: referenceOf(referralId),
    changedAt,
    child: false,
    wrote: false,
    duties: [],
    milestones: {},
  };
  try {
    if (isErased(stored)) {
      const { side, partnerUnit, openedBy } = openTombstone(stored, storageKey);
      return { ...plain, kind: 'erased', side, partnerUnit, openedBy };
    }
    const record = openCase(stored, storageKey);
    const { side, partnerUnit, openedBy, steps, local } = record.summary;
    const state = caseStateOf(steps);
    const referral = factsOf('referral', state.opening);
    const last = steps.at(-1);
    return {
      ...plain,
      kind: 'open',
      side,
      partnerUnit,
      openedBy,
      name: local.names[0],
      child: state.child,
      wrote: steps.some(({ by }) => by === side),
      purpose: referral?.purpose,
      priority: referral?.priority,
      assignedTo: local.assigned?.to,
      milestones: milestonesOf(steps),
      last: last && { type: last.type, at: last.at, by: last.by },
      // The steps are in the case itself; lists need what follows from them.
      state: { ...state, history: [] },
      duties: dutiesIn(record, state, ports).map(({ id, by, due }) => ({ id, by, due })),
    };
  } catch {
    return { ...plain, kind: 'unreadable' };
  }
}

const DECISIONS = ['accept', 'decline', 'redirect'];

function milestonesOf(steps: readonly Step[]): Milestones {
  const first = (...types: string[]) => steps.find(({ type }) => types.includes(type));
  return {
    sent: first('referral')?.at,
    acknowledged: first('ack')?.at,
    decided: first(...DECISIONS)?.at,
    outcome: factsOf('outcome', first('outcome'))?.code,
    declined: factsOf('decline', first('decline'))?.code,
  };
}

const GONE = {
  erased: { state: 'erased', tab: 'closed' },
  // Somebody has to find out what happened to it.
  unreadable: { state: 'unreadable', tab: 'action' },
} as const;

/** What a listed case is at `now`. @param delivery how far the unit's own newest message has come; undefined where it sent none */
export function nowIn(listed: ListedCase, delivery: DeliveryState | undefined, now: Date): CaseNow {
  if (listed.kind !== 'open') return GONE[listed.kind];
  const { state, side, duties } = listed;
  // What was filed here has arrived; a referral of our own has always been sent.
  const referral = closedBySilence(state, now) ? 'closed' : withDelivery(state.referral, delivery ?? 'delivered');
  const tab = workTab(state, referral, side, duties, delivery);
  const own = duties.filter(({ by }) => by === side);
  return { state: referral, tab, delivery, due: tab === 'action' ? own[0] : duties[0] };
}
