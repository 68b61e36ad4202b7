import { TraoError, type Code } from '../errors';
import { readReceipt, type Receipt } from '../envelope';
import { nextDelivery, type DeliveryEvent, type DeliveryState } from '../lifecycle';
import { judgementOf } from './judgement';
import type { Alarm, SentMessage, StoredReceipt } from './ports';
import type { Self } from '../casework';

/** A verified receipt and what it does to its message. */
export interface Settlement {
  readonly receipt: StoredReceipt;
  /** The new state; undefined when the receipt changes nothing. */
  readonly state: DeliveryState | undefined;
}

export interface SettleStore {
  /** The messages with these ids, locked until the commit of the surrounding work. Unknown ids are left out. */
  lockSent(ids: readonly string[]): Promise<SentMessage[]>;
  /** Stores receipts and new states. Answers the ids of the receipts that were new. */
  settle(settlements: readonly Settlement[]): Promise<ReadonlySet<string>>;
  /** Raises alarms with the commit: neither what they are about nor they are there alone. */
  raise(alarms: readonly Alarm[]): Promise<void>;
}

export interface SettlePorts {
  readonly self: Self;
  /** Runs work in one transaction. */
  readonly transaction: <T>(work: (store: SettleStore) => Promise<T>) => Promise<T>;
}

export type SettleResult =
  { readonly status: 'stored' | 'known' } | { readonly status: 'refused'; readonly code: Code };

/** A receipt that is what it says it is, or why it is not. */
export type Verified = { readonly receipt: Receipt; readonly token: string } | { readonly code: Code };

/**
 * Judges receipts from a partner and moves the messages they speak of: signature, issuer, addressee, message and digest must all
 * fit before anything changes. Everything that fits is stored, also what contradicts: both are kept and an alarm is raised.
 * @param peer the node that handed the receipts over
 * @returns one result per token, in order
 */
export async function settle(tokens: readonly string[], peer: string, ports: SettlePorts): Promise<SettleResult[]> {
  if (tokens.length === 0) return [];
  const verified = await verifyReceipts(tokens, peer, ports);
  // fail-point P2: receipts verified, nothing written
  return ports.transaction((store) => settleVerified(verified, store));
}

/**
 * The first half of `settle`: looks at the receipts alone.
 * @param about the message that each token must name, where the caller knows it
 */
export function verifyReceipts(
  tokens: readonly string[],
  peer: string,
  { self }: Pick<SettlePorts, 'self'>,
  about?: readonly string[],
): Promise<Verified[]> {
  return Promise.all(tokens.map((token, index) => verify(token, peer, about?.[index], self)));
}

async function verify(token: string, peer: string, about: string | undefined, self: Self): Promise<Verified> {
  try {
    const receipt = await readReceipt(token, (node, kid, at) => self.partners().receiptKey(node, kid, at));
    if (receipt.issuer !== peer || receipt.audience !== self.node) throw new TraoError('identity_mismatch');
    if (about !== undefined && receipt.messageId !== about) throw new TraoError('receipt_unknown_message');
    return { receipt, token };
  } catch (error) {
    return { code: judgementOf(error) };
  }
}

/**
 * The second half of `settle`, inside a transaction: holds receipts against what was sent and writes what they change.
 * @returns one result per receipt, in order
 */
export async function settleVerified(verified: readonly Verified[], store: SettleStore): Promise<SettleResult[]> {
  const ids = verified.flatMap((item) => ('receipt' in item ? [item.receipt.messageId] : []));
  const sent = new Map((await store.lockSent([...new Set(ids)])).map((message) => [message.id, message]));
  const settlements: Settlement[] = [];
  const contradicting = new Set<StoredReceipt>();
  const judged = verified.map((item): Code | StoredReceipt => {
    if ('code' in item) return item.code;
    const message = sent.get(item.receipt.messageId);
    const fault = faultOf(item.receipt, message);
    if (fault) return fault;
    const receipt = toStored(item.receipt, item.token);
    const state = outcomeOf(item.receipt, message!);
    if (state === 'contradiction') contradicting.add(receipt);
    const moved = state === 'same' || state === 'contradiction' ? undefined : state;
    // Several receipts of one message build on each other.
    if (moved) sent.set(message!.id, { ...message!, state: moved });
    settlements.push({ receipt, state: moved });
    return receipt;
  });
  const stored = await store.settle(settlements);
  const results = judged.map((item): SettleResult => {
    if (typeof item === 'string') return { status: 'refused', code: item };
    return { status: stored.has(item.id) ? 'stored' : 'known' };
  });
  // What comes again is no news.
  const fresh = settlements.filter(({ receipt }) => stored.has(receipt.id));
  const contradictory = fresh.map(({ receipt }) => receipt).filter((receipt) => contradicting.has(receipt));
  // What was sealed to a retired key is sealed anew without anybody's help (`resealStale`).
  const refused = fresh.filter(({ state, receipt }) => state === 'refused' && receipt.code !== 'stale_key');
  await store.raise([
    ...contradictory.map(({ messageId }) => ({ kind: 'receipt_contradictory' as const, subject: messageId })),
    ...refused.map(({ receipt: { messageId, code } }) => ({
      kind: 'message_refused' as const,
      subject: messageId,
      ...(code && { code }),
    })),
  ]);
  return results;
}

/** What a receipt does to its message. About bytes that were replaced nothing good can be said any more: they were refused. */
function outcomeOf({ digest, event }: Receipt, message: SentMessage): ReturnType<typeof nextDelivery> {
  if (digest === message.digest) return nextDelivery(message.state, event as DeliveryEvent);
  return event === 'delivered' || event === 'opened' ? 'contradiction' : 'same';
}

function faultOf(receipt: Receipt, message: SentMessage | undefined): Code | undefined {
  if (!message || message.recipientNode !== receipt.issuer) return 'receipt_unknown_message';
  if (![message.digest, ...message.formerDigests].includes(receipt.digest)) return 'receipt_wrong_digest';
  // Negative evidence is the waiting node's own; a partner cannot send it.
  return receipt.event.startsWith('not_') ? 'receipt_malformed' : undefined;
}

function toStored(receipt: Receipt, token: string): StoredReceipt {
  const { id, messageId, issuer, event, code, digest, at } = receipt;
  return { id, messageId, senderNode: receipt.audience, issuer, event, code, digest, token, issuedAt: at };
}
