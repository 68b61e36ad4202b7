import { dutyKey } from '.';
import { accepted, atWork, InventedCase, short } from './fixtures/invented-case';

const withdrawn = (receivedOn = '2026-12-01') =>
  accepted().say('sender', 'consent_withdrawal', '2026-12-01T09:00:00.000Z', { receivedOn });

describe('a withdrawal of consent', () => {
  it('freezes the other side within a day, and is followed by erasure on both sides within thirty', () => {
    expect(short(withdrawn().duties())).toEqual([
      'consent_freeze recipient 2026-12-02T09:00:00',
      'erasure sender 2026-12-31T09:00:00',
      'erasure recipient 2026-12-31T09:00:00',
    ]);
    const [freeze] = withdrawn().duties();
    expect(freeze).toMatchObject({ stepId: 'consent_withdrawal-2', since: new Date('2026-12-01T09:00:00.000Z') });
  });

  it('counts from the day on which the person withdrew when the message came later', () => {
    // The end of 28 November in London, where the withdrawal was received.
    expect(short(withdrawn('2026-11-28').duties())).toEqual([
      'consent_freeze recipient 2026-11-29T23:59:59',
      'erasure sender 2026-12-28T23:59:59',
      'erasure recipient 2026-12-28T23:59:59',
    ]);
  });

  it('has frozen whoever has it', () => {
    expect(
      withdrawn()
        .duties({ side: 'recipient' })
        .map(({ id }) => id),
    ).toEqual(['erasure', 'erasure']);
    const done = new Set([dutyKey('consent_freeze', 'consent_withdrawal-2')]);
    expect(
      withdrawn()
        .duties({ done })
        .map(({ id }) => id),
    ).toEqual(['erasure', 'erasure']);
  });

  it('is frozen when the other side writes about it, and erased side by side', () => {
    const confirmed = withdrawn().say('recipient', 'erasure_confirm', '2026-12-05T09:00:00.000Z');
    expect(short(confirmed.duties())).toEqual(['erasure sender 2026-12-31T09:00:00']);
    const erased = confirmed.say('sender', 'erasure_confirm', '2026-12-06T09:00:00.000Z');
    expect(erased.state.referral).toBe('erased');
    expect(erased.duties()).toEqual([]);
  });

  it('is not frozen by what the other side wrote before it knew', () => {
    const crossed = accepted()
      .say('sender', 'consent_withdrawal', '2026-12-01T09:00:00.000Z')
      .say('recipient', 'update', '2026-12-01T10:00:00.000Z', { status: 'in_progress' }, { seen: 1 });
    expect(crossed.state.referral).toBe('suspended_consent');
    expect(crossed.duties().map(({ id }) => id)).toContain('consent_freeze');
  });

  it('of some scopes only freezes nothing', () => {
    const narrowed = accepted().say('sender', 'consent_withdrawal', '2026-12-01T09:00:00.000Z', {
      scopes: ['followup'],
    });
    expect(narrowed.state.consent.state).toBe('narrowed');
    expect(narrowed.duties()).toEqual([]);
  });

  it('stops all other work', () => {
    const held = atWork()
      .say('recipient', 'update', '2026-12-10T03:00:00.000Z', { status: 'on_hold', reviewBy: '2026-12-20' })
      .say('recipient', 'consent_withdrawal', '2026-12-11T03:00:00.000Z', { receivedOn: '2026-12-11' });
    expect(short(held.duties({ side: 'recipient' }))).toEqual([
      'consent_freeze sender 2026-12-12T03:00:00',
      'erasure sender 2027-01-10T03:00:00',
      'erasure recipient 2027-01-10T03:00:00',
    ]);
  });
});

describe('a message about the wrong person or to the wrong unit', () => {
  it('is erased by both sides within thirty days', () => {
    const mistaken = accepted().say('sender', 'correction', '2026-12-01T09:00:00.000Z');
    expect(mistaken.state.referral).toBe('entered_in_error');
    expect(short(mistaken.duties())).toEqual([
      'erasure sender 2026-12-31T09:00:00',
      'erasure recipient 2026-12-31T09:00:00',
    ]);
    const confirmed = mistaken.say('recipient', 'erasure_confirm', '2026-12-02T09:00:00.000Z');
    expect(short(confirmed.duties())).toEqual(['erasure sender 2026-12-31T09:00:00']);
    expect(confirmed.duties()[0]!.stepId).toBe('correction-2');
  });

  it('is something else than a field put right', () => {
    const corrected = accepted().say('sender', 'correction', '2026-12-01T09:00:00.000Z', { error: false });
    expect(corrected.duties()).toEqual([]);
  });
});

describe('sharing without consent', () => {
  const shared = () =>
    new InventedCase()
      .say('sender', 'referral', '2026-11-23T02:00:00.000Z', { consent: { status: 'override', scopes: [] } })
      .say('recipient', 'ack', '2026-11-25T03:00:00.000Z')
      .say('recipient', 'accept', '2026-11-27T03:00:00.000Z');

  it('is reviewed by the sender within 72 hours, whatever became of the referral', () => {
    expect(shared().state.consent.state).toBe('override');
    expect(short(shared().duties())).toEqual(['override_review sender 2026-11-26T02:00:00']);
    expect(shared().duties()[0]!.stepId).toBe('referral-1');
    expect(shared().duties({ side: 'recipient' })).toEqual([]);
    const done = new Set([dutyKey('override_review', 'referral-1')]);
    expect(shared().duties({ done })).toEqual([]);
  });

  it('is not once the content goes', () => {
    const mistaken = shared().say('sender', 'correction', '2026-12-01T09:00:00.000Z');
    expect(mistaken.duties().map(({ id }) => id)).toEqual(['erasure', 'erasure']);
    const erased = mistaken
      .say('recipient', 'erasure_confirm', '2026-12-02T09:00:00.000Z')
      .say('sender', 'erasure_confirm', '2026-12-02T09:00:00.000Z');
    expect(erased.state.referral).toBe('erased');
    expect(erased.duties()).toEqual([]);
  });
});
