import {
  accepted,
  arrived,
  assessed,
  type Conversation,
  COSIGNED,
  departed,
  planned,
  received,
  refusalOf,
  scheduled,
} from './fixtures/steps';
import { caseStateOf } from '.';

const handoverOf = (conversation: Conversation) => caseStateOf(conversation.steps).handover;
const noShow = () => departed().say('recipient', 'arrival_confirmation', { result: 'no_show' });
const diverted = () => departed().say('recipient', 'arrival_confirmation', { result: 'diverted' });
const notReceived = () => arrived().say('sender', 'update', { arrangement: 'arrived_not_received' });

describe('the hand-over machine, row by row', () => {
  it.each([
    ['one assessment', accepted().say('sender', 'risk_assessment'), 'not_planned'],
    [
      'the same side assesses again',
      accepted().say('sender', 'risk_assessment').say('sender', 'risk_assessment'),
      'not_planned',
    ],
    ['both assessments', assessed(), 'risk_assessed'],
    ['a later assessment', planned().say('sender', 'risk_assessment'), 'plan_agreed'],
    ['a plan', assessed().say('recipient', 'handover_plan'), 'plan_proposed'],
    [
      'a counter plan',
      assessed().say('sender', 'handover_plan').say('recipient', 'handover_plan', { version: 2 }),
      'plan_proposed',
    ],
    ['the agreed plan', planned(), 'plan_agreed'],
    ["a child's agreed plan", planned(true), 'plan_agreed'],
    ['a new plan after the agreement', planned().say('sender', 'handover_plan', { version: 2 }), 'plan_proposed'],
    [
      'documents asked for',
      planned().say('sender', 'update', { arrangement: 'documents_requested' }),
      'documents_pending',
    ],
    ['documents there', planned().say('recipient', 'update', { arrangement: 'documents_issued' }), 'documents_pending'],
    ['the date', scheduled(), 'scheduled'],
    [
      'the date after the documents',
      planned()
        .say('sender', 'update', { arrangement: 'documents_issued' })
        .say('sender', 'update', { arrangement: 'scheduled' }),
      'scheduled',
    ],
    ['the delegation', scheduled().say('recipient', 'delegation_notice'), 'scheduled'],
    ['the departure', departed(), 'departed'],
    ['the arrival', arrived(), 'arrived'],
    ['nobody on the flight', noShow(), 'no_show'],
    ['a new plan after that', noShow().say('sender', 'handover_plan', { version: 2 }), 'plan_proposed'],
    ['a diversion', diverted(), 'diverted'],
    ['the arrival after a diversion', diverted().say('recipient', 'arrival_confirmation'), 'arrived'],
    ['nobody came to receive', notReceived(), 'arrived_not_received'],
    ['a late reception', notReceived().say('recipient', 'reception_record'), 'received'],
    ['the reception', received(), 'received'],
    ['the end', received().say('recipient', 'update', { arrangement: 'completed' }), 'done'],
    ['the end with the outcome', received().say('recipient', 'outcome', { code: 'reception_completed' }), 'done'],
    ['another outcome', received().say('recipient', 'outcome', { code: 'reintegrated' }), 'received'],
    ['postponed', scheduled().say('recipient', 'update', { arrangement: 'postponed' }), 'postponed'],
    [
      'a new date',
      scheduled()
        .say('recipient', 'update', { arrangement: 'postponed' })
        .say('sender', 'update', { arrangement: 'scheduled' }),
      'scheduled',
    ],
    [
      'the person refuses',
      scheduled().say('sender', 'update', { arrangement: 'refused_by_person' }),
      'refused_by_person',
    ],
    ['called off', assessed().say('recipient', 'update', { arrangement: 'cancelled' }), 'cancelled'],
  ] as const)('%s', (_what, conversation, state) => {
    expect(refusalOf(conversation)).toBe('allowed');
    expect(handoverOf(conversation).state).toBe(state);
  });

  it.each([
    ['a plan before the assessments', accepted().say('sender', 'handover_plan'), /^State accepted/],
    [
      'a plan after one assessment',
      accepted().say('sender', 'risk_assessment').say('sender', 'handover_plan'),
      /State handover, hand-over not_planned/,
    ],
    [
      'a plan that skips a version',
      assessed().say('sender', 'handover_plan', { version: 2 }),
      /with the next version number/,
    ],
    [
      'agreement with oneself',
      assessed().say('sender', 'handover_plan').say('sender', 'handover_accept'),
      /exactly the newest plan/,
    ],
    [
      'agreement with another plan',
      assessed().say('sender', 'handover_plan').say('recipient', 'handover_accept', { planDigest: 'other' }),
      /exactly the newest plan/,
    ],
    [
      'agreement with another version',
      assessed().say('sender', 'handover_plan').say('recipient', 'handover_accept', { version: 2 }),
      /exactly the newest plan/,
    ],
    [
      'agreement for a child without child protection here',
      assessed(true).say('sender', 'handover_plan', {}, COSIGNED).say('recipient', 'handover_accept'),
      /for a child co-signed/,
    ],
    [
      'agreement for a child without child protection there',
      assessed(true).say('sender', 'handover_plan').say('recipient', 'handover_accept', {}, COSIGNED),
      /for a child co-signed/,
    ],
    [
      'a date by the receiving side',
      planned().say('recipient', 'update', { arrangement: 'scheduled' }),
      /hand-over plan_agreed/,
    ],
    ['a departure without a date', planned().say('sender', 'departure_notice'), /hand-over plan_agreed/],
    [
      'a departure under another plan',
      scheduled().say('sender', 'departure_notice', { planDigest: 'other' }),
      /under the agreed plan/,
    ],
    ['an arrival seen by the sending side', departed().say('sender', 'arrival_confirmation'), /hand-over departed/],
    ['a reception before the arrival', departed().say('recipient', 'reception_record'), /hand-over departed/],
    [
      'a second diversion',
      diverted().say('recipient', 'arrival_confirmation', { result: 'diverted' }),
      /hand-over diverted/,
    ],
    [
      'calling off a journey under way',
      departed().say('sender', 'update', { arrangement: 'cancelled' }),
      /hand-over departed/,
    ],
    [
      'a hand-over again after its end',
      received()
        .say('recipient', 'update', { arrangement: 'completed' })
        .say('sender', 'handover_plan', { version: 2 }),
      /hand-over done/,
    ],
    [
      'an arrangement without a hand-over',
      accepted().say('sender', 'update', { arrangement: 'documents_requested' }),
      /^State accepted/,
    ],
  ] as const)('refuses %s', (_what, conversation, detail) => {
    expect(refusalOf(conversation)).toMatch(detail);
  });

  it('keeps what belongs to the newest plan', () => {
    const going = departed().say('recipient', 'delegation_notice');
    expect(handoverOf(going)).toMatchObject({
      assessedBy: ['sender', 'recipient'],
      plan: { id: 'sender-3' },
      agreement: { id: 'recipient-4' },
      departure: { id: 'sender-5' },
      delegation: { id: 'recipient-5' },
    });
    going.say('recipient', 'arrival_confirmation', { result: 'no_show' });
    expect(handoverOf(going).arrival?.id).toBe('recipient-6');
    const again = handoverOf(going.say('sender', 'handover_plan', { version: 2 }));
    expect(again.plan?.id).toBe('sender-6');
    for (const gone of ['agreement', 'departure', 'arrival'] as const) expect(again[gone]).toBeUndefined();
    expect(handoverOf(received()).reception?.id).toBe('recipient-6');
  });

  it('lists each unexpected problem once', () => {
    const journey = departed().say('sender', 'update', { problems: ['family_absent'] });
    journey.say('recipient', 'arrival_confirmation');
    journey.say('recipient', 'reception_record', { problems: ['family_absent', 'media_present'] });
    expect(handoverOf(journey).problems).toEqual(['family_absent', 'media_present']);
  });

  it.each([
    ['a new plan', { plan: 2 }],
    ['a postponement', { arrangement: 'postponed' }],
    ['a refusal', { arrangement: 'refused_by_person' }],
    ['the end of it', { arrangement: 'cancelled' }],
  ] as const)('follows a person who has left before %s was known', (_what, change) => {
    const crossed = (seen: number) => {
      const journey = scheduled();
      if ('plan' in change) journey.say('recipient', 'handover_plan', { version: change.plan }, { digest: 'plan-2' });
      else journey.say('recipient', 'update', { arrangement: change.arrangement });
      return journey.say('sender', 'departure_notice', {}, { seen });
    };
    expect(refusalOf(crossed(4))).toBe('allowed');
    expect(handoverOf(crossed(4))).toMatchObject({ state: 'departed', departure: { id: 'sender-5' } });
    expect(handoverOf(crossed(4).say('recipient', 'arrival_confirmation')).state).toBe('arrived');
    // Who knew of the change does not leave under the plan before.
    expect(refusalOf(crossed(5))).toMatch(/when what changed it crossed the departure/);
    expect(handoverOf(crossed(5)).state).not.toBe('departed');
  });

  it('does not follow a departure under a plan that nobody agreed to', () => {
    const journey = scheduled().say('recipient', 'update', { arrangement: 'postponed' });
    journey.say('sender', 'departure_notice', { planDigest: 'other' }, { seen: 4 });
    expect(handoverOf(journey).state).toBe('postponed');
  });
});
