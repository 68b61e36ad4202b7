import { dutiesOf, DEADLINES, deadlinesFor, dutyKey, readOverrides } from '.';
import { accepted, acknowledged, atWork, HANOI, LONDON, sent, short, withOutcome } from './fixtures/invented-case';

const deliveredAt = new Date('2026-11-23T02:05:00.000Z');

describe('a referral that has arrived', () => {
  it('is to be seen and acknowledged by the recipient, on its own calendar', () => {
    // 24 November is a holiday in Viet Nam: the fifth working day is 1 December.
    expect(short(sent().duties({ deliveredAt }))).toEqual([
      'ack recipient 2026-12-01T16:59:59',
      'human_ack recipient 2026-12-07T02:05:00',
    ]);
    expect(short(sent({ priority: 'emergency' }).duties({ deliveredAt }))).toEqual([
      'human_ack recipient 2026-11-24T02:05:00',
      'ack recipient 2026-12-01T16:59:59',
    ]);
  });

  it('is escalated three, nine and fourteen days after delivery', () => {
    const [ack, seen] = sent().duties({ deliveredAt });
    expect(ack).toEqual({
      id: 'ack',
      by: 'recipient',
      stepId: 'referral-1',
      since: deliveredAt,
      due: new Date('2026-12-01T16:59:59.999Z'),
      beyondData: false,
      marks: [
        { kind: 'due', at: new Date('2026-12-01T16:59:59.999Z') },
        { kind: 'escalation', day: 3, at: new Date('2026-11-26T02:05:00.000Z') },
        { kind: 'escalation', day: 9, at: new Date('2026-12-02T02:05:00.000Z') },
        { kind: 'escalation', day: 14, at: new Date('2026-12-07T02:05:00.000Z') },
      ],
    });
    expect(seen!.marks).toEqual([{ kind: 'due', at: new Date('2026-12-07T02:05:00.000Z') }]);
  });

  it('asks nothing before it has arrived, or after it was acknowledged', () => {
    expect(sent().duties()).toEqual([]);
    expect(short(acknowledged().duties({ deliveredAt }))).toEqual(['decision recipient 2026-12-04T16:59:59']);
  });

  it('is no longer to be seen once it was opened, but still to be acknowledged', () => {
    const done = new Set([dutyKey('human_ack', 'referral-1')]);
    expect(short(sent().duties({ deliveredAt, done }))).toEqual(['ack recipient 2026-12-01T16:59:59']);
  });

  it('follows the terms agreed with the partner', () => {
    const overrides = readOverrides({ vn: { ack: { count: 1, unit: 'workingDays' } } });
    const duties = sent().duties({ deliveredAt, deadlines: deadlinesFor('vn', overrides) });
    expect(short(duties)[0]).toBe('ack recipient 2026-11-25T16:59:59');
  });

  it('says when the holidays of the recipient are not known', () => {
    const calendars = { sender: LONDON, recipient: { calendar: 'zz', timezone: 'UTC' } };
    const duties = sent().duties({ deliveredAt, calendars });
    expect(duties.map(({ id, beyondData }) => [id, beyondData])).toEqual([
      ['ack', true],
      ['human_ack', false],
    ]);
    expect(short(duties)[0]).toBe('ack recipient 2026-11-30T23:59:59');
  });

  it('must be there at all', () => {
    const { state } = sent();
    const context = { side: 'sender', calendars: { sender: LONDON, recipient: HANOI }, deadlines: DEADLINES } as const;
    expect(dutiesOf({ ...state, opening: undefined }, { ...context, deliveredAt })).toEqual([]);
  });
});

