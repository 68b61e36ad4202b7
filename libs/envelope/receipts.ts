import { TraoError, type WireCode } from '../errors';
import { assertReceipt, parseStrictJson, type ReceiptClaims } from '../schema';
import { admitHeader, exactly, name, parseHeader, splitCompact } from './compact';
import { SIGNATURE_ALGORITHMS } from './algorithms';
import type { SigningKey, VerificationKey } from './keys';
import { signCompact, verifySegments } from './sign';

const RECEIPT_TYP = 'secevent+jwt';
const EVENT_PREFIX = 'https://trao.example/events/';

export const POSITIVE_EVENTS = ['received', 'delivered', 'opened'] as const;
export const NEGATIVE_EVENTS = ['not_received', 'not_delivered', 'not_opened'] as const;
export type ReceiptEvent = (typeof POSITIVE_EVENTS)[number] | 'refused' | (typeof NEGATIVE_EVENTS)[number];

/** What a receipt says, flat. */
export interface Receipt {
  readonly id: string;
  /** The node that signs. */
  readonly issuer: string;
  /** The node that sent the message. */
  readonly audience: string;
  readonly messageId: string;
  readonly event: ReceiptEvent;
  /** SHA-256 of the sealed bytes, base64url. */
  readonly digest: string;
  /** Number of the receipt among those for this message at this issuer. */
  readonly seq: number;
  readonly at: Date;
  readonly code?: WireCode;
}

/** Signs a receipt as a Security Event Token (RFC 8417). Signed once, stored, and never signed again. */
export function issueReceipt(receipt: Receipt, key: SigningKey): Promise<string> {
  const claims = {
    iss: receipt.issuer,
    aud: receipt.audience,
    iat: Math.floor(receipt.at.getTime() / 1000),
    jti: receipt.id,
    txn: receipt.messageId,
    events: {
      [EVENT_PREFIX + receipt.event]: {
        digest: receipt.digest,
        seq: receipt.seq,
        at: receipt.at.toISOString(),
        ...(receipt.code && { code: receipt.code }),
      },
    },
  };
  assertReceipt(claims);
  return signCompact({ typ: RECEIPT_TYP }, Buffer.from(JSON.stringify(claims)), key);
}

const HEADER_MEMBERS = {
  alg: (value: unknown) => typeof value === 'string' && Object.hasOwn(SIGNATURE_ALGORITHMS, value),
  kid: name,
  typ: exactly(RECEIPT_TYP),
};
const MAX_RECEIPT_LENGTH = 4096;

/**
 * Reads and verifies a receipt.
 * @param keyOf the receipt key of a node that was valid at a time; undefined when there is none
 * @throws TraoError `receipt_malformed`, `unknown_sender`, `bad_signature`
 */
export async function readReceipt(
  token: string,
  keyOf: (node: string, kid: string, at: Date) => Promise<VerificationKey | undefined>,
): Promise<Receipt> {
  const { segments, header, claims } = parseReceipt(token);
  const key = await keyOf(claims.iss, header['kid'] as string, new Date(claims.iat * 1000));
  if (!key) throw new TraoError('unknown_sender');
  if (key.algorithm !== header['alg']) throw new TraoError('bad_signature');
  verifySegments(segments, key);
  return flatten(claims);
}

function parseReceipt(token: string) {
  try {
    if (token.length > MAX_RECEIPT_LENGTH) throw new TraoError('too_large');
    const segments = splitCompact(token, 3);
    const [head, body] = segments;
    const header = parseHeader(head!.bytes);
    admitHeader(header, HEADER_MEMBERS);
    const claims: unknown = parseStrictJson(body!.bytes, { maxBytes: MAX_RECEIPT_LENGTH, maxDepth: 4 });
    assertReceipt(claims);
    return { segments, header, claims };
  } catch (cause) {
    throw new TraoError('receipt_malformed', { cause });
  }
}

function flatten(claims: ReceiptClaims): Receipt {
  const [uri, event] = Object.entries(claims.events)[0] as [
    string,
    { digest: string; seq: number; at: string; code?: WireCode },
  ];
  return {
    id: claims.jti,
    issuer: claims.iss,
    audience: claims.aud,
    messageId: claims.txn,
    event: uri.slice(EVENT_PREFIX.length) as ReceiptEvent,
    digest: event.digest,
    seq: event.seq,
    at: new Date(event.at),
    ...(event.code && { code: event.code }),
  };
}
