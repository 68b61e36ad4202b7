import { TraoError } from '../errors';
import {
  DELIVERY_STATES,
  nextReferral,
  REFERRAL_STATES,
  REFERRAL_TRANSITIONS,
  withDelivery,
  type ReferralState,
  type Side,
} from '.';

const MESSAGES = ['referral', 'ack', 'accept', 'decline', 'ping'] as const;
const SIDES = ['sender', 'recipient'] as const;
type Step = readonly [ReferralState | undefined, (typeof MESSAGES)[number], Side];

/** Every step that domain §3.2 allows, written out. */
const LEGAL: readonly (readonly [...Step, ReferralState])[] = [
  [undefined, 'referral', 'sender', 'sent'],
  ['sent', 'ack', 'recipient', 'acknowledged'],
  ['delivered', 'ack', 'recipient', 'acknowledged'],
  ['acknowledged', 'accept', 'recipient', 'accepted'],
  ['acknowledged', 'decline', 'recipient', 'declined'],
];

const isLegal = (step: Step) => LEGAL.some((row) => step.every((part, index) => part === row[index]));
const ILLEGAL = [undefined, ...REFERRAL_STATES]
  .flatMap((state) => MESSAGES.flatMap((message) => SIDES.map((side): Step => [state, message, side])))
  .filter((step) => !isLegal(step));

/** What the refusal of any other step in this state says. */
const ALLOWED: Record<ReferralState | 'none', string> = {
  none: 'referral by the sender',
  sent: 'ack by the recipient',
  delivered: 'ack by the recipient',
  acknowledged: 'accept by the recipient or decline by the recipient',
  accepted: 'nothing',
  declined: 'nothing',
};

function refusalOf(...step: Step): unknown {
  try {
    return nextReferral(...step);
  } catch (error) {
    return error;
  }
}

describe('the referral machine', () => {
  it.each(LEGAL)('%s: %s by the %s leads to %s', (state, message, side, next) => {
    expect(nextReferral(state, message, side)).toBe(next);
  });

  it.each(ILLEGAL)('%s: %s by the %s is refused', (state, message, side) => {
    const refusal = refusalOf(state, message, side) as TraoError;
    expect(refusal).toBeInstanceOf(TraoError);
    expect(refusal.code).toBe('transition_refused');
    const here = state ?? 'none';
    expect(refusal.detail).toBe(`State ${here}, message ${message} by the ${side}; allowed: ${ALLOWED[here]}.`);
  });

  it('reaches every state, and every row of its table is used', () => {
    const reached = new Set<string>(['none', 'delivered', ...LEGAL.map(([, , , next]) => next)]);
    expect([...reached].toSorted()).toEqual(['none', ...REFERRAL_STATES].toSorted());
    const rows = REFERRAL_TRANSITIONS.flatMap(({ from }) => from).length;
    expect(rows).toBe(LEGAL.length);
  });

  it('has no step out of a final state', () => {
    const from = new Set(REFERRAL_TRANSITIONS.flatMap((transition) => transition.from));
    expect(REFERRAL_STATES.filter((state) => !from.has(state))).toEqual(['accepted', 'declined']);
  });

  it('lets one message of one side lead to one state only', () => {
    const steps = REFERRAL_TRANSITIONS.flatMap(({ from, message, by }) =>
      from.map((state) => `${state} ${message} ${by}`),
    );
    expect(new Set(steps).size).toBe(steps.length);
  });
});

describe('a proven delivery', () => {
  const cells = REFERRAL_STATES.flatMap((state) => DELIVERY_STATES.map((delivery) => [state, delivery] as const));

  it.each(cells)('of a referral %s, message %s', (state, delivery) => {
    const proven = state === 'sent' && ['delivered', 'opened'].includes(delivery);
    expect(withDelivery(state, delivery)).toBe(proven ? 'delivered' : state);
  });
});
