import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { asTraoError } from '../../../libs/errors';
import { example, nodeOf, type Document } from '../../harness/examples';
import type { Promised } from '../../harness/ledger';
import type { NodeId, TwoNodes } from '../../harness/two-nodes';

/** A referral of each country to the other. */
export const REFERRALS: Readonly<Record<NodeId, Document>> = {
  vn: example('referral-protect-adult'),
  gb: example('referral-return-adult'),
};

export const promise = (id: string, { header }: Document): Promised => ({
  id,
  from: nodeOf(header.senderUnit) as NodeId,
  to: nodeOf(header.recipientUnit) as NodeId,
  unit: header.recipientUnit,
});

/** Sends one referral of a node; the office must take it. */
export async function send(nodes: TwoNodes, from: NodeId = 'vn'): Promise<Promised> {
  const document = REFERRALS[from];
  return promise((await nodes.office.send(document.header.senderUnit, document)).messageId, document);
}

const PERSISTENCE_MS = 90_000;

/**
 * Sends one referral as an officer does who does not give up: what cannot be taken now is handed in again with the same key.
 * @returns what was promised, and with which codes it was refused before
 */
async function sendStubbornly(
  nodes: TwoNodes,
  from: NodeId = 'vn',
): Promise<{ readonly promised: Promised; readonly refusals: readonly string[] }> {
  const document = REFERRALS[from];
  const key = randomUUID();
  const refusals: string[] = [];
  const begun = Date.now();
  for (;;) {
    try {
      const { messageId } = await nodes.office.send(document.header.senderUnit, document, key);
      return { promised: promise(messageId, document), refusals };
    } catch (error) {
      const code = codeOf(error);
      if (Date.now() - begun > PERSISTENCE_MS) throw error;
      refusals.push(code);
      await pause(300);
    }
  }
}

/** The code of a refusal; of a connection that broke, what the network says. */
function codeOf(error: unknown): string {
  const { code } = asTraoError(error);
  if (code !== 'internal') return code;
  const { cause, message } = error as { cause?: { code?: string }; message?: string };
  if (cause?.code !== undefined || message === 'fetch failed') return cause?.code ?? 'fetch failed';
  throw error;
}

export interface Flow {
  readonly promised: readonly Promised[];
  /** How often the office could not take something, by code. */
  readonly refusals: ReadonlyMap<string, number>;
}

/** Sends from both nodes, one message each time, at least `least` times and for as long as the trouble goes on. */
export async function during(
  nodes: TwoNodes,
  trouble: () => Promise<void>,
  { least = 6, everyMs = 700, from = ['vn', 'gb'] as readonly NodeId[] } = {},
): Promise<Flow> {
  const promised: Promised[] = [];
  const refusals = new Map<string, number>();
  let troubled = true;
  const sender = async (node: NodeId) => {
    for (let n = 0; n < least || troubled; n += 1) {
      const sent = await sendStubbornly(nodes, node);
      promised.push(sent.promised);
      for (const code of sent.refusals) refusals.set(code, (refusals.get(code) ?? 0) + 1);
      await pause(everyMs);
    }
  };
  await Promise.all([trouble().finally(() => (troubled = false)), ...from.map(sender)]);
  return { promised, refusals };
}
