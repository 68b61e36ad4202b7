/** The axes of a referral (domain §3): has it arrived, what did they decide, where is the person, what does the person agree to. */

/** Delivery of one message, as its sender knows it. `queued`: never tried; `sending`: tried at least once. */
export const DELIVERY_STATES = [
  'queued',
  'sending',
  'received',
  'delivered',
  'opened',
  'refused',
  'expired',
  'undeliverable',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Decision on one referral. Both sides compute it from the same messages; `draft` and `ready` are the sender's alone. */
export const REFERRAL_STATES = [
  'draft',
  'ready',
  'sent',
  'delivered',
  'acknowledged',
  'info_requested',
  'accepted',
  'accepted_in_part',
  'declined',
  'redirected',
  'in_progress',
  'on_hold',
  'handover',
  'outcome_reported',
  'followup',
  'closed',
  'cancel_requested',
  'cancelled',
  'suspended_consent',
  'erased',
  'entered_in_error',
  'expired',
] as const;
export type ReferralState = (typeof REFERRAL_STATES)[number];

/** Return or onward movement of the person (domain §3.3). */
export const HANDOVER_STATES = [
  'not_planned',
  'risk_assessed',
  'plan_proposed',
  'plan_agreed',
  'documents_pending',
  'scheduled',
  'departed',
  'arrived',
  'received',
  'done',
  'postponed',
  'no_show',
  'diverted',
  'refused_by_person',
  'cancelled',
  'arrived_not_received',
] as const;
export type HandoverState = (typeof HANDOVER_STATES)[number];

/** What the person agrees to (domain §3.4). */
export const CONSENT_STATES = ['not_sought', 'given', 'narrowed', 'withdrawn', 'override'] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];
