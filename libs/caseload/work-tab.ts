import type { Duty } from '../deadlines';
import {
  FINAL_STATES,
  otherSide,
  type CaseState,
  type DeliveryState,
  type ReferralState,
  type Side,
} from '../lifecycle';

/** Where a case stands in the work of a unit. */
export const WORK_TABS = ['action', 'waiting', 'closed'] as const;
export type WorkTab = (typeof WORK_TABS)[number];

/** Whose move it is where no deadline says so. `asked`: whoever a request for information went to. */
const NEXT: Readonly<Record<ReferralState, Side | 'both' | 'asked'>> = {
  draft: 'sender',
  ready: 'sender',
  sent: 'recipient',
  delivered: 'recipient',
  acknowledged: 'recipient',
  info_requested: 'asked',
  accepted: 'recipient',
  accepted_in_part: 'recipient',
  declined: 'sender',
  redirected: 'sender',
  in_progress: 'recipient',
  on_hold: 'recipient',
  handover: 'both',
  outcome_reported: 'sender',
  followup: 'recipient',
  closed: 'both',
  cancel_requested: 'recipient',
  cancelled: 'both',
  suspended_consent: 'both',
  erased: 'both',
  entered_in_error: 'both',
  expired: 'sender',
};

/** Deliveries that came to nothing: the sender has to do something about them. */
const FAILED: readonly (DeliveryState | undefined)[] = ['refused', 'expired', 'undeliverable'];

/**
 * Whether a case needs the unit now, waits for the partner, or is over. A deadline of the unit's own side always needs it.
 * @param now the state with what no message says (delivery, silence)
 */
export function workTab(
  state: Pick<CaseState, 'openRequests'>,
  now: ReferralState,
  side: Side,
  duties: readonly Pick<Duty, 'by'>[],
  delivery: DeliveryState | undefined,
): WorkTab {
  if (FAILED.includes(delivery)) return 'action';
  if (FINAL_STATES.includes(now)) return 'closed';
  if (duties.some(({ by }) => by === side)) return 'action';
  const next = NEXT[now];
  if (next === 'both') return 'action';
  const whose = next === 'asked' ? otherSide(state.openRequests[0]?.by ?? otherSide(side)) : next;
  return whose === side ? 'action' : 'waiting';
}
