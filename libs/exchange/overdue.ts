import { issueReceipt } from '../envelope';
import type { Priority, Receipt } from '../envelope';
import { nextMachineDeadline, type Deadlines, type MachineEvent } from '../deadlines';
import type { AlarmKind, Clock, DeadlinePorts } from '../casework';
import type { Alarm, ReceiptKeys, StoredReceipt } from './ports';

/** An outgoing message whose machine deadline has come, with how far it is. */
export interface OverdueMessage {
  readonly id: string;
  readonly digest: string;
  readonly recipientNode: string;
  readonly priority: Priority;
  readonly createdAt: Date;
  readonly receivedAt?: Date | undefined;
  readonly deliveredAt?: Date | undefined;
  readonly openedAt?: Date | undefined;
  /** Negative evidence that was signed before. */
  readonly evidence: readonly MachineEvent[];
}

export interface OverdueStore {
  /** Messages that travel or wait and whose deadline has come, locked until the commit; those that others hold are left out. */
  lockOverdue(now: Date, limit: number): Promise<OverdueMessage[]>;
  /** Stores evidence and alarms, and when each message must be looked at next: undefined for never. */
  note(
    evidence: readonly StoredReceipt[],
    next: readonly { readonly id: string; readonly at: Date | undefined }[],
    alarms: readonly Alarm[],
  ): Promise<void>;
}

export interface OverduePorts extends DeadlinePorts {
  readonly keys: ReceiptKeys;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly transaction: <T>(work: (store: OverdueStore) => Promise<T>) => Promise<T>;
}

const MESSAGES_AT_ONCE = 100;
const ALARMS: Record<MachineEvent, AlarmKind | undefined> = {
  not_received: 'not_received',
  not_delivered: 'not_delivered',
  // The unit itself is reminded on its own calendar; operators cannot make anybody read.
  not_opened: undefined,
};

/**
 * Signs, for each message that did not get as far as it should have, that it did not: this node's own evidence of the wait.
 * The message goes on being tried.
 * @returns how many were looked at
 */
export async function noteOverdue(ports: OverduePorts): Promise<number> {
  return ports.transaction(async (store) => {
    const now = ports.clock.now();
    const messages = await store.lockOverdue(now, MESSAGES_AT_ONCE);
    const judged = messages.map((message) => judge(message, now, ports.deadlinesFor(message.recipientNode)));
    const missing = judged.flatMap(({ message, events }) => events.map((event) => ({ message, event })));
    const evidence = await Promise.all(missing.map(({ message, event }) => sign(message, event, now, ports)));
    if (messages.length > 0)
      await store.note(
        evidence,
        judged.map(({ message, next }) => ({ id: message.id, at: next })),
        missing.flatMap(({ message, event }) => {
          const kind = ALARMS[event];
          return kind ? [{ kind, subject: message.id }] : [];
        }),
      );
    return messages.length;
  });
}

function judge(message: OverdueMessage, now: Date, deadlines: Deadlines) {
  const events: MachineEvent[] = [];
  let next = nextMachineDeadline(message, deadlines);
  while (next && next.at <= now) {
    events.push(next.event);
    next = nextMachineDeadline({ ...message, evidence: [...message.evidence, ...events] }, deadlines);
  }
  return { message, events, next: next?.at };
}

async function sign(
  message: OverdueMessage,
  event: MachineEvent,
  at: Date,
  ports: OverduePorts,
): Promise<StoredReceipt> {
  const { node } = ports.self;
  const { id: messageId, digest } = message;
  const receipt: Receipt = { id: ports.newId(), issuer: node, audience: node, messageId, event, digest, seq: 1, at };
  const token = await issueReceipt(receipt, await ports.keys.receiptKey());
  return { ...receipt, senderNode: node, token, issuedAt: at };
}
