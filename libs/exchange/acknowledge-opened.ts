import { issueReceipt, type Receipt } from '../envelope';
import type { Clock, Self } from '../casework';
import type { ReceiptKeys, StoredReceipt } from './ports';

/** A message of a partner that an officer has seen for the first time. */
export interface OpenedMessage {
  readonly senderNode: string;
  readonly id: string;
  readonly digest: string;
  readonly openedAt: Date;
}

export interface OpenedStore {
  /** Messages that were seen and whose sender was not told yet, locked until the commit. */
  lockOpened(limit: number): Promise<OpenedMessage[]>;
  /** Stores the receipts, to be handed back, and notes that they were made. */
  tell(receipts: readonly StoredReceipt[]): Promise<void>;
}

export interface OpenedPorts {
  readonly self: Self;
  readonly keys: ReceiptKeys;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly transaction: <T>(work: (store: OpenedStore) => Promise<T>) => Promise<T>;
}

const MESSAGES_AT_ONCE = 100;

/**
 * Signs `opened` for messages that officers have seen. It says when, and neither who nor in which unit: receipts pass gateways
 * and operators in clear.
 * @returns how many
 */
export async function acknowledgeOpened(ports: OpenedPorts): Promise<number> {
  return ports.transaction(async (store) => {
    const messages = await store.lockOpened(MESSAGES_AT_ONCE);
    if (messages.length > 0) await store.tell(await Promise.all(messages.map((message) => sign(message, ports))));
    return messages.length;
  });
}

async function sign({ senderNode, id, digest, openedAt }: OpenedMessage, ports: OpenedPorts): Promise<StoredReceipt> {
  const receipt: Receipt = {
    id: ports.newId(),
    issuer: ports.self.node,
    audience: senderNode,
    messageId: id,
    event: 'opened',
    digest,
    seq: 3,
    at: openedAt,
  };
  const token = await issueReceipt(receipt, await ports.keys.receiptKey());
  return { ...receipt, senderNode, token, issuedAt: ports.clock.now() };
}
