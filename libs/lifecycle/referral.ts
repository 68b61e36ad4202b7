import { TraoError } from '../errors';
import type { MessageType } from '../schema';
import type { DeliveryState, ReferralState } from './states';

/** The side of a referral that a unit stands on, seen from the referral, not from the message. */
export type Side = 'sender' | 'recipient';

interface Transition {
  /** Row of domain §3.2. */
  readonly row: number;
  readonly from: readonly (ReferralState | 'none')[];
  readonly message: MessageType;
  readonly by: Side;
  readonly to: ReferralState;
}

/**
 * The referral machine of domain §3.2, as far as messages move it. An answer proves delivery, so the rows that start at
 * `delivered` also start at `sent`: the sender may see the answer before the receipt.
 */
export const REFERRAL_TRANSITIONS: readonly Transition[] = [
  { row: 3, from: ['none'], message: 'referral', by: 'sender', to: 'sent' },
  { row: 5, from: ['sent', 'delivered'], message: 'ack', by: 'recipient', to: 'acknowledged' },
  { row: 7, from: ['acknowledged'], message: 'accept', by: 'recipient', to: 'accepted' },
  { row: 9, from: ['acknowledged'], message: 'decline', by: 'recipient', to: 'declined' },
];

/**
 * The state of a referral after a message.
 * @param state undefined while there is no referral
 * @throws TraoError `transition_refused`; its detail says what would be allowed
 */
export function nextReferral(state: ReferralState | undefined, message: MessageType, by: Side): ReferralState {
  const here = REFERRAL_TRANSITIONS.filter((transition) => transition.from.includes(state ?? 'none'));
  const found = here.find((transition) => transition.message === message && transition.by === by);
  if (found) return found.to;
  const allowed = here.map((transition) => `${transition.message} by the ${transition.by}`).join(' or ') || 'nothing';
  throw new TraoError('transition_refused', {
    detail: `State ${state ?? 'none'}, message ${message} by the ${by}; allowed: ${allowed}.`,
  });
}

/** Row 4, the only place where the two axes meet: a sent referral whose delivery is proven counts as delivered. */
export function withDelivery(state: ReferralState, delivery: DeliveryState): ReferralState {
  return state === 'sent' && (delivery === 'delivered' || delivery === 'opened') ? 'delivered' : state;
}
