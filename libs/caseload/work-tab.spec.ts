import { REFERRAL_STATES, type ReferralState, type Step } from '../lifecycle';
import { workTab } from './work-tab';

const NO_REQUESTS = { openRequests: [] };
const both = (state: ReferralState) =>
  (['sender', 'recipient'] as const).map((side) => workTab(NO_REQUESTS, state, side, [], undefined));

describe('where a case stands in the work of a unit', () => {
  it.each(REFERRAL_STATES)('%s needs somebody, or is over', (state) => {
    const tabs = both(state);
    const over = tabs.every((tab) => tab === 'closed');
    expect(over || tabs.includes('action')).toBe(true);
  });

  it('says whose move it is', () => {
    expect(both('delivered')).toEqual(['waiting', 'action']);
    expect(both('handover')).toEqual(['action', 'action']);
    expect(both('outcome_reported')).toEqual(['action', 'waiting']);
    expect(both('closed')).toEqual(['closed', 'closed']);
  });

  it('follows a deadline before anything else, and a failed delivery before that', () => {
    const ours = [{ by: 'sender' as const }];
    expect(workTab(NO_REQUESTS, 'delivered', 'sender', ours, undefined)).toBe('action');
    expect(workTab(NO_REQUESTS, 'closed', 'sender', ours, undefined)).toBe('closed');
    expect(workTab(NO_REQUESTS, 'closed', 'sender', [], 'refused')).toBe('action');
    expect(workTab(NO_REQUESTS, 'delivered', 'recipient', [], 'delivered')).toBe('action');
  });

  it('waits for whoever was asked', () => {
    const asked = (by: Step['by']) => ({ openRequests: [{ by } as Step] });
    expect(workTab(asked('recipient'), 'info_requested', 'sender', [], undefined)).toBe('action');
    expect(workTab(asked('recipient'), 'info_requested', 'recipient', [], undefined)).toBe('waiting');
    expect(workTab(asked('sender'), 'info_requested', 'recipient', [], undefined)).toBe('action');
  });
});
