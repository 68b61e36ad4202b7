import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDevelopmentKeys, tlsPassphraseFile, unlockFile } from '../../certs-dev/development-keys';
import type { OpenContext, SealInput } from '../../libs/envelope';
import { openKeystore, type Keystore } from '../../libs/keystore';
import type { Message } from '../../libs/schema';
import { adoptDirectory, Partners, type TrustAnchor } from '../../libs/trust';

/** The measurements without Trao's processes use its keys, its directory and its envelope, and nothing else of it. */
export type NodeId = 'vn' | 'gb';

const LIFETIME_MS = 30 * 86_400_000;

/** Makes keys, certificates and a directory for both nodes, unless they are there. */
export async function makeKeys(folder: string, endpointOf: (node: NodeId) => string): Promise<void> {
  const name = { en: 'Benchmark', vi: 'Benchmark' };
  await ensureDevelopmentKeys(
    folder,
    (['vn', 'gb'] as const).map((id) => ({ id, name, endpoint: endpointOf(id), suite: 'hybrid' })),
  );
}

/** One node with its keys, as one process. */
export class Party {
  private constructor(
    readonly node: NodeId,
    private readonly partners: Partners,
    private readonly folder: string,
    private readonly office: Keystore,
    private readonly worker: Keystore,
  ) {}

  static async load(folder: string, node: NodeId): Promise<Party> {
    const anchor = JSON.parse(await readFile(join(folder, 'trust-anchor.json'), 'utf8')) as TrustAnchor;
    const directory = await adoptDirectory(await readFile(join(folder, 'directory.json')), anchor, new Date());
    const keysOf = (process: 'office' | 'worker') =>
      openKeystore({
        folder: join(folder, 'nodes', node, process),
        unlock: { keyFile: unlockFile(folder, node, process) },
      });
    return new Party(node, new Partners(directory), folder, await keysOf('office'), await keysOf('worker'));
  }

  /** What `seal` needs for a message of one of our units. */
  async sealInput(message: Message): Promise<SealInput> {
    const issuedAt = new Date();
    const { senderUnit, recipientUnit, priority } = message.header;
    return {
      message,
      senderNode: this.node,
      recipientNode: this.partners.activeUnit(recipientUnit, issuedAt).node.id,
      trustDomain: this.partners.directory.trustDomain,
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + LIFETIME_MS),
      priority,
      signingKey: await this.office.signingKey(senderUnit),
      recipientKey: await this.partners.sealingKey(recipientUnit, issuedAt),
    };
  }

  /** What `open` needs for a message of `peer`. */
  openContext(peer: NodeId): OpenContext {
    const { suites, limits } = this.partners.node(this.node);
    return {
      node: this.node,
      peer,
      trustDomain: this.partners.directory.trustDomain,
      now: new Date(),
      maxBytes: limits.maxMessageBytes,
      suites,
      decryptionKey: (kid) => this.worker.decryptionKey(kid),
      nodeOf: (unit) => this.partners.nodeOf(unit),
      verificationKey: (unit, kid, at) => this.partners.verificationKey(unit, kid, at),
    };
  }

  receiptKey = () => this.worker.receiptKey();

  /** Finds the key that verifies a receipt. */
  receiptKeyOf = (node: string, kid: string, at: Date) => this.partners.receiptKey(node, kid, at);

  /** Certificate, key and the partner's pinned CA, for both sides of a mutual TLS 1.3 connection. */
  async tls(partner: NodeId) {
    const read = (file: string) => readFile(join(this.folder, 'nodes', this.node, 'tls', file), 'utf8');
    const ca = [...this.partners.node(partner).tls.ca];
    const passphrase = await readFile(tlsPassphraseFile(this.folder, this.node), 'utf8');
    return { cert: await read('cert.pem'), key: await read('key.pem'), passphrase, ca, minVersion: 'TLSv1.3' as const };
  }
}
