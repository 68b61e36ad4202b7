import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ConsentScope } from '../../libs/schema';

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

/** A valid example as it is in the contract. @param name of the file, such as `referral-protect-farm` */
export function readExample(name: string): Draft {
  let text = texts.get(name);
  if (text === undefined) texts.set(name, (text = readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')));
  return JSON.parse(text) as Draft;
}
const texts = new Map<string, string>();

/**
 * A valid example without what the node assigns, with other header members where given.
 */
export function exampleDraft(name: string, header: Draft['header'] = {}): Draft {
  const example = readExample(name);
  const { messageId, referralId, seq, seen, prevDigest, createdAt, senderUnit, inReplyTo, ...rest } = example.header;
  return { ...example, header: { ...rest, ...header } };
}

/** The example of a message type. */
export const draftOf = (type: keyof typeof EXAMPLES, header: Draft['header'] = {}): Draft =>
  exampleDraft(EXAMPLES[type], header);

/** A referral from Viet Nam to the competent authority of the United Kingdom, with the scopes that it needs there. */
export const referralDraft = (header: Draft['header'] = {}) =>
  withScopes(draftOf('referral', { recipientUnit: 'gb.ho-sca', ...header }), [
    'identity_verification',
    'share_with_services',
  ]);

/** The document with other scopes in its consent. */
export const withScopes = (document: Draft, scopes: readonly ConsentScope[]): Draft => ({
  ...document,
  consent: { ...(document['consent'] as object), scopes },
});

/** An answer of the United Kingdom to a message of Viet Nam. */
export const answerDraft = (type: 'ack' | 'accept' | 'decline', inReplyTo: string, header: Draft['header'] = {}) =>
  draftOf(type, { recipientUnit: 'vn.mps-criminal', inReplyTo, purpose: 'VERIFY', ...header });

export const pingDraft = (header: Draft['header'] = {}) => draftOf('ping', { recipientUnit: 'gb.ho-sca', ...header });
