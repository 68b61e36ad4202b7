import type { DeliveryState } from './states';

/**
 * What can happen to a message on its way: receipts of the partner, or the sender's own attempt, timer, giving up, an operator who has
 * it tried again, and a reconciliation that finds it gone at the partner.
 */
export const DELIVERY_EVENTS = [
  'attempted',
  'received',
  'delivered',
  'opened',
  'refused',
  'expired',
  'gave_up',
  'resent',
  'lost_there',
] as const;
export type DeliveryEvent = (typeof DELIVERY_EVENTS)[number];

type Outcome = DeliveryState | 'same' | 'contradiction';

/**
 * The delivery machine (domain §3.1), one for the sealed bytes of a message: those that a partner refused for a retired key have ended,
 * and the same message sealed anew begins at `queued`. States only move forward: evidence that comes late or again changes nothing (`same`);
 * a refusal against a delivery, either way round, is a contradiction that is kept and alarmed, never resolved by the machine.
 * `expired` and `undeliverable` are the sender's own judgement: signed evidence of the partner overrules them. Giving up may be taken back
 * by people, who know what has changed; a message whose time is over stays over. One move goes back: a partner that lost data after it
 * signed, by a failover or a restored backup, says itself that it has the message no more (`lost_there`), so it travels again. What the
 * partner signed before stays as evidence.
 */
const TABLE: Record<DeliveryState, Record<DeliveryEvent, Outcome>> = {
  queued: row({ attempted: 'sending', expired: 'expired', gave_up: 'undeliverable' }, 'evidence'),
  sending: row({ attempted: 'same', expired: 'expired', gave_up: 'undeliverable' }, 'evidence'),
  received: row({ received: 'same', lost_there: 'queued' }, 'evidence'),
  delivered: row({ opened: 'opened', refused: 'contradiction', lost_there: 'queued' }),
  opened: row({ refused: 'contradiction', lost_there: 'queued' }),
  refused: row({ received: 'same', refused: 'same', delivered: 'contradiction', opened: 'contradiction' }),
  expired: row({}, 'evidence'),
  undeliverable: row({ resent: 'queued' }, 'evidence'),
};

function row(own: Partial<Record<DeliveryEvent, Outcome>>, evidence?: 'evidence'): Record<DeliveryEvent, Outcome> {
  const late = {
    attempted: 'same',
    received: 'same',
    delivered: 'same',
    opened: 'same',
    refused: 'same',
    expired: 'same',
    gave_up: 'same',
    resent: 'same',
    lost_there: 'same',
  } as const;
  const moves =
    evidence && ({ received: 'received', delivered: 'delivered', opened: 'opened', refused: 'refused' } as const);
  return { ...late, ...moves, ...own };
}

/** The state after an event, `same` when nothing changes, `contradiction` when the evidence disagrees with earlier evidence. */
export function nextDelivery(state: DeliveryState, event: DeliveryEvent): Outcome {
  return TABLE[state][event];
}
