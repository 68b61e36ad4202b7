/** The two axes of a message and of a referral (domain §3): has it arrived, and what did they decide. */

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

/** Decision on one referral. Both sides compute it from the same messages. */
export const REFERRAL_STATES = ['sent', 'delivered', 'acknowledged', 'accepted', 'declined'] as const;
export type ReferralState = (typeof REFERRAL_STATES)[number];
