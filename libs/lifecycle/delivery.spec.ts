import fc from 'fast-check';
import { DELIVERY_EVENTS, DELIVERY_STATES, nextDelivery, type DeliveryEvent, type DeliveryState } from '.';

/** How far a message has come. A move never lowers it; the sender's own judgement stands below any evidence of the partner. */
const RANK: Record<DeliveryState, number> = {
  queued: 0,
  sending: 1,
  expired: 2,
  undeliverable: 2,
  received: 3,
  delivered: 4,
  refused: 4,
  opened: 5,
};

/** The machine once more, as the list of everything that is not `same`. */
const MOVES: Record<DeliveryState, Partial<Record<DeliveryEvent, string>>> = {
  queued: {
    attempted: 'sending',
    received: 'received',
    delivered: 'delivered',
    opened: 'opened',
    refused: 'refused',
    expired: 'expired',
    gave_up: 'undeliverable',
  },
  sending: {
    received: 'received',
    delivered: 'delivered',
    opened: 'opened',
    refused: 'refused',
    expired: 'expired',
    gave_up: 'undeliverable',
  },
  received: { delivered: 'delivered', opened: 'opened', refused: 'refused', lost_there: 'queued' },
  delivered: { opened: 'opened', refused: 'contradiction', lost_there: 'queued' },
  opened: { refused: 'contradiction', lost_there: 'queued' },
  refused: { delivered: 'contradiction', opened: 'contradiction' },
  expired: { received: 'received', delivered: 'delivered', opened: 'opened', refused: 'refused' },
  undeliverable: {
    received: 'received',
    delivered: 'delivered',
    opened: 'opened',
    refused: 'refused',
    resent: 'queued',
  },
};

/** What takes a message back to the beginning. */
const SENT_AGAIN: readonly DeliveryEvent[] = ['resent', 'lost_there'];

const CELLS = DELIVERY_STATES.flatMap((state) => DELIVERY_EVENTS.map((event) => [state, event] as const));

const isState = (outcome: string): outcome is DeliveryState => (DELIVERY_STATES as readonly string[]).includes(outcome);

function step(state: DeliveryState, event: DeliveryEvent): DeliveryState {
  const outcome = nextDelivery(state, event);
  return isState(outcome) ? outcome : state;
}

const walk = (events: readonly DeliveryEvent[]) => events.reduce(step, 'queued' as DeliveryState);

describe('the delivery machine', () => {
  it.each(CELLS)('%s, then %s', (state, event) => {
    expect(nextDelivery(state, event)).toBe(MOVES[state][event] ?? 'same');
  });

  it('reaches every state from queued', () => {
    const reached = new Set<DeliveryState>(['queued']);
    // The set grows while it is walked through.
    for (const state of reached) for (const event of DELIVERY_EVENTS) reached.add(step(state, event));
    expect([...reached].toSorted()).toEqual([...DELIVERY_STATES].toSorted());
  });

  it('never leaves a final state, unless the partner lost what it had', () => {
    for (const event of DELIVERY_EVENTS.filter((one) => one !== 'lost_there')) {
      expect(step('opened', event)).toBe('opened');
      expect(step('refused', event)).toBe('refused');
    }
  });

  it.each(CELLS.filter(([, event]) => !SENT_AGAIN.includes(event)))(
    'by itself only moves forward: %s, then %s',
    (state, event) => {
      expect(RANK[step(state, event)]).toBeGreaterThanOrEqual(RANK[state]);
    },
  );

  it.each(CELLS)('changes nothing the second time: %s, then %s twice', (state, event) => {
    const once = step(state, event);
    expect(step(once, event)).toBe(once);
  });

  it('calls a refusal after a delivery a contradiction, and a delivery after a refusal', () => {
    expect(nextDelivery('delivered', 'refused')).toBe('contradiction');
    expect(nextDelivery('opened', 'refused')).toBe('contradiction');
    expect(nextDelivery('refused', 'delivered')).toBe('contradiction');
    expect(nextDelivery('refused', 'opened')).toBe('contradiction');
  });

  it.each(['expired', 'undeliverable'] as const)('lets evidence of the partner overrule %s', (state) => {
    for (const event of ['received', 'delivered', 'opened', 'refused'] as const) {
      expect(nextDelivery(state, event)).toBe(event);
    }
    for (const event of ['attempted', 'expired', 'gave_up'] as const) expect(nextDelivery(state, event)).toBe('same');
  });

  it('is tried again by people only where this node gave up, and only until evidence comes', () => {
    for (const state of DELIVERY_STATES)
      expect(nextDelivery(state, 'resent')).toBe(state === 'undeliverable' ? 'queued' : 'same');
  });
});

describe('a message that the partner has lost', () => {
  it('travels again only where the partner had proven that it was there', () => {
    for (const state of DELIVERY_STATES)
      expect(nextDelivery(state, 'lost_there')).toBe(
        ['received', 'delivered', 'opened'].includes(state) ? 'queued' : 'same',
      );
  });

  it('comes to the same end again', () => {
    expect(walk(['attempted', 'received', 'delivered', 'lost_there'])).toBe('queued');
    expect(walk(['attempted', 'received', 'delivered', 'lost_there', 'attempted', 'received', 'delivered'])).toBe(
      'delivered',
    );
  });
});

describe('any history of a message that was not sent again', () => {
  const byItself = DELIVERY_EVENTS.filter((event) => !SENT_AGAIN.includes(event));
  const history = fc.array(fc.constantFrom(...byItself), { maxLength: 12 });

  it('stays in the set of states and never goes back', () => {
    fc.assert(
      fc.property(history, (events) => {
        let state: DeliveryState = 'queued';
        for (const event of events) {
          const next = step(state, event);
          expect(DELIVERY_STATES).toContain(next);
          expect(RANK[next]).toBeGreaterThanOrEqual(RANK[state]);
          state = next;
        }
      }),
    );
  });

  it('ends the same when an event is repeated at any later time', () => {
    const repeated = history
      .filter((events) => events.length > 0)
      .chain((events) => fc.tuple(fc.constant(events), fc.nat(events.length - 1), fc.nat(events.length)));
    fc.assert(
      fc.property(repeated, ([events, which, later]) => {
        const at = Math.max(later, which + 1);
        expect(walk(events.toSpliced(at, 0, events[which]!))).toBe(walk(events));
      }),
    );
  });
});
