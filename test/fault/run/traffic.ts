import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { asTraoError } from '../../../libs/errors';
import { documentsWith, type Canaries } from '../../harness/canary';
import { withHeader, type Document } from '../../harness/examples';
import type { Promised } from '../../harness/ledger';
import type { NodeId, TwoNodes } from '../../harness/two-nodes';

const PRIORITIES = ['normal', 'urgent', 'emergency'] as const;
const RETRY_MS = 300;
/** An officer goes on pressing the button; longer than any fault lasts. */
const PATIENCE_MS = 180_000;

/**
 * An officer who sends a document and, as long as no answer or a passing fault comes, sends it again with the same key.
 * @throws Error when the officer is told something that does not pass, or nothing in time
 */
async function sendUntilTold(nodes: TwoNodes, from: NodeId, to: NodeId, document: Document): Promise<Promised> {
  const { senderUnit, recipientUnit } = document.header;
  const key = randomUUID();
  const begun = Date.now();
  for (;;) {
    try {
      const { messageId } = await nodes.office.send(senderUnit, document, key);
      return { id: messageId, from, to, unit: recipientUnit };
    } catch (error) {
      const fault = asTraoError(error);
      const told = `${from}: the officer was told ${fault.code}: ${fault.message}`;
      if (!fault.retryable) throw new Error(told, { cause: error });
      if (Date.now() - begun > PATIENCE_MS) throw new Error(`${told}, for ${PATIENCE_MS} ms`, { cause: error });
    }
    await pause(RETRY_MS);
  }
}

/** A referral that goes from a node to the other, with canaries in it. */
function documentFrom(from: NodeId, canaries: Canaries, priority: string): Document {
  const { protect, verify } = documentsWith(canaries);
  return withHeader(from === 'vn' ? protect : verify, { priority });
}

export interface Traffic {
  /** Messages from the node at which the fault strikes as sender. */
  readonly there: number;
  /** Messages the other way. */
  readonly back: number;
}

/**
 * Sends messages both ways at once, at moments and with priorities that chance decides.
 * @returns all messages whose officers were told "sent": every one, or it throws
 */
export async function sendTraffic(
  nodes: TwoNodes,
  from: NodeId,
  canaries: Canaries,
  { there, back }: Traffic,
  random: () => number,
): Promise<Promised[]> {
  const to: NodeId = from === 'vn' ? 'gb' : 'vn';
  const plans = [
    ...Array.from({ length: there }, () => [from, to] as const),
    ...Array.from({ length: back }, () => [to, from] as const),
  ].map(([one, other], index) => ({
    one,
    other,
    // The first goes at once: the fault waits for it.
    afterMs: index === 0 ? 0 : random() * 400,
    priority: PRIORITIES[Math.floor(random() * PRIORITIES.length)]!,
  }));
  const outcomes = await Promise.allSettled(
    plans.map(async ({ one, other, afterMs, priority }) => {
      await pause(afterMs);
      return sendUntilTold(nodes, one, other, documentFrom(one, canaries, priority));
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason as Error;
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}
