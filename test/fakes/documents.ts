import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A document as somebody may submit it. */
export interface Draft extends Readonly<Record<string, unknown>> {
  readonly header: Readonly<Record<string, unknown>>;
}

const EXAMPLES = {
  referral: 'referral-verify-adult',
  ack: 'ack-trace-child',
  accept: 'accept-verify-adult',
  decline: 'decline-idinfo',
  ping: 'ping-vn-to-gb',
} as const;
const FOLDER = path.join(__dirname, '../../schemas/referral/v1/examples/valid');

const exampleOf = (type: keyof typeof EXAMPLES) =>
  JSON.parse(readFileSync(path.join(FOLDER, `${EXAMPLES[type]}.json`), 'utf8')) as Draft;

/** The example of a message type without what the node assigns, with other header members where given. */
export function draftOf(type: keyof typeof EXAMPLES, header: Draft['header'] = {}): Draft {
  const example = exampleOf(type);
  const { messageId, referralId, seq, prevDigest, createdAt, senderUnit, inReplyTo, ...rest } = example.header;
  return { ...example, header: { ...rest, ...header } };
}

/** A referral from Viet Nam to the United Kingdom. */
export const referralDraft = (header: Draft['header'] = {}) =>
  draftOf('referral', { recipientUnit: 'gb.ho-sca', ...header });

/** An answer of the United Kingdom to a message of Viet Nam. */
export const answerDraft = (type: 'ack' | 'accept' | 'decline', inReplyTo: string, header: Draft['header'] = {}) =>
  draftOf(type, { recipientUnit: 'vn.mps-criminal', inReplyTo, purpose: 'VERIFY', ...header });

export const pingDraft = (header: Draft['header'] = {}) => draftOf('ping', { recipientUnit: 'gb.ho-sca', ...header });
