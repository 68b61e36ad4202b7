import {
  accepted,
  acknowledged,
  atWork,
  Conversation,
  departed,
  received,
  refusalOf,
  withOutcome,
} from './fixtures/steps';
import { caseStateOf, DELIVERY_STATES, REFERRAL_STATES, withDelivery } from '.';

const stateOf = (conversation: Conversation) => caseStateOf(conversation.steps);
const referralOf = (conversation: Conversation) => stateOf(conversation).referral;
describe('the referral machine, row by row', () => {
  it.each([
    ['3', new Conversation().say('sender', 'referral'), 'sent'],
    ['5', acknowledged(), 'acknowledged'],
    ['6', acknowledged().say('recipient', 'rfi'), 'info_requested'],
    ['6 again', acknowledged().say('recipient', 'rfi').say('recipient', 'rfi'), 'info_requested'],
    [
      '6 back',
      acknowledged().say('recipient', 'rfi').say('sender', 'rfi_response', {}, { inReplyTo: 'recipient-2' }),
      'acknowledged',
    ],
    ['7', accepted(), 'accepted'],
    ['7 without the answer', acknowledged().say('recipient', 'rfi').say('recipient', 'accept'), 'accepted'],
    ['8', acknowledged().say('recipient', 'accept', { inPart: true }), 'accepted_in_part'],
    ['9', acknowledged().say('recipient', 'decline'), 'declined'],
    ['10', acknowledged().say('recipient', 'redirect'), 'redirected'],
    ['11', atWork(), 'in_progress'],
    ['12', atWork().say('sender', 'update', { status: 'on_hold' }), 'on_hold'],
    [
      '12 back',
      atWork().say('sender', 'update', { status: 'on_hold' }).say('recipient', 'update', { status: 'resumed' }),
      'in_progress',
    ],
    ['13', accepted().say('sender', 'risk_assessment'), 'handover'],
    ['13 from work', atWork().say('recipient', 'risk_assessment'), 'handover'],
    ['13 back', received().say('recipient', 'update', { status: 'in_progress' }), 'in_progress'],
    ['14', withOutcome(), 'outcome_reported'],
    ['14 after the hand-over', received().say('recipient', 'outcome'), 'outcome_reported'],
    ['14 again', withOutcome().say('recipient', 'outcome'), 'outcome_reported'],
    ['15', withOutcome().say('recipient', 'followup'), 'followup'],
    ['15 again', withOutcome().say('recipient', 'followup').say('recipient', 'followup', { month: 3 }), 'followup'],
    ['16 proposed', withOutcome().say('sender', 'closure'), 'outcome_reported'],
    ['16', withOutcome().say('sender', 'closure').say('recipient', 'closure', { action: 'confirm' }), 'closed'],
    [
      '16 objected',
      withOutcome().say('sender', 'closure').say('recipient', 'closure', { action: 'object' }),
      'outcome_reported',
    ],
    ['17', acknowledged().say('sender', 'cancel_request'), 'cancel_requested'],
    [
      '17 before any answer',
      new Conversation().say('sender', 'referral').say('sender', 'cancel_request'),
      'cancel_requested',
    ],
    ['18', acknowledged().say('sender', 'cancel_request').say('recipient', 'cancel_confirm'), 'cancelled'],
    [
      '18 too late',
      atWork().say('sender', 'cancel_request').say('recipient', 'cancel_confirm', { result: 'too_late' }),
      'in_progress',
    ],
    [
      '18 refused',
      atWork().say('sender', 'cancel_request').say('recipient', 'cancel_confirm', { result: 'refused' }),
      'in_progress',
    ],
    ['18 outcome', atWork().say('sender', 'cancel_request').say('recipient', 'outcome'), 'outcome_reported'],
    ['19', atWork().say('recipient', 'decline', { handBack: true }), 'declined'],
    ['20', atWork().say('recipient', 'consent_withdrawal'), 'suspended_consent'],
    [
      '20 after the end',
      acknowledged().say('recipient', 'decline').say('sender', 'consent_withdrawal'),
      'suspended_consent',
    ],
    [
      '20 the last scopes',
      atWork().say('sender', 'consent_withdrawal', { scopes: ['followup', 'return_planning'] }),
      'suspended_consent',
    ],
    ['20 one scope', atWork().say('sender', 'consent_withdrawal', { scopes: ['followup'] }), 'in_progress'],
    [
      '21 one side',
      atWork().say('sender', 'consent_withdrawal').say('recipient', 'erasure_confirm'),
      'suspended_consent',
    ],
    [
      '21',
      atWork().say('sender', 'consent_withdrawal').say('recipient', 'erasure_confirm').say('sender', 'erasure_confirm'),
      'erased',
    ],
    ['22', atWork().say('sender', 'correction'), 'entered_in_error'],
    ['22 a field', atWork().say('recipient', 'correction', { error: false }), 'in_progress'],
    ['23', atWork().say('sender', 'alert'), 'in_progress'],
    ['news', acknowledged().say('sender', 'update'), 'acknowledged'],
  ] as const)('%s', (_row, conversation, state) => {
    expect(refusalOf(conversation)).toBe('allowed');
    expect(referralOf(conversation)).toBe(state);
  });

  it.each([
    [
      'a second referral',
      acknowledged().say('sender', 'referral'),
      /^State acknowledged, message referral by the sender; allowed: rfi by the recipient/,
    ],
    [
      'a decision by the sender',
      acknowledged().say('sender', 'accept'),
      /allowed: .*accept by the recipient \(in full/,
    ],
    [
      'an acceptance before the acknowledgement',
      new Conversation().say('sender', 'referral').say('recipient', 'accept'),
      /^State sent/,
    ],
    [
      "a child's acceptance by one officer",
      acknowledged(true).say('recipient', 'accept'),
      /co-signed by child protection/,
    ],
    [
      "a child's part-acceptance by one officer",
      acknowledged(true).say('recipient', 'accept', { inPart: true }),
      /co-signed/,
    ],
    [
      'an answer to nothing',
      acknowledged().say('sender', 'rfi_response', {}, { inReplyTo: 'recipient-1' }),
      /^State acknowledged/,
    ],
    [
      'an answer to another question',
      acknowledged().say('recipient', 'rfi').say('sender', 'rfi_response', {}, { inReplyTo: 'recipient-1' }),
      /answers an open request/,
    ],
    ['an outcome before the work', accepted().say('recipient', 'outcome'), /^State accepted/],
    [
      'a hand-over for verification',
      new Conversation()
        .say('sender', 'referral', { purpose: 'VERIFY' })
        .say('recipient', 'ack')
        .say('recipient', 'accept')
        .say('sender', 'risk_assessment'),
      /RETURN and PROTECT/,
    ],
    ['an outcome in the middle of a hand-over', departed().say('recipient', 'outcome'), /once the hand-over has ended/],
    [
      'work in the middle of a hand-over',
      departed().say('recipient', 'update', { status: 'in_progress' }),
      /once the hand-over has ended/,
    ],
    [
      'follow-up without consent',
      withOutcome()
        .say('sender', 'consent_withdrawal', { scopes: ['followup'] })
        .say('recipient', 'followup'),
      /while the person agrees/,
    ],
    [
      'a closure confirmed by its proposer',
      withOutcome().say('sender', 'closure').say('sender', 'closure', { action: 'confirm' }),
      /confirming what the other side proposed/,
    ],
    ['a closure that nobody proposed', withOutcome().say('sender', 'closure', { action: 'confirm' }), /proposing/],
    ['an objection to nothing', withOutcome().say('sender', 'closure', { action: 'object' }), /objecting/],
    [
      'a confirmation after the talk went on',
      withOutcome()
        .say('sender', 'closure')
        .say('recipient', 'outcome')
        .say('recipient', 'closure', { action: 'confirm' }),
      /proposing/,
    ],
    ['a late refusal without a plan', atWork().say('recipient', 'decline'), /plan to hand the person back/],
    [
      'anything after a withdrawal',
      atWork().say('sender', 'consent_withdrawal').say('recipient', 'update'),
      'State suspended_consent, message update by the recipient; allowed: erasure_confirm by either side (after the other side) or erasure_confirm by either side (once) or correction by the sender (of a wrong person or recipient).',
    ],
    [
      'a second erasure by one side',
      atWork().say('sender', 'consent_withdrawal').say('sender', 'erasure_confirm').say('sender', 'erasure_confirm'),
      /after the other side/,
    ],
    [
      'anything after the erasure',
      atWork()
        .say('sender', 'consent_withdrawal')
        .say('recipient', 'erasure_confirm')
        .say('sender', 'erasure_confirm')
        .say('sender', 'alert'),
      'State erased, message alert by the sender; allowed: nothing.',
    ],
    ['an error found by the recipient', atWork().say('recipient', 'correction'), /correction by the sender/],
    [
      'a change of status nobody knows',
      acknowledged().say('recipient', 'update', { status: 'resumed' }),
      /without a change of status/,
    ],
    ['a cancellation that was not asked for', atWork().say('recipient', 'cancel_confirm'), /^State in_progress/],
    ['a cancellation of nothing left', withOutcome().say('sender', 'cancel_request'), /^State outcome_reported/],
  ] as const)('refuses %s and says what is allowed', (_what, conversation, detail) => {
    expect(refusalOf(conversation)).toMatch(detail);
    expect(stateOf(conversation).history.at(-1)!.effect).toBe('overtaken');
  });

  it('refuses an answer before any referral', () => {
    const conversation = new Conversation().say('recipient', 'ack');
    expect(refusalOf(conversation)).toBe('State none, message ack by the recipient; allowed: referral by the sender.');
    expect(() => stateOf(conversation)).toThrow(expect.objectContaining({ code: 'unknown_referral' }));
  });

  it('goes back to where the request to cancel came from, open questions included', () => {
    const asked = acknowledged().say('recipient', 'rfi').say('sender', 'cancel_request');
    expect(stateOf(asked)).toMatchObject({ referral: 'cancel_requested', before: 'info_requested' });
    asked.say('recipient', 'cancel_confirm', { result: 'refused' });
    expect(stateOf(asked)).toMatchObject({ referral: 'info_requested', openRequests: [{ id: 'recipient-2' }] });
    expect(stateOf(asked).before).toBeUndefined();
    asked.say('sender', 'rfi_response', {}, { inReplyTo: 'recipient-2' });
    expect(stateOf(asked)).toMatchObject({ referral: 'acknowledged', openRequests: [] });
  });

  it('waits for the answer to every question', () => {
    const asked = acknowledged().say('recipient', 'rfi').say('recipient', 'rfi');
    asked.say('sender', 'rfi_response', {}, { inReplyTo: 'recipient-2' });
    expect(stateOf(asked)).toMatchObject({ referral: 'info_requested', openRequests: [{ id: 'recipient-3' }] });
    expect(stateOf(asked.say('recipient', 'decline')).openRequests).toEqual([]);
  });

  it('keeps alerts, the proposal of closure and who has erased', () => {
    const case_ = withOutcome().say('sender', 'alert').say('recipient', 'closure');
    expect(stateOf(case_)).toMatchObject({ alerts: [{ id: 'sender-2' }], closing: { id: 'recipient-5' } });
    expect(stateOf(case_.say('recipient', 'alert')).closing?.id).toBe('recipient-5');
    expect(stateOf(case_.say('sender', 'closure', { action: 'object' })).closing).toBeUndefined();
    case_.say('sender', 'consent_withdrawal').say('sender', 'erasure_confirm');
    expect(stateOf(case_)).toMatchObject({ erasedBy: ['sender'], opening: { id: 'sender-1' } });
  });
});

describe('what no crossing undoes', () => {
  it('is an alert', () => {
    const crossed = atWork().say('recipient', 'consent_withdrawal').say('sender', 'alert', {}, { seen: 3 });
    const state = stateOf(crossed);
    expect(state).toMatchObject({ referral: 'suspended_consent', alerts: [{ id: 'sender-2' }] });
    expect(state.history.at(-1)!.effect).toBe('overtaken');
  });

  it('is that the person is a child', () => {
    expect(stateOf(atWork()).child).toBe(false);
    expect(stateOf(acknowledged(true)).child).toBe(true);
    for (const kind of ['update', 'correction'] as const) {
      const facts = { child: true, ...(kind === 'correction' && { error: false }) } as const;
      const said = atWork().say('sender', kind, facts);
      expect(stateOf(said).child).toBe(true);
      expect(stateOf(said.say('sender', 'update')).child).toBe(true);
    }
    const asked = acknowledged().say('recipient', 'rfi');
    asked.say('sender', 'rfi_response', { child: true }, { inReplyTo: 'recipient-2' }).say('recipient', 'accept');
    expect(refusalOf(asked)).toMatch(/co-signed by child protection/);
    const overtaken = atWork()
      .say('recipient', 'consent_withdrawal')
      .say('sender', 'update', { child: true }, { seen: 3 });
    expect(stateOf(overtaken).child).toBe(true);
  });
});

describe('a case that silence has closed', () => {
  const proposed = () => withOutcome().say('sender', 'closure');

  it('is erased by both sides, in either order', () => {
    const one = proposed().say('recipient', 'erasure_confirm');
    expect(refusalOf(one)).toBe('allowed');
    expect(stateOf(one)).toMatchObject({ referral: 'outcome_reported', erasedBy: ['recipient'] });
    expect(refusalOf(one.say('sender', 'erasure_confirm'))).toBe('allowed');
    expect(referralOf(one)).toBe('erased');
  });

  it('is erased once by each, and only after a proposal', () => {
    expect(refusalOf(withOutcome().say('sender', 'erasure_confirm'))).toMatch(/after a proposal of closure/);
    const twice = proposed().say('sender', 'erasure_confirm').say('sender', 'erasure_confirm');
    expect(refusalOf(twice)).toMatch(/after a proposal of closure, after the other side/);
  });
});

describe('a proven delivery', () => {
  const cells = REFERRAL_STATES.flatMap((state) => DELIVERY_STATES.map((delivery) => [state, delivery] as const));

  it.each(cells)('of a referral %s, message %s', (state, delivery) => {
    const proven = ['delivered', 'opened'].includes(delivery)
      ? 'delivered'
      : delivery === 'expired'
        ? 'expired'
        : state;
    expect(withDelivery(state, delivery)).toBe(state === 'sent' ? proven : state);
  });
});
