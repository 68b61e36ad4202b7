import { asTraoError, TraoError } from '../errors';
import { closeCircuit, isPartnerFault, openCircuit, type CircuitStore } from './circuit';
import type { Clock } from '../casework';
import type { RaiseAlarm } from './ports';
import { backoffMs } from './retry';
import type { ReceiptAnswer } from './wire';

/** A receipt on its way back to the sender of the message. */
export interface ReturningReceipt {
  readonly id: string;
  readonly messageId: string;
  readonly partner: string;
  readonly token: string;
  /** This one included. */
  readonly attempts: number;
}

/** What becomes of a receipt: the partner has it, it is tried again, or people have to settle it. */
export type Handing =
  { readonly id: string; readonly done: 'handed' | 'refused' } | { readonly id: string; readonly retryAt: Date };

export interface AcknowledgeStore extends CircuitStore {
  /** The receipts of a batch that still wait. Empty when another worker has taken the batch over. */
  begin(batchId: string): Promise<ReturningReceipt[]>;
  finish(batchId: string, handings: readonly Handing[]): Promise<void>;
}

export interface AcknowledgePorts {
  readonly store: AcknowledgeStore;
  readonly post: (partner: string, tokens: readonly string[]) => Promise<ReceiptAnswer[]>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly raiseAlarm: RaiseAlarm;
}

/**
 * Tries of a receipt that the partner refuses, about two days. The cause may pass, such as a directory that lags behind ours; without
 * the receipt the sender never learns what became of its message.
 */
const MAX_REFUSALS = 200;

/** Hands the receipts of one batch back to the node that sent the messages. They were stored as bytes and travel as bytes. */
export async function acknowledge(batchId: string, ports: AcknowledgePorts): Promise<void> {
  // fail-point K1: job of receipts started
  const receipts = await ports.store.begin(batchId);
  const partner = receipts[0]?.partner;
  if (partner === undefined) return;
  const tokens = receipts.map((receipt) => receipt.token);
  const answers = await ports.post(partner, tokens).catch((error: unknown) => asTraoError(error));
  if (answers instanceof TraoError) {
    if (!isPartnerFault(answers)) throw answers;
    await openCircuit(partner, answers, ports);
    const retryAt = ports.clock.now();
    const free = receipts.map(({ id }) => ({ id, retryAt }));
    return ports.store.finish(batchId, free);
  }
  // fail-point K2: receipts taken by the partner, not committed
  await closeCircuit(partner, ports);
  const handings = receipts.map((receipt, index) => handingOf(receipt, answers[index]!, ports));
  await ports.store.finish(batchId, handings);
  for (const [index, { status, code }] of answers.entries()) {
    const { id, attempts } = receipts[index]!;
    if (status === 'refused' && attempts === 1) await ports.raiseAlarm('receipt_refused', id, code);
  }
}

function handingOf({ id, attempts }: ReturningReceipt, { status }: ReceiptAnswer, ports: AcknowledgePorts): Handing {
  if (status !== 'refused') return { id, done: 'handed' };
  if (attempts >= MAX_REFUSALS) return { id, done: 'refused' };
  return { id, retryAt: new Date(ports.clock.now().getTime() + backoffMs(attempts, ports.random())) };
}
