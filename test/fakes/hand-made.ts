import { digestOf, issueReceipt, seal, type Receipt, type Sealed, type SealInput } from '../../libs/envelope';
import type { Message } from '../../libs/schema';
import type { Draft } from './documents';
import type { MemoryNode } from './memory-node';

const DAY_MS = 86_400_000;

export interface HandMade extends Sealed {
  readonly id: string;
  readonly referralId: string;
  /** What the next message of the chain must name. */
  readonly link: string;
}

/** What is sealed when everything is right. `header` and `sealing` replace what would be. */
export async function sealingBy(
  from: MemoryNode,
  draft: Draft,
  header: Draft['header'] = {},
  sealing: Partial<SealInput> = {},
): Promise<SealInput> {
  const { partners } = from.world;
  const now = from.clock.now();
  const assigned = { messageId: from.newId(), referralId: from.newId(), seq: 1, createdAt: now.toISOString() };
  const message = { ...draft, header: { ...draft.header, ...assigned, ...header } } as unknown as Message;
  const { senderUnit, recipientUnit, priority } = message.header;
  return {
    message,
    senderNode: from.node,
    recipientNode: partners.nodeOf(recipientUnit)!,
    trustDomain: partners.directory.trustDomain,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + 30 * DAY_MS),
    priority,
    signingKey: sealing.signingKey ?? (await from.keys.signingKey(senderUnit)),
    recipientKey: sealing.recipientKey ?? (await partners.sealingKey(recipientUnit, now)),
    ...sealing,
  };
}

/** A sealed message that no use case has made: a partner may write anything. */
export async function sealByHand(...made: Parameters<typeof sealingBy>): Promise<HandMade> {
  const input = await sealingBy(...made);
  const sealed = await seal(input);
  const { messageId, referralId } = input.message.header;
  return { ...sealed, id: messageId, referralId, link: digestOf(sealed.original) };
}

/** A receipt signed by a node about a message of another, right unless `claims` says otherwise. */
export async function receiptBy(
  issuer: MemoryNode,
  audience: string,
  message: { readonly id: string; readonly digest: string },
  claims: Partial<Receipt> = {},
): Promise<string> {
  const receipt: Receipt = {
    id: issuer.newId(),
    issuer: issuer.node,
    audience,
    messageId: message.id,
    event: 'received',
    digest: message.digest,
    seq: 1,
    at: issuer.clock.now(),
    ...claims,
  };
  return issueReceipt(receipt, await issuer.keys.receiptKey());
}
