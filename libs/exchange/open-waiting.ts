import { TraoError, type Code } from '../errors';
import { open, type OpenContext, type Opened } from '../envelope';
import { judgementOf } from './judgement';
import type { Clock, Self } from '../casework';
import type { Partners } from '../trust';
import type { DecryptionKeys } from './ports';

/** A sealed message that waits at its recipient. */
export interface WaitingMessage {
  readonly senderNode: string;
  readonly id: string;
  readonly token: string;
  readonly digest: string;
  readonly receivedAt: Date;
  readonly attempts: number;
}

/**
 * A waiting message with what is inside, or with the code of its refusal. `early`: time may mend it, so the verdict waits. Its signing key
 * stands in no directory that we have, and the one that lists it may still be on its way; or it seems to come from the future.
 */
export type Read = { readonly message: WaitingMessage } & (
  { readonly opened: Opened } | { readonly code: Code; readonly early: boolean }
);

interface OpenPorts {
  readonly self: Self;
  readonly keys: DecryptionKeys;
  readonly clock: Clock;
}

/**
 * Opens and checks a message.
 * @throws TraoError when this machine is at fault; the message is tried again
 */
export async function openWaiting(message: WaitingMessage, ports: OpenPorts): Promise<Read> {
  const partners = ports.self.partners();
  let early = false;
  const context = openContext(message, partners, ports, (kid) => {
    early = !partners.listsSigningKey(message.senderNode, kid);
  });
  try {
    return { message, opened: await open(message.token, context) };
  } catch (error) {
    const code = judgementOf(error);
    // From the future: as likely as not it is our own clock that is behind.
    return { message, code, early: early || code === 'not_yet_valid' };
  }
}

function openContext(
  { senderNode, receivedAt }: WaitingMessage,
  partners: Partners,
  { self, keys, clock }: OpenPorts,
  noteMissing: (kid: string) => void,
): OpenContext {
  const { suites, limits } = partners.node(self.node);
  return {
    node: self.node,
    peer: senderNode,
    trustDomain: partners.directory.trustDomain,
    now: clock.now(),
    receivedAt,
    maxBytes: limits.maxMessageBytes,
    suites,
    decryptionKey: async (kid) => {
      const status = partners.encryptionKeyStatus(self.node, kid, clock.now());
      if (status === 'revoked') return 'stale';
      // A key whose time is over opens what is still on its way, until it is destroyed.
      const held = await keys.decryptionKey(kid).catch((cause: unknown) => {
        throw new TraoError('key_missing', { detail: kid, cause });
      });
      // The directory tells partners to use this key: that it is missing here is no fault of the message.
      if (!held && status === 'active') throw new TraoError('key_missing', { detail: kid });
      if (held) return held;
      return status === 'ended' || (await keys.wasDestroyed(kid)) ? 'stale' : undefined;
    },
    nodeOf: (unit) => partners.nodeOf(unit),
    verificationKey: async (unit, kid, at) => {
      const key = await partners.verificationKey(unit, kid, at);
      if (!key) noteMissing(kid);
      return key;
    },
  };
}