describe('an alert', () => {
  const alerted = () => acknowledged().say('sender', 'alert', '2026-11-26T01:00:00.000Z');
  const alerts = (duties: readonly string[]) => duties.filter((duty) => duty.startsWith('alert_ack'));

  it('is answered by the other side within an hour', () => {
    expect(alerts(short(alerted().duties()))).toEqual(['alert_ack recipient 2026-11-26T02:00:00']);
    const back = accepted().say('recipient', 'alert', '2026-11-28T01:00:00.000Z');
    expect(short(back.duties())).toEqual(['alert_ack sender 2026-11-28T02:00:00']);
  });

  it('is answered by what names it, and by nothing else that was written after it was there', () => {
    const crossed = alerted().say('recipient', 'accept', '2026-11-26T03:00:00.000Z', {}, { seen: 1 });
    expect(alerts(short(crossed.duties()))).toEqual(['alert_ack recipient 2026-11-26T02:00:00']);
    const own = alerted().say('sender', 'cancel_request', '2026-11-26T03:00:00.000Z');
    expect(alerts(short(own.duties()))).toHaveLength(1);
    const unaware = alerted().say('recipient', 'accept', '2026-11-26T03:00:00.000Z', {}, { seen: 2 });
    expect(alerts(short(unaware.duties()))).toHaveLength(1);
    const alert = { seen: 2, inReplyTo: 'alert-2' };
    const answered = alerted().say('recipient', 'accept', '2026-11-26T03:00:00.000Z', {}, alert);
    expect(answered.duties()).toEqual([]);
  });

  it('may be the referral itself', () => {
    const urgent = sent({ purpose: 'ALERT', priority: 'emergency' });
    expect(alerts(short(urgent.duties({ deliveredAt })))).toEqual(['alert_ack recipient 2026-11-23T03:05:00']);
    expect(urgent.duties()).toEqual([]);
    const done = acknowledged({ purpose: 'ALERT', priority: 'emergency' });
    expect(alerts(short(done.duties({ deliveredAt })))).toEqual([]);
  });

  it('waits also while the case is frozen, but not in a case that was about somebody else', () => {
    const frozen = alerted().say('sender', 'consent_withdrawal', '2026-12-02T01:00:00.000Z');
    expect(alerts(short(frozen.duties()))).toHaveLength(1);
    const mistaken = alerted().say('sender', 'correction', '2026-12-02T01:00:00.000Z');
    expect(alerts(short(mistaken.duties()))).toEqual([]);
    // The alert and the withdrawal crossed, and the sender erased before the alert came.
    const erased = accepted()
      .say('recipient', 'alert', '2026-12-01T01:00:00.000Z')
      .say('sender', 'consent_withdrawal', '2026-12-01T01:00:00.000Z', {}, { seen: 2 })
      .say('sender', 'erasure_confirm', '2026-12-01T02:00:00.000Z', {}, { seen: 2 })
      .say('recipient', 'erasure_confirm', '2026-12-04T01:00:00.000Z');
    expect(erased.state.referral).toBe('erased');
    expect(erased.duties()).toEqual([]);
  });
});

describe('the decision', () => {
  it('is due at the end of the day that the acknowledgement names, at the recipient', () => {
    const [duty] = acknowledged().duties();
    expect(duty).toMatchObject({ id: 'decision', by: 'recipient', stepId: 'ack-1', beyondData: false });
    expect(duty!.since.toISOString()).toBe('2026-11-25T03:00:00.000Z');
    expect(duty!.due.toISOString()).toBe('2026-12-04T16:59:59.999Z');
    expect(accepted().duties()).toEqual([]);
  });

  it('waits while a question is open, which the sender answers on its own calendar', () => {
    const asked = acknowledged().say('recipient', 'rfi', '2026-11-26T03:00:00.000Z');
    expect(short(asked.duties())).toEqual(['rfi_answer sender 2026-12-03T23:59:59']);
    const urgent = acknowledged().say('recipient', 'rfi', '2026-11-26T03:00:00.000Z', { priority: 'urgent' });
    expect(short(urgent.duties())).toEqual(['rfi_answer sender 2026-11-27T03:00:00']);
  });

  it('moves by the time in which questions were open, to the end of that day', () => {
    const answered = acknowledged()
      .say('recipient', 'rfi', '2026-11-26T03:00:00.000Z')
      .say('sender', 'rfi_response', '2026-11-28T09:00:00.000Z', {}, { inReplyTo: 'rfi-2' });
    // Two days and six hours after the end of 4 December.
    expect(short(answered.duties())).toEqual(['decision recipient 2026-12-07T16:59:59']);
    const again = answered
      .say('recipient', 'rfi', '2026-11-29T03:00:00.000Z')
      .say('sender', 'rfi_response', '2026-11-30T03:00:00.000Z', {}, { inReplyTo: 'rfi-3' });
    expect(short(again.duties())).toEqual(['decision recipient 2026-12-08T16:59:59']);
  });

  it('counts the time of two open questions once, and has both answered', () => {
    const asked = acknowledged()
      .say('recipient', 'rfi', '2026-11-26T03:00:00.000Z')
      .say('recipient', 'rfi', '2026-11-27T03:00:00.000Z', { priority: 'emergency' });
    expect(short(asked.duties())).toEqual([
      'rfi_answer sender 2026-11-28T03:00:00',
      'rfi_answer sender 2026-12-03T23:59:59',
    ]);
    const half = asked.say('sender', 'rfi_response', '2026-11-27T09:00:00.000Z', {}, { inReplyTo: 'rfi-3' });
    expect(short(half.duties())).toEqual(['rfi_answer sender 2026-12-03T23:59:59']);
    const full = half.say('sender', 'rfi_response', '2026-11-28T03:00:00.000Z', {}, { inReplyTo: 'rfi-2' });
    expect(short(full.duties())).toEqual(['decision recipient 2026-12-06T16:59:59']);
  });

  it('never comes sooner because the clocks of the sides differ', () => {
    const answered = acknowledged()
      .say('recipient', 'rfi', '2026-11-26T03:00:00.000Z')
      .say('sender', 'rfi_response', '2026-11-20T03:00:00.000Z', {}, { inReplyTo: 'rfi-2' });
    expect(short(answered.duties())).toEqual(['decision recipient 2026-12-04T16:59:59']);
  });
});

