import { asTraoError, TraoError } from '../errors';
import { closeCircuit, isPartnerFault, openCircuit, type CircuitStore } from './circuit';
import type { Clock, RaiseAlarm } from './ports';
import type { ReceiptAnswer } from './wire';

/** A receipt on its way back to the sender of the message. */
export interface ReturningReceipt {
  readonly id: string;
  readonly partner: string;
  readonly token: string;
}

export interface AcknowledgeStore extends CircuitStore {
  /** The receipts of a batch that still wait. Empty when another worker has taken the batch over. */
  begin(batchId: string): Promise<ReturningReceipt[]>;
  /** Marks receipts as handed over; frees the others, which stay due. */
  finish(batchId: string, handedOver: readonly string[], free: readonly string[]): Promise<void>;
}

export interface AcknowledgePorts {
  readonly store: AcknowledgeStore;
  readonly post: (partner: string, tokens: readonly string[]) => Promise<ReceiptAnswer[]>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly raiseAlarm: RaiseAlarm;
}

/** Hands the receipts of one batch back to the node that sent the messages. They were stored as bytes and travel as bytes. */
export async function acknowledge(batchId: string, ports: AcknowledgePorts): Promise<void> {
  const receipts = await ports.store.begin(batchId);
  const partner = receipts[0]?.partner;
  if (partner === undefined) return;
  const ids = receipts.map((receipt) => receipt.id);
  const tokens = receipts.map((receipt) => receipt.token);
  const answers = await ports.post(partner, tokens).catch((error: unknown) => asTraoError(error));
  if (answers instanceof TraoError) {
    if (!isPartnerFault(answers)) throw answers;
    await openCircuit(partner, answers, ports);
    return ports.store.finish(batchId, [], ids);
  }
  await closeCircuit(partner, ports);
  await ports.store.finish(batchId, ids, []);
  // A partner that refuses our evidence will not take it a second time either: people have to look.
  for (const [index, { status, code }] of answers.entries()) {
    if (status === 'refused') await ports.raiseAlarm('receipt_refused', ids[index]!, code);
  }
}
