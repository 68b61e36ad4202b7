import { TraoError } from '../errors';
import { readMessage, parseStrictJson, type Message } from '../schema';
import { splitCompact } from './compact';
import { decryptCompact, decryptInVain } from './decrypt';
import type { EncryptionKey, VerificationKey } from './keys';
import { readInnerHeader, readOuterHeader, type InnerHeader, type OuterHeader } from './message-header';
import { unpad } from './padding';
import { verifyInVain, verifySegments } from './sign';
import { SUITES, type Suite } from './suites';

/** A clock may be ahead of ours by this much (seconds). */
export const MAX_CLOCK_SKEW_S = 300;

/** What the opener knows by itself; nothing of it comes from the message. */
export interface OpenContext {
  readonly node: string;
  /** The node that delivered the message, known from its TLS certificate. */
  readonly peer: string;
  readonly trustDomain: string;
  readonly now: Date;
  /** When this node stored it: it has come in time or not, however late it is opened. Now, when absent. */
  readonly receivedAt?: Date | undefined;
  /** Largest payload in bytes. */
  readonly maxBytes: number;
  /** Suites that the directory pins for messages to this node. */
  readonly suites: readonly Suite[];
  /** Our private key of that id with its unit; `stale` when it was ours and is retired; undefined when never ours. */
  decryptionKey(kid: string): Promise<{ readonly unit: string; readonly key: EncryptionKey } | 'stale' | undefined>;
  /** The node that the directory lists a unit under. */
  nodeOf(unit: string): string | undefined;
  /** The unit's verification key that was valid at `at`. */
  verificationKey(unit: string, kid: string, at: Date): Promise<VerificationKey | undefined>;
}

export interface Opened {
  readonly message: Message;
  readonly outer: OuterHeader;
  readonly inner: InnerHeader;
  /** The compact JWS as signed. */
  readonly original: string;
  /** Fields of a newer minor version that this node does not know: kept, shown as such, never decided by. */
  readonly unknownFields: readonly string[];
}

/**
 * Opens a sealed message. Checks in the protocol's order (§3) and stops at the first failure.
 * @throws TraoError with the inner code; the caller shows partners only `wireCodeOf(code)`
 */
export async function open(token: string, context: OpenContext): Promise<Opened> {
  const { outer, segments } = readEnvelope(token, context.maxBytes);
  if (!context.suites.includes(outer.suite)) throw new TraoError('suite_mismatch');
  const recipient = await context.decryptionKey(outer.kid);
  if (recipient === 'stale') throw new TraoError('stale_key');
  if (recipient?.key.suite !== outer.suite) {
    await decryptInVain(segments, outer.suite);
    throw new TraoError('undecryptable');
  }
  const original = Buffer.from(unpad(await decryptCompact(segments, recipient.key))).toString('latin1');

  const signed = splitCompact(original, 3);
  const inner = readInnerHeader(signed[0]!);
  const key = await context.verificationKey(inner.iss, inner.kid, new Date(inner.iat * 1000));
  if (key?.algorithm !== inner.alg) {
    verifyInVain(signed);
    throw new TraoError(key ? 'bad_algorithm' : 'unknown_sender');
  }
  const payload = verifySegments(signed, key);

  checkIdentities(outer, inner, recipient.unit, context);
  checkTimes(inner, context);
  const { message, unknownFields } = readMessage(parseStrictJson(payload, { maxBytes: context.maxBytes }));
  checkPayload(message, outer, inner);
  return { message, outer, inner, original, unknownFields };
}

/**
 * Reads only what stands outside: length, canonical form and the strict header. All that a gateway can and may know.
 * @throws TraoError `too_large`, `not_canonical`, `bad_header`, `bad_algorithm`
 */
export function readEnvelope(token: string, maxPayloadBytes: number) {
  if (token.length > maxTokenLength(maxPayloadBytes)) throw new TraoError('too_large');
  const first = token.slice(0, Math.max(token.indexOf('.'), 0));
  const outer = readOuterHeader(splitCompact(first, 1)[0]!);
  const segments = splitCompact(token, 5, SUITES[outer.suite].empty);
  return { outer, segments };
}

/** The longest token of a payload: base64 twice (4/3 each), padding 12 %, headers and keys. */
export function maxTokenLength(maxPayloadBytes: number): number {
  return Math.ceil(maxPayloadBytes * (4 / 3) * 1.12 * (4 / 3)) + 16_384;
}

function checkIdentities(outer: OuterHeader, inner: InnerHeader, unit: string, context: OpenContext): void {
  if (outer.iss !== context.peer || context.nodeOf(inner.iss) !== outer.iss) throw new TraoError('identity_mismatch');
  if (inner.jti !== outer.jti || inner.iat !== outer.iat || inner.exp !== outer.exp)
    throw new TraoError('identity_mismatch');
  if (outer.aud !== context.node || inner.aud !== unit) throw new TraoError('wrong_recipient');
  if (inner.dom !== context.trustDomain) throw new TraoError('wrong_domain');
  if (inner.suite !== outer.suite) throw new TraoError('suite_mismatch');
}

function checkTimes(inner: InnerHeader, { now, receivedAt = now }: OpenContext): void {
  if (inner.iat > now.getTime() / 1000 + MAX_CLOCK_SKEW_S) throw new TraoError('not_yet_valid');
  if (inner.exp <= receivedAt.getTime() / 1000) throw new TraoError('expired');
}

/** The payload repeats who, to whom and which message: a signed header around another message is refused. */
function checkPayload(message: Message, outer: OuterHeader, inner: InnerHeader): void {
  const { messageId, senderUnit, recipientUnit, priority } = message.header;
  const agrees =
    messageId === inner.jti && senderUnit === inner.iss && recipientUnit === inner.aud && priority === outer.pri;
  if (!agrees) throw new TraoError('identity_mismatch');
}
