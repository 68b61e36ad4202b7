import { closedBySilence } from '.';
import { atWork, withOutcome } from './fixtures/invented-case';

const PROPOSED = '2027-01-05T03:00:00.000Z';
const proposed = () => withOutcome().say('recipient', 'closure', PROPOSED);
const lastMoment = new Date('2027-02-04T02:59:59.999Z');
const over = new Date('2027-02-04T03:00:00.000Z');

describe('silence', () => {
  it('closes a referral thirty days after closure was proposed, and not a moment sooner', () => {
    expect(closedBySilence(proposed().state, lastMoment)).toBe(false);
    expect(closedBySilence(proposed().state, over)).toBe(true);
  });

  it('closes during follow-up too', () => {
    const state = withOutcome()
      .say('recipient', 'followup', '2027-01-04T03:00:00Z')
      .say('sender', 'closure', PROPOSED).state;
    expect(state.referral).toBe('followup');
    expect(closedBySilence(state, over)).toBe(true);
  });

  it('is not there when the other side objected or wrote anything else', () => {
    const objected = proposed().say('sender', 'closure', '2027-01-06T03:00:00Z', { action: 'object' });
    expect(closedBySilence(objected.state, over)).toBe(false);
    const spoken = proposed().say('sender', 'alert', '2027-01-06T03:00:00Z');
    expect(closedBySilence(spoken.state, over)).toBe(false);
  });

  it('closes nothing that was not proposed, that is closed, or that was withdrawn meanwhile', () => {
    expect(closedBySilence(withOutcome().state, over)).toBe(false);
    expect(closedBySilence(atWork().state, over)).toBe(false);
    const confirmed = proposed().say('sender', 'closure', '2027-01-06T03:00:00Z', { action: 'confirm' });
    expect(closedBySilence(confirmed.state, over)).toBe(false);
    const withdrawn = proposed().say('recipient', 'consent_withdrawal', '2027-01-06T03:00:00Z');
    expect(withdrawn.state.closing).toBeDefined();
    expect(closedBySilence(withdrawn.state, over)).toBe(false);
  });
});
