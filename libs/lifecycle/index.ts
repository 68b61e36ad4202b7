export { DELIVERY_EVENTS, nextDelivery, type DeliveryEvent } from './delivery';
export { expiryOf } from './lifetimes';
export { REFERRAL_TRANSITIONS, nextReferral, withDelivery, type Side } from './referral';
export { DELIVERY_STATES, REFERRAL_STATES, type DeliveryState, type ReferralState } from './states';
