import { issueReceipt, type Receipt } from '../envelope';
import type { Clock, Self } from '../casework';
import type { RaiseAlarm, ReceiptKeys, SentMessage, StoredReceipt } from './ports';

export interface ExpireStore {
  /** Messages whose time has run out before they were received, locked until the commit. */
  lockExpired(now: Date, limit: number): Promise<SentMessage[]>;
  expire(messages: readonly SentMessage[], evidence: readonly StoredReceipt[]): Promise<void>;
}

export interface ExpirePorts {
  readonly self: Self;
  readonly keys: ReceiptKeys;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly raiseAlarm: RaiseAlarm;
  readonly transaction: <T>(work: (store: ExpireStore) => Promise<T>) => Promise<T>;
}

const EXPIRE_AT_ONCE = 100;

/**
 * Ends the messages that were not received in time, each with negative evidence signed by this node's own timer.
 * @returns how many expired
 */
export async function expire(ports: ExpirePorts): Promise<number> {
  const expired = await ports.transaction(async (store) => {
    const messages = await store.lockExpired(ports.clock.now(), EXPIRE_AT_ONCE);
    if (messages.length === 0) return messages;
    await store.expire(messages, await Promise.all(messages.map((message) => signEvidence(message, ports))));
    return messages;
  });
  for (const message of expired) await ports.raiseAlarm('undeliverable', message.id, 'expired');
  return expired.length;
}

async function signEvidence(message: SentMessage, ports: ExpirePorts): Promise<StoredReceipt> {
  const { node } = ports.self;
  const receipt: Receipt = {
    id: ports.newId(),
    issuer: node,
    audience: node,
    messageId: message.id,
    event: 'not_received',
    digest: message.digest,
    seq: 1,
    at: ports.clock.now(),
  };
  const token = await issueReceipt(receipt, await ports.keys.receiptKey());
  return { ...receipt, senderNode: node, token, issuedAt: receipt.at };
}
