import acceptExample from '../../schemas/referral/v1/examples/valid/accept-verify-adult.json';
import ackExample from '../../schemas/referral/v1/examples/valid/ack-trace-child.json';
import declineExample from '../../schemas/referral/v1/examples/valid/decline-idinfo.json';
import pingExample from '../../schemas/referral/v1/examples/valid/ping-vn-to-gb.json';
import referralExample from '../../schemas/referral/v1/examples/valid/referral-verify-adult.json';

/** A document as somebody may submit it. */
export interface Draft extends Readonly<Record<string, unknown>> {
  readonly header: Readonly<Record<string, unknown>>;
}

const EXAMPLES = {
  referral: referralExample,
  ack: ackExample,
  accept: acceptExample,
  decline: declineExample,
  ping: pingExample,
} as const;

/** The example of a message type without what the node assigns, with other header members where given. */
export function draftOf(type: keyof typeof EXAMPLES, header: Draft['header'] = {}): Draft {
  const example = EXAMPLES[type] as Draft;
  const { messageId, referralId, seq, prevDigest, createdAt, senderUnit, inReplyTo, ...rest } = example.header;
  return { ...example, header: { ...rest, ...header } };
}

/** A referral from Viet Nam to the United Kingdom. */
export const referralDraft = (header: Draft['header'] = {}) => draftOf('referral', { recipientUnit: 'gb.ho-sca', ...header });

/** An answer of the United Kingdom to a message of Viet Nam. */
export const answerDraft = (type: 'ack' | 'accept' | 'decline', inReplyTo: string, header: Draft['header'] = {}) =>
  draftOf(type, { recipientUnit: 'vn.mps-criminal', inReplyTo, purpose: 'VERIFY', ...header });

export const pingDraft = (header: Draft['header'] = {}) => draftOf('ping', { recipientUnit: 'gb.ho-sca', ...header });
