import { randomUUIDv7 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { unlockFile } from '../../certs-dev/development-keys';
import { seal, type Sealed, type SealInput } from '../../libs/envelope';
import { openKeystore } from '../../libs/keystore';
import { assertMessage, type Message } from '../../libs/schema';
import { adoptDirectory, Partners, type TrustAnchor } from '../../libs/trust';
import { nodeOf, withHeader, type Document } from './examples';
import { type TwoNodes } from './two-nodes';

/** What differs from an honest message. */
export interface Change extends Partial<Omit<SealInput, 'message'>> {
  /** Members of the message's own header. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Turns the checked message into one that nobody here would write, as a node of a later version does. */
  readonly rewrite?: (message: Message) => Message;
  /** The unit whose signing key is used; default: the sender of the document. */
  readonly signAs?: string;
  /** The unit whose encryption key is used; default: the recipient of the document. */
  readonly sealTo?: string;
}

export interface SealedMessage extends Sealed {
  readonly id: string;
}

/**
 * Seals messages with the keys of a node's folder, as somebody could who has those keys and breaks the rules: into the past, to other
 * nodes, under other identities. Nothing of it passes through the sending node.
 */
export class RogueSender {
  private constructor(
    private readonly keys: string,
    private readonly partners: Partners,
  ) {}

  static async of(nodes: TwoNodes): Promise<RogueSender> {
    const keys = path.join(nodes.folder, 'keys');
    const anchor = JSON.parse(readFileSync(path.join(keys, 'trust-anchor.json'), 'utf8')) as TrustAnchor;
    const directory = await adoptDirectory(readFileSync(path.join(keys, 'directory.json')), anchor, new Date());
    return new RogueSender(keys, new Partners(directory));
  }

  async seal(document: Document, change: Change = {}): Promise<SealedMessage> {
    const { header, signAs, sealTo, rewrite = (message) => message, ...input } = change;
    const issuedAt = change.issuedAt ?? new Date();
    const id = randomUUIDv7();
    const fresh = { messageId: id, referralId: randomUUIDv7(), seq: 1, createdAt: issuedAt.toISOString() };
    const message: unknown = withHeader(document, { ...fresh, ...header });
    assertMessage(message);
    const { senderUnit, recipientUnit, priority, messageId } = message.header;
    const sealed = await seal({
      message: rewrite(message),
      senderNode: nodeOf(senderUnit),
      recipientNode: nodeOf(recipientUnit),
      trustDomain: this.partners.directory.trustDomain,
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + 86_400_000),
      priority,
      signingKey: await this.signingKey(signAs ?? senderUnit),
      recipientKey: await this.partners.sealingKey(sealTo ?? recipientUnit, new Date()),
      ...input,
    });
    return { ...sealed, id: messageId };
  }

  private async signingKey(unit: string) {
    const node = nodeOf(unit);
    const unlock = { keyFile: unlockFile(this.keys, node, 'office') };
    return (await openKeystore({ folder: path.join(this.keys, 'nodes', node, 'office'), unlock })).signingKey(unit);
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A token with one bit changed in the middle of one of its five segments, still canonical base64url. */
export function tampered(token: string, segment: number): string {
  return token
    .split('.')
    .map((text, index) => {
      if (index !== segment) return text;
      const at = Math.floor(text.length / 2);
      const flipped = ALPHABET.charAt(ALPHABET.indexOf(text.charAt(at)) ^ 1);
      return text.slice(0, at) + flipped + text.slice(at + 1);
    })
    .join('.');
}
