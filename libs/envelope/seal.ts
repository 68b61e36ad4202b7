import type { Message } from '../schema';
import { digestOf } from './digest';
import { encryptCompact } from './encrypt';
import type { EncryptionKey, SigningKey } from './keys';
import { innerHeaderMembers, outerHeaderMembers, type Priority } from './message-header';
import { pad } from './padding';
import { signCompact } from './sign';
import type { Suite } from './suites';

/** Who sends to whom, under which rules, until when. */
export interface SealInput {
  /** A message that `assertMessage` has passed. */
  readonly message: Message;
  readonly senderNode: string;
  readonly recipientNode: string;
  readonly trustDomain: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly priority: Priority;
  readonly signingKey: SigningKey;
  readonly recipientKey: EncryptionKey;
}

export interface Sealed {
  /** The compact JWE: what travels. */
  readonly token: string;
  /** SHA-256 of the token, base64url: what receipts name. */
  readonly digest: string;
  /** The compact JWS: the signed original, kept encrypted in the sender's case. */
  readonly original: string;
}

/** Signs, pads and encrypts a message for one unit of a partner (protocol §3). */
export async function seal(input: SealInput): Promise<Sealed> {
  const { message, signingKey, recipientKey } = input;
  const { messageId: jti, senderUnit, recipientUnit } = message.header;
  const suite: Suite = recipientKey.suite;
  const times = { iat: toSeconds(input.issuedAt), exp: toSeconds(input.expiresAt) };

  const inner = innerHeaderMembers({
    iss: senderUnit,
    aud: recipientUnit,
    jti,
    ...times,
    dom: input.trustDomain,
    suite,
  });
  const original = await signCompact(inner, Buffer.from(JSON.stringify(message)), signingKey);

  const outer = outerHeaderMembers({
    kid: recipientKey.kid,
    jti,
    iss: input.senderNode,
    aud: input.recipientNode,
    ...times,
    pri: input.priority,
    suite,
  });
  const token = await encryptCompact(outer, pad(Buffer.from(original, 'ascii')), recipientKey);
  return { token, digest: digestOf(token), original };
}

const toSeconds = (date: Date) => Math.floor(date.getTime() / 1000);
