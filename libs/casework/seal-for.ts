import { faultAt, TraoError } from '../errors';
import { seal } from '../envelope';
import { expiryOf } from '../lifecycle';
import type { DirectoryNode, Message } from '../schema';
import type { Clock, OutgoingMessage, Self, SigningKeys } from './ports';

export interface Outgoing {
  readonly message: OutgoingMessage & { readonly recipientKid: string };
  /** The signed original, kept encrypted in the sender's case. */
  readonly original: string;
}

interface SealPorts {
  readonly self: Self;
  readonly keys: SigningKeys;
  readonly clock: Clock;
}

/**
 * Seals a prepared message for the recipient's unit. Only `send` calls this, after `prepare` found no fault.
 * @throws TraoError `unknown_unit`, `wrong_recipient`, `too_large`, `key_missing`
 */
export async function sealFor(message: Message, { self, keys, clock }: SealPorts): Promise<Outgoing> {
  const partners = self.partners();
  const issuedAt = clock.now();
  const { messageId: id, senderUnit, recipientUnit, priority } = message.header;
  const { node } = partners.activeUnit(recipientUnit, issuedAt);
  assertDeliverable(message, node, self);
  const recipientKey = await partners.sealingKey(recipientUnit, issuedAt);
  const expiresAt = expiryOf(priority, issuedAt);
  const { token, digest, original } = await seal({
    message,
    senderNode: self.node,
    recipientNode: node.id,
    trustDomain: partners.directory.trustDomain,
    issuedAt,
    expiresAt,
    priority,
    signingKey: await keys.signingKey(senderUnit),
    recipientKey,
  });
  const outgoing = {
    id,
    recipientNode: node.id,
    priority,
    token,
    digest,
    createdAt: issuedAt,
    expiresAt,
    attempts: 0,
    recipientKid: recipientKey.kid,
  };
  return { message: outgoing, original };
}

/** What no relay carries or the partner would refuse for ever is refused here, while an officer can still change it. */
function assertDeliverable(message: Message, recipient: DirectoryNode, self: Self): void {
  if (recipient.id === self.node) {
    throw new TraoError('wrong_recipient', { faults: [faultAt('/header/recipientUnit', 'not_a_partner')] });
  }
  const { maxMessageBytes } = recipient.limits;
  if (Buffer.byteLength(JSON.stringify(message)) > maxMessageBytes) {
    throw new TraoError('too_large', { detail: `${recipient.id} takes ${maxMessageBytes} bytes.` });
  }
}
