import fc from 'fast-check';
import { arrived, assessed, atWork, Conversation, planned, received, withOutcome } from './fixtures/steps';
import {
  actorsOf,
  caseStateOf,
  CONSENT_TRANSITIONS,
  CROSSWALK,
  FINAL_HANDOVER_STATES,
  FINAL_STATES,
  HANDOVER_STATES,
  HANDOVER_TRANSITIONS,
  inAgreedOrder,
  REFERRAL_STATES,
  REFERRAL_TRANSITIONS,
  type Step,
} from '.';

/** States that a table leads to from its beginning. */
function reached(rows: readonly { readonly from: readonly string[]; readonly to: string }[], start: string): string[] {
  const states = new Set([start]);
  // The set grows while it is walked through.
  for (const state of states) for (const { from, to } of rows) if (from.includes(state)) states.add(to);
  return [...states].filter((state) => state !== 'same' && state !== 'before').toSorted();
}

describe('the machines as data', () => {
  it('reach every state', () => {
    expect(reached(REFERRAL_TRANSITIONS, 'none')).toEqual([...REFERRAL_STATES, 'none'].toSorted());
    expect(reached(HANDOVER_TRANSITIONS, 'not_planned')).toEqual([...HANDOVER_STATES].toSorted());
    const consents = ['given', 'narrowed', 'override', 'not_sought'];
    const stated = CONSENT_TRANSITIONS.flatMap((row) =>
      consents.map((to) => (row.to === 'stated' ? { ...row, to } : row)),
    );
    expect(reached(stated as never, 'not_sought')).toEqual([...consents, 'withdrawn'].toSorted());
  });

  it('have all 24 rows of the referral table', () => {
    const rows = new Set(REFERRAL_TRANSITIONS.map(({ row }) => row));
    expect([...rows].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  });

  it('leave final states only to protect the person', () => {
    const leaving = REFERRAL_TRANSITIONS.filter(
      ({ from, to }) => to !== 'same' && from.some((state) => FINAL_STATES.includes(state as never)),
    );
    expect(new Set(leaving.map(({ row }) => row))).toEqual(new Set([20, 21, 22]));
    expect(REFERRAL_TRANSITIONS.filter(({ from }) => from.includes('erased'))).toEqual([]);
    const resumed = HANDOVER_TRANSITIONS.filter(({ from }) =>
      from.some((state) => FINAL_HANDOVER_STATES.includes(state)),
    );
    // Whoever has left before knowing of the refusal is on the way all the same.
    expect(resumed.map(({ on, guard }) => [on, guard])).toEqual([['departure_notice', 'left_unaware']]);
    expect(HANDOVER_TRANSITIONS.filter(({ from }) => from.includes('done'))).toEqual([]);
    const stuck = REFERRAL_STATES.filter(
      (state) =>
        !FINAL_STATES.includes(state) &&
        !REFERRAL_TRANSITIONS.some(({ from, to }) => from.includes(state) && to !== 'same'),
    );
    expect(stuck).toEqual([]);
  });

  it('name the roles that write each message', () => {
    for (const { actors, on } of [...REFERRAL_TRANSITIONS, ...HANDOVER_TRANSITIONS]) {
      expect(actors.length > 0).toBe(!['delivery_proven', 'expiry'].includes(on));
      for (const role of ['operator', 'auditor', 'statistics_officer']) expect(actors).not.toContain(role);
    }
    expect(actorsOf('ack', 'recipient')).toContain('receiving_desk');
    expect(actorsOf('ack', 'sender')).toBeUndefined();
    expect(actorsOf('erasure_confirm', 'sender')).toEqual(['dpo']);
    expect(actorsOf('reception_record', 'recipient')).toEqual(['delegation_chair']);
    expect(actorsOf('ping', 'sender')).toBeUndefined();
  });

  it('translate every state', () => {
    for (const state of REFERRAL_STATES) expect(CROSSWALK[state].fhirTask).toMatch(/^[a-z-]+$/);
    expect(CROSSWALK.closed).toEqual({ fhirTask: 'completed', primero: 'done', htcds: 'Closed' });
    expect(CROSSWALK.redirected.htcds).toBe('ClosedReferred');
    expect(CROSSWALK.followup.htcds).toBe('FollowUp');
  });
});

const JOURNEYS = [
  () => withOutcome().say('sender', 'closure').say('recipient', 'closure', { action: 'confirm' }),
  () => received().say('recipient', 'outcome', { code: 'reception_completed' }),
  () => planned(true).say('sender', 'cancel_request'),
  () => arrived().say('sender', 'alert'),
  () => assessed().say('recipient', 'handover_plan').say('sender', 'handover_plan', { version: 2 }),
  // Two that cross: the recipient decides while the sender asks to cancel.
  () => atWork().say('sender', 'cancel_request', {}, { seen: 2 }),
  () => withOutcome().say('sender', 'consent_withdrawal', {}, { seen: 1 }).say('recipient', 'closure', {}, { seen: 1 }),
];

describe('both sides', () => {
  it('agree, whatever order messages arrive in and however often', () => {
    const shuffled = fc.constantFrom(...JOURNEYS).chain((journey) => {
      const { steps } = journey();
      const order = fc.shuffledSubarray(
        steps.map((_, index) => index),
        { minLength: steps.length },
      );
      return fc.tuple(fc.constant(steps), order);
    });
    fc.assert(
      fc.property(shuffled, ([steps, order]) => {
        const arrivedSoFar = order.map((index) => steps[index]!);
        expect(caseStateOf(arrivedSoFar)).toEqual(caseStateOf(steps));
      }),
      { numRuns: 500 },
    );
  });

  it('put a decision before a request that did not know of it', () => {
    const crossed = atWork()
      .say('sender', 'cancel_request', {}, { seen: 2 })
      .say('recipient', 'outcome', {}, { seen: 1 });
    const state = caseStateOf(crossed.steps);
    expect(state.referral).toBe('outcome_reported');
    expect(state.history.map(({ step, effect }) => [step.type, effect])).toEqual([
      ['referral', 'moved'],
      ['ack', 'moved'],
      ['accept', 'moved'],
      ['update', 'moved'],
      ['outcome', 'moved'],
      ['cancel_request', 'overtaken'],
    ]);
  });

  it('keep a step behind everything its author had seen', () => {
    const messages = fc.array(fc.tuple(fc.boolean(), fc.nat(3)), { maxLength: 20 });
    fc.assert(
      fc.property(messages, (choices) => {
        const conversation = new Conversation();
        for (const [bySender, lag] of choices) {
          const by = bySender ? 'sender' : 'recipient';
          const others = conversation.steps.filter((step) => step.by !== by).length;
          const before = conversation.steps.findLast((step) => step.by === by)?.seen ?? 0;
          conversation.say(by, 'alert', {}, { seen: Math.max(before, others - lag) });
        }
        const order = inAgreedOrder(conversation.steps);
        const place = new Map(order.map((step, index) => [`${step.by} ${step.seq}`, index]));
        expect(order).toHaveLength(conversation.steps.length);
        for (const step of order) {
          const other = step.by === 'sender' ? 'recipient' : 'sender';
          // What was never there stands before everything.
          const placeOf = (by: string, seq: number) => place.get(`${by} ${seq}`) ?? -1;
          expect(placeOf(other, step.seen)).toBeLessThan(placeOf(step.by, step.seq));
          expect(placeOf(step.by, step.seq - 1)).toBeLessThan(placeOf(step.by, step.seq));
        }
      }),
    );
  });

  it('stay in order even when somebody claims to have seen the future', () => {
    const lied = new Conversation().say('sender', 'referral', {}, { seen: 9 }).say('recipient', 'ack', {}, { seen: 9 });
    expect(inAgreedOrder(lied.steps).map(({ type }: Step) => type)).toEqual(['referral', 'ack']);
  });
});
