import { asTraoError } from '../errors';
import { afterFailure, CLOSED, type Circuit } from './circuit';
import { RetryAfterError } from './deliver';
import type { Clock, RaiseAlarm } from './ports';
import type { ReceiptAnswer } from './wire';

/** A receipt on its way back to the sender of the message. */
export interface ReturningReceipt {
  readonly id: string;
  readonly partner: string;
  readonly token: string;
}

export interface AcknowledgeStore {
  /** The receipts of a batch that still wait. Empty when another worker has taken the batch over. */
  begin(batchId: string): Promise<ReturningReceipt[]>;
  /** Marks receipts as handed over; frees the others, which stay due. */
  finish(batchId: string, handedOver: readonly string[], free: readonly string[]): Promise<void>;
  circuit(partner: string): Promise<Circuit>;
  saveCircuit(partner: string, circuit: Circuit): Promise<void>;
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
  const circuit = await ports.store.circuit(partner);
  try {
    const answers = await ports.post(
      partner,
      receipts.map((receipt) => receipt.token),
    );
    if (circuit.failures > 0) await ports.store.saveCircuit(partner, CLOSED);
    await ports.store.finish(batchId, ids, []);
    await reportRefused(receipts, answers, ports);
  } catch (error) {
    if (!asTraoError(error).code.startsWith('partner_') && asTraoError(error).code !== 'bad_answer') throw error;
    const wish = error instanceof RetryAfterError ? error.retryAfterMs : undefined;
    await ports.store.saveCircuit(partner, afterFailure(circuit, ports.clock.now(), ports.random(), wish));
    await ports.store.finish(batchId, [], ids);
  }
}

/** A partner that refuses our evidence will not take it a second time either: people have to look. */
async function reportRefused(
  receipts: readonly ReturningReceipt[],
  answers: readonly ReceiptAnswer[],
  { raiseAlarm }: AcknowledgePorts,
): Promise<void> {
  for (const [index, answer] of answers.entries()) {
    const receipt = receipts[index];
    if (answer.status === 'refused' && receipt) await raiseAlarm('receipt_refused', receipt.id, answer.code);
  }
}
