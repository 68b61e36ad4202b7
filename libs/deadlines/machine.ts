import { DEADLINES, type Deadlines } from './table';
import { lengthOf, type Priority } from './term';

/** What the sending node signs when a deadline passes: its own, negative evidence (domain §3.1). */
export type MachineEvent = 'not_received' | 'not_delivered' | 'not_opened';

/** How far an outgoing message has come. */
export interface MessageProgress {
  readonly priority: Priority;
  readonly createdAt: Date;
  readonly receivedAt?: Date | undefined;
  readonly deliveredAt?: Date | undefined;
  readonly openedAt?: Date | undefined;
  /** Evidence about it that is there already. */
  readonly evidence: readonly string[];
}

/**
 * The machine deadlines of a message, in milliseconds: `not_received` and `operator_alarm` from when it was sealed,
 * `not_delivered` from when it was received, `not_opened` from when it was delivered.
 */
export function machineDeadlines(
  priority: Priority,
  deadlines: Deadlines = DEADLINES,
): Record<MachineEvent | 'operator_alarm', number> {
  return {
    not_received: lengthOf(deadlines.machine_received.terms[priority]),
    operator_alarm: lengthOf(deadlines.operator_alarm.terms[priority]),
    not_delivered: lengthOf(deadlines.machine_delivered.terms[priority]),
    not_opened: lengthOf(deadlines.human_ack.terms[priority]),
  };
}

/** The next negative evidence about a message, and when it is due; undefined when it came through or the evidence is there. */
export function nextMachineDeadline(
  message: MessageProgress,
  deadlines: Deadlines = DEADLINES,
): { readonly event: MachineEvent; readonly at: Date } | undefined {
  const waits = waiting(message);
  if (!waits || message.evidence.includes(waits.event)) return undefined;
  const length = machineDeadlines(message.priority, deadlines)[waits.event];
  return { event: waits.event, at: new Date(waits.since.getTime() + length) };
}

/** What a message waits for now. Later evidence says that the earlier steps were taken, also where their receipts are missing. */
function waiting({ createdAt, receivedAt, deliveredAt, openedAt }: MessageProgress) {
  if (openedAt) return undefined;
  if (deliveredAt) return { event: 'not_opened', since: deliveredAt } as const;
  if (receivedAt) return { event: 'not_delivered', since: receivedAt } as const;
  return { event: 'not_received', since: createdAt } as const;
}
