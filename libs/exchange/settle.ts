import { asTraoError, TraoError, type Code } from '../errors';
import { readReceipt, type Receipt } from '../envelope';
import { nextDelivery, type DeliveryEvent, type DeliveryState } from '../lifecycle';
import type { RaiseAlarm, Self, SentMessage, StoredReceipt } from './ports';

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

export type SettleResult = { readonly status: 'stored' | 'known' } | { readonly status: 'refused'; readonly code: Code };

type Verified = { readonly receipt: Receipt; readonly token: string } | { readonly code: Code };

/**
 * Judges receipts from a partner and moves the messages they speak of: signature, issuer, addressee, message and digest must all
 * fit before anything changes. Everything that fits is stored, also what contradicts: both are kept and an alarm is raised.
 * @param peer the node that handed the receipts over
 * @returns one result per token, in order
 */
export async function settle(tokens: readonly string[], peer: string, ports: SettlePorts): Promise<SettleResult[]> {
  const verified = await Promise.all(tokens.map((token) => verify(token, peer, ports)));
  const { results, contradictory, refused } = await ports.transaction((store) => apply(verified, store));
  for (const id of contradictory) await ports.raiseAlarm('receipt_contradictory', id);
  for (const { messageId, code } of refused) await ports.raiseAlarm('message_refused', messageId, code);
  return results;
}

async function verify(token: string, peer: string, { self }: SettlePorts): Promise<Verified> {
  try {
    const receipt = await readReceipt(token, (node, kid, at) => self.partners().receiptKey(node, kid, at));
    if (receipt.issuer !== peer || receipt.audience !== self.node) throw new TraoError('identity_mismatch');
    return { receipt, token };
  } catch (error) {
    return { code: asTraoError(error).code };
  }
}

async function apply(verified: readonly Verified[], store: SettleStore) {
  const ids = verified.flatMap((item) => ('receipt' in item ? [item.receipt.messageId] : []));
  const sent = new Map((await store.lockSent([...new Set(ids)])).map((message) => [message.id, message]));
  const settlements: Settlement[] = [];
  const contradictory: string[] = [];
  const judged = verified.map((item): SettleResult | Receipt => {
    if (!('receipt' in item)) return { status: 'refused', code: item.code };
    const message = sent.get(item.receipt.messageId);
    const fault = faultOf(item.receipt, message);
    if (fault) return { status: 'refused', code: fault };
    const state = nextDelivery(message!.state, item.receipt.event as DeliveryEvent);
    if (state === 'contradiction') contradictory.push(message!.id);
    const moved = state !== 'same' && state !== 'contradiction' ? state : undefined;
    if (moved) sent.set(message!.id, { ...message!, state: moved });
    settlements.push({ receipt: toStored(item.receipt, item.token), state: moved });
    return item.receipt;
  });
  const fresh = await store.settle(settlements);
  const results = judged.map((item): SettleResult =>
    'status' in item ? item : { status: fresh.has(item.id) ? 'stored' : 'known' },
  );
  const refused = settlements
    .filter(({ receipt, state }) => state === 'refused' && fresh.has(receipt.id))
    .map(({ receipt }) => receipt);
  return { results, contradictory, refused };
}

function faultOf(receipt: Receipt, message: SentMessage | undefined): Code | undefined {
  if (!message || message.recipientNode !== receipt.issuer) return 'receipt_unknown_message';
  if (message.digest !== receipt.digest) return 'receipt_wrong_digest';
  // Negative evidence is the waiting node's own; a partner cannot send it.
  return receipt.event.startsWith('not_') ? 'receipt_malformed' : undefined;
}

function toStored(receipt: Receipt, token: string): StoredReceipt {
  const { id, messageId, issuer, event, code, digest, at } = receipt;
  return { id, messageId, senderNode: receipt.audience, issuer, event, code, digest, token, issuedAt: at };
}
