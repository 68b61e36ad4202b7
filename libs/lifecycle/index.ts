export { adultFrom, isChild, saysChild } from './age';
export { inAgreedOrder, knownToAuthor } from './agreed-order';
export type { CaseState, ConsentView, HandoverView, Happening } from './case-state';
export { CONSENT_TRANSITIONS } from './consent';
export { CROSSWALK, type Crosswalk } from './crosswalk';
export { DELIVERY_EVENTS, nextDelivery, type DeliveryEvent } from './delivery';
export { assertAllowed, caseStateOf } from './fold';
export { factsOf } from './guards';
export { FINAL_HANDOVER_STATES, HANDOVER_TRANSITIONS } from './handover';
export { expiryOf } from './lifetimes';
export { possibleMessages, type PossibleMessage } from './possible';
export { actorsOf, FINAL_STATES, REFERRAL_TRANSITIONS, withDelivery } from './referral';
export {
  CONSENT_STATES,
  DELIVERY_STATES,
  HANDOVER_STATES,
  REFERRAL_STATES,
  type ConsentState,
  type DeliveryState,
  type HandoverState,
  type ReferralState,
} from './states';
export { otherSide, type Arrangement, type Facts, type Side, type Step } from './step';
export { belongsToReferral, toStep } from './to-step';
