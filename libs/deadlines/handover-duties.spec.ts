import { accepted, arrived, departed, HANOI, LONDON, planned, scheduled, short } from './fixtures/invented-case';

describe('a hand-over', () => {
  it('is agreed ten working days before travel, counted backwards where the answer is due', () => {
    const [duty, ...more] = planned().duties();
    expect(more).toEqual([]);
    expect(duty).toMatchObject({ id: 'plan_agreed', by: 'recipient', stepId: 'handover_plan-3', beyondData: false });
    expect(duty!.since.toISOString()).toBe('2026-12-03T02:00:00.000Z');
    expect(duty!.due.toISOString()).toBe('2027-02-24T16:59:59.999Z');
    // Counted in Viet Nam, Tết lies between for a departure on 18 February.
    const overTet = accepted()
      .say('sender', 'risk_assessment', '2026-12-01T02:00:00.000Z')
      .say('recipient', 'risk_assessment', '2026-12-02T02:00:00.000Z')
      .say('sender', 'handover_plan', '2026-12-03T02:00:00.000Z', { earliest: '2027-02-18T01:00:00.000Z' });
    expect(short(overTet.duties())).toEqual(['plan_agreed recipient 2027-01-28T16:59:59']);
  });

  it('waits for the other side of the newest plan', () => {
    const countered = planned().say('recipient', 'handover_plan', '2026-12-04T02:00:00.000Z', {
      version: 2,
      earliest: '2027-03-17T01:00:00.000Z',
    });
    expect(short(countered.duties())).toEqual(['plan_agreed sender 2027-03-03T23:59:59']);
    const agreed = planned().say('recipient', 'handover_accept', '2026-12-04T02:00:00.000Z');
    expect(agreed.duties()).toEqual([]);
  });

  it('has the person asked again in the last 72 hours, and departure reported within one', () => {
    const duties = scheduled().duties();
    expect(short(duties)).toEqual([
      'consent_recheck sender 2027-03-10T01:00:00',
      'departure_notice sender 2027-03-10T10:00:00',
    ]);
    expect(duties.map(({ since, stepId }) => [since.toISOString(), stepId])).toEqual([
      ['2027-03-07T01:00:00.000Z', 'handover_plan-3'],
      ['2027-03-10T09:00:00.000Z', 'handover_plan-3'],
    ]);
  });

  it('has arrival confirmed two hours after it was expected', () => {
    const [duty, ...more] = departed().duties();
    expect(more).toEqual([]);
    expect(duty).toMatchObject({ id: 'arrival_confirmation', by: 'recipient', stepId: 'departure_notice-5' });
    expect(duty!.since.toISOString()).toBe('2027-03-10T02:00:00.000Z');
    expect(duty!.due.toISOString()).toBe('2027-03-10T17:00:00.000Z');
  });

  it('goes on looking for a person who came out somewhere else', () => {
    const diverted = departed().say('recipient', 'arrival_confirmation', '2027-03-10T14:30:00.000Z', {
      result: 'diverted',
      arrivedAt: '2027-03-10T13:30:00.000Z',
    });
    expect(diverted.duties()[0]!.stepId).toBe('arrival_confirmation-5');
    expect(short(diverted.duties())).toEqual(['arrival_confirmation recipient 2027-03-10T15:30:00']);
  });

  it('has the reception recorded within a day, also when nobody was there', () => {
    const expected = ['reception_record recipient 2027-03-11T14:00:00'];
    expect(short(arrived().duties())).toEqual(expected);
    const missed = arrived().say('sender', 'update', '2027-03-10T20:00:00.000Z', {
      arrangement: 'arrived_not_received',
    });
    expect(missed.state.handover.state).toBe('arrived_not_received');
    expect(short(missed.duties())).toEqual(expected);
    expect(arrived().duties()[0]!.since.toISOString()).toBe('2027-03-10T14:00:00.000Z');
    const received = arrived().say('recipient', 'reception_record', '2027-03-10T20:00:00.000Z');
    expect(received.duties()).toEqual([]);
  });

  it('asks nothing while it is postponed, and nothing of a case that has left it', () => {
    const postponed = scheduled().say('sender', 'update', '2026-12-06T02:00:00.000Z', { arrangement: 'postponed' });
    expect(postponed.duties()).toEqual([]);
    const asked = scheduled().say('sender', 'cancel_request', '2026-12-06T02:00:00.000Z');
    expect(asked.state.handover.state).toBe('scheduled');
    expect(asked.duties()).toEqual([]);
  });

  it('counts where each side counts', () => {
    const swapped = { sender: HANOI, recipient: LONDON };
    expect(short(planned().duties({ calendars: swapped }))).toEqual(['plan_agreed recipient 2027-02-24T23:59:59']);
  });
});
