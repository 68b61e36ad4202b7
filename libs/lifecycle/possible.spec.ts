import { accepted, arrived, assessed, departed, planned, received, scheduled } from './fixtures/steps';
import { caseStateOf, possibleMessages, type Side } from '.';
import { Conversation } from './fixtures/steps';

const typesFor = (conversation: Conversation, side: Side) =>
  possibleMessages(caseStateOf(conversation.steps), side).map(({ type }) => type);
const opened = () => new Conversation().say('sender', 'referral');

describe('what a side may write now', () => {
  it('follows the referral machine', () => {
    expect(typesFor(opened(), 'recipient')).toEqual(expect.arrayContaining(['ack', 'alert', 'consent_withdrawal']));
    expect(typesFor(opened(), 'recipient')).not.toContain('accept');
    expect(typesFor(opened(), 'sender')).toEqual(expect.arrayContaining(['cancel_request', 'correction']));
    expect(typesFor(opened(), 'sender')).not.toContain('ack');
    const acknowledged = opened().say('recipient', 'ack');
    expect(typesFor(acknowledged, 'recipient')).toEqual(
      expect.arrayContaining(['accept', 'decline', 'redirect', 'rfi']),
    );
  });

  it('follows the hand-over machine too, once the person travels', () => {
    expect(typesFor(accepted(), 'sender')).toContain('risk_assessment');
    expect(typesFor(assessed(), 'sender')).toContain('handover_plan');
    expect(typesFor(assessed(), 'sender')).not.toContain('departure_notice');
    expect(typesFor(planned(), 'sender')).not.toContain('arrival_confirmation');
    expect(typesFor(scheduled(), 'sender')).toContain('departure_notice');
    expect(typesFor(departed(), 'recipient')).toContain('arrival_confirmation');
    expect(typesFor(departed(), 'sender')).not.toContain('departure_notice');
    expect(typesFor(departed(), 'recipient')).not.toContain('reception_record');
    expect(typesFor(arrived(), 'recipient')).toContain('reception_record');
    expect(typesFor(received(), 'recipient')).toContain('outcome');
  });

  it('names the roles that write each, every message once', () => {
    const possible = possibleMessages(caseStateOf(planned().steps), 'sender');
    expect(new Set(possible.map(({ type }) => type)).size).toBe(possible.length);
    expect(possible.every(({ roles }) => roles.length > 0 && new Set(roles).size === roles.length)).toBe(true);
    expect(possible.find(({ type }) => type === 'alert')!.roles).toContain('caseworker');
  });
});