describe('a case on hold', () => {
  const held = (reviewBy?: string) =>
    atWork().say('recipient', 'update', '2026-12-10T03:00:00.000Z', { status: 'on_hold', reviewBy });

  it('is looked at again by whoever put it there, on the day named, within thirty days', () => {
    expect(short(held('2026-12-20').duties())).toEqual(['on_hold_review recipient 2026-12-20T16:59:59']);
    expect(short(held('2027-03-01').duties())).toEqual(['on_hold_review recipient 2027-01-09T03:00:00']);
    expect(short(held().duties())).toEqual(['on_hold_review recipient 2027-01-09T03:00:00']);
    const bySender = atWork().say('sender', 'update', '2026-12-10T03:00:00.000Z', {
      status: 'on_hold',
      reviewBy: '2026-12-20',
    });
    expect(short(bySender.duties())).toEqual(['on_hold_review sender 2026-12-20T23:59:59']);
    expect(bySender.duties()[0]!.stepId).toBe('update-2');
  });

  it('is not once it goes on, and starts anew when it is put on hold again', () => {
    const resumed = held('2026-12-20').say('sender', 'update', '2026-12-15T03:00:00.000Z', { status: 'resumed' });
    expect(resumed.duties()).toEqual([]);
    const again = resumed.say('sender', 'update', '2026-12-16T03:00:00.000Z', { status: 'on_hold' });
    expect(short(again.duties())).toEqual(['on_hold_review sender 2027-01-15T03:00:00']);
  });
});

describe('follow-up', () => {
  const ALL = [
    'followup_1 recipient 2027-02-01T16:59:59',
    'followup_3 recipient 2027-04-01T16:59:59',
    'followup_6 recipient 2027-07-01T16:59:59',
    'followup_12 recipient 2028-01-01T16:59:59',
  ];

  it('comes one, three, six and twelve months after the outcome, on the calendar of the recipient', () => {
    // The outcome was written on 1 January in Viet Nam.
    expect(short(withOutcome().duties())).toEqual(ALL);
    expect(withOutcome().duties()[0]).toMatchObject({
      stepId: 'outcome-4',
      since: new Date('2026-12-31T18:00:00.000Z'),
    });
  });

  it('is done month by month, and counts from the first outcome', () => {
    const followed = withOutcome()
      .say('recipient', 'outcome', '2027-01-20T03:00:00.000Z', { code: 'reintegrated' })
      .say('recipient', 'followup', '2027-02-01T03:00:00.000Z', { month: 1 })
      .say('recipient', 'followup', '2027-07-01T03:00:00.000Z', { month: 6 });
    expect(followed.state.referral).toBe('followup');
    expect(short(followed.duties())).toEqual([ALL[1], ALL[3]]);
  });

  it('is not asked for without consent, after closing, or of the dead', () => {
    expect(withOutcome({ consent: { status: 'given', scopes: ['return_planning'] } }).duties()).toEqual([]);
    const closed = withOutcome()
      .say('recipient', 'closure', '2027-01-05T03:00:00.000Z')
      .say('sender', 'closure', '2027-01-06T03:00:00.000Z', { action: 'confirm' });
    expect(closed.duties()).toEqual([]);
    const dead = withOutcome().say('recipient', 'outcome', '2027-01-20T03:00:00.000Z', { code: 'deceased' });
    expect(dead.duties()).toEqual([]);
  });
});

describe('a proposal of closure', () => {
  const proposed = () =>
    withOutcome({ consent: { status: 'given', scopes: ['return_planning'] } }).say(
      'recipient',
      'closure',
      '2027-01-05T03:00:00.000Z',
    );

  it('is answered by the other side within thirty days', () => {
    expect(short(proposed().duties())).toEqual(['closure_silence sender 2027-02-04T03:00:00']);
    const objected = proposed().say('sender', 'closure', '2027-01-06T03:00:00.000Z', { action: 'object' });
    expect(objected.duties()).toEqual([]);
  });

  it('is moot once the case is frozen', () => {
    const frozen = proposed().say('recipient', 'consent_withdrawal', '2027-01-06T03:00:00.000Z');
    expect(frozen.duties({ side: 'recipient' }).map(({ id }) => id)).not.toContain('closure_silence');
  });
});
