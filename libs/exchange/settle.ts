import { TraoError, type Code } from '../errors';
import { readReceipt, type Receipt } from '../envelope';
import { nextDelivery, type DeliveryEvent, type DeliveryState } from '../lifecycle';
import { judgementOf } from './judgement';
import type { RaiseAlarm, SentMessage, StoredReceipt } from './ports';
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
}

export interface SettlePorts {
  readonly self: Self;
  readonly raiseAlarm: RaiseAlarm;
  /** Runs work in one transaction. */
  readonly transaction: <T>(work: (store: SettleStore) => Promise<T>) => Promise<T>;
}

export type SettleResult =
  { readonly status: 'stored' | 'known' } | { readonly status: 'refused'; readonly code: Code };

type Verified = { readonly receipt: Receipt; readonly token: string } | { readonly code: Code };

/**
 * Judges receipts from a partner and moves the messages they speak of: signature, issuer, addressee, message and digest must all
 * fit before anything changes. Everything that fits is stored, also what contradicts: both are kept and an alarm is raised.
 * @param peer the node that handed the receipts over
 * @param about the message that each token must name, where the caller knows it
 * @returns one result per token, in order
 */
export async function settle(
  tokens: readonly string[],
  peer: string,
  ports: SettlePorts,
  about?: readonly string[],
): Promise<SettleResult[]> {
  if (tokens.length === 0) return [];
  const verified = await Promise.all(tokens.map((token, index) => verify(token, peer, about?.[index], ports)));
  // fail-point P2: receipts verified, nothing written
  const { results, contradictory, refused } = await ports.transaction((store) => apply(verified, store));
  for (const { messageId } of contradictory) await ports.raiseAlarm('receipt_contradictory', messageId);
  for (const { messageId, code } of refused) await ports.raiseAlarm('message_refused', messageId, code);
  return results;
}

async function verify(
  token: string,
  peer: string,
  about: string | undefined,
  { self }: SettlePorts,
): Promise<Verified> {
  try {
    const receipt = await readReceipt(token, (node, kid, at) => self.partners().receiptKey(node, kid, at));
    if (receipt.issuer !== peer || receipt.audience !== self.node) throw new TraoError('identity_mismatch');
    if (about !== undefined && receipt.messageId !== about) throw new TraoError('receipt_unknown_message');
    return { receipt, token };
  } catch (error) {
    return { code: judgementOf(error) };
  }
}

async function apply(verified: readonly Verified[], store: SettleStore) {
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
  return { results, contradictory, refused: refused.map(({ receipt }) => receipt) };
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
