import { TraoError } from '../errors';
import type { Message } from '../schema';
import { digestOf } from './digest';
import { encryptCompact } from './encrypt';
import type { EncryptionKey, SigningKey } from './keys';
import {
  innerHeaderMembers,
  outerHeaderMembers,
  readOriginal,
  type InnerHeader,
  type Priority,
} from './message-header';
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
  return { ...(await enclose(original, { jti, ...times, suite }, input)), original };
}

/** The way of a message that was signed before. */
export type ResealInput = Pick<SealInput, 'senderNode' | 'recipientNode' | 'priority' | 'recipientKey'>;

/**
 * Encrypts a signed original to another key of the same unit, because the first one was retired on the way (protocol §8). Signature,
 * id and times stay as they are, so the chain of the referral does too.
 * @throws TraoError `suite_mismatch` when the key is of another suite than the signature names: then it must be signed anew
 */
export async function reseal(original: string, input: ResealInput): Promise<Pick<Sealed, 'token' | 'digest'>> {
  const inner = readOriginal(original);
  if (inner.suite !== input.recipientKey.suite) throw new TraoError('suite_mismatch');
  return enclose(original, inner, input);
}

type Signed = Pick<InnerHeader, 'jti' | 'iat' | 'exp' | 'suite'>;

async function enclose(original: string, { jti, iat, exp, suite }: Signed, input: ResealInput) {
  const outer = outerHeaderMembers({
    kid: input.recipientKey.kid,
    jti,
    iss: input.senderNode,
    aud: input.recipientNode,
    iat,
    exp,
    pri: input.priority,
    suite,
  });
  const token = await encryptCompact(outer, pad(Buffer.from(original, 'ascii')), input.recipientKey);
  return { token, digest: digestOf(token) };
}

const toSeconds = (date: Date) => Math.floor(date.getTime() / 1000);
