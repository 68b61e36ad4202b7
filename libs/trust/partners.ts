import { TraoError } from '../errors';
import {
  importEncryptionKey,
  importVerificationKey,
  type EncryptionKey,
  type VerificationKey,
  type Suite,
} from '../envelope';
import type { Directory, DirectoryKey, DirectoryNode, DirectoryUnit } from '../schema';
import { endOfChain, faultOfChain, isCertificate, spkiDigest, type ChainFault } from './certificate-admission';
import { isValidAt } from './directory';

/** The node that a TLS certificate belongs to and for how long, or why it is nobody's and whom it claims to be. */
export type Identified =
  | { readonly node: string; readonly until: Date; readonly fault?: undefined }
  | { readonly node?: undefined; readonly fault: ChainFault; readonly claimed?: string };

/**
 * The directory in force, ready for questions: who is who, and with which key. Imported keys are kept, because importing one
 * costs as much as using it.
 */
export class Partners {
  private readonly nodes: ReadonlyMap<string, DirectoryNode>;
  private readonly units: ReadonlyMap<string, { readonly node: DirectoryNode; readonly unit: DirectoryUnit }>;
  private readonly imported = new Map<DirectoryKey, Promise<VerificationKey | EncryptionKey>>();

  constructor(readonly directory: Directory) {
    this.nodes = new Map(directory.nodes.map((node) => [node.id, node]));
    this.units = new Map(
      directory.nodes.flatMap((node) => node.units.map((unit) => [unit.id, { node, unit }] as const)),
    );
  }

  /** @throws TraoError `unknown_sender` when the directory has no such node */
  node(id: string): DirectoryNode {
    const node = this.nodes.get(id);
    if (!node) throw new TraoError('unknown_sender', { detail: id });
    return node;
  }

  /** All other nodes. */
  partnersOf(self: string): DirectoryNode[] {
    return this.directory.nodes.filter((node) => node.id !== self);
  }

  /** The node that a unit belongs to, or undefined. */
  nodeOf(unit: string): string | undefined {
    return this.units.get(unit)?.node.id;
  }

  /** @throws TraoError `unknown_unit` when there is no such unit or it is no longer active at `at` */
  activeUnit(id: string, at: Date): { readonly node: DirectoryNode; readonly unit: DirectoryUnit } {
    const found = this.units.get(id);
    if (!found || found.unit.status !== 'active' || hasEnded(found.unit, at))
      throw new TraoError('unknown_unit', { detail: id });
    return found;
  }

  /**
   * The key to seal to for a unit: the newest valid one of the first suite that its node lists, so a key that was published ahead
   * takes over by itself when its time begins.
   * @param signed the suite that a message which is sealed anew names in its signature: then it is that one
   * @throws TraoError `unknown_unit`, `key_missing`, `suite_mismatch` when the node does not take that suite any more
   */
  async sealingKey(unitId: string, at: Date, signed?: Suite): Promise<EncryptionKey> {
    const { node, unit } = this.activeUnit(unitId, at);
    const suite = signed ?? node.suites[0];
    if (suite === undefined || !node.suites.includes(suite)) throw new TraoError('suite_mismatch', { detail: unitId });
    const usable = unit.encryptionKeys.filter(
      (key) => key.suite === suite && key.status === 'active' && isValidAt(key, at),
    );
    const newest = usable.sort((a, b) => Date.parse(a.notBefore) - Date.parse(b.notBefore)).at(-1);
    if (!newest) throw new TraoError('key_missing', { detail: `${unitId} has no valid ${suite} key` });
    return this.import(newest, importEncryptionKey);
  }

  /**
   * The key of a unit that verifies its messages of `at`, or undefined. A unit that was merged away still vouches for what it
   * signed before its end, and for nothing after it.
   */
  async verificationKey(unitId: string, kid: string, at: Date): Promise<VerificationKey | undefined> {
    const unit = this.units.get(unitId)?.unit;
    return unit && !hasEnded(unit, at) ? this.valid(unit.signingKeys, kid, at) : undefined;
  }

  /** The key of a node that verifies its receipts of `at`, or undefined. */
  async receiptKey(nodeId: string, kid: string, at: Date): Promise<VerificationKey | undefined> {
    return this.valid(this.nodes.get(nodeId)?.receiptKeys, kid, at);
  }

  /**
   * Whether a key id stands among the encryption keys of a node: one that partners seal to now or will, one whose time is over, one
   * that was revoked, or never known.
   */
  encryptionKeyStatus(nodeId: string, kid: string, at: Date): 'active' | 'ended' | 'revoked' | undefined {
    const keys = this.nodes.get(nodeId)?.units.flatMap((unit) => unit.encryptionKeys) ?? [];
    const key = keys.find((candidate) => candidate.kid === kid);
    if (!key) return undefined;
    if (key.status === 'revoked') return 'revoked';
    return key.status === 'active' && at < new Date(key.notAfter) ? 'active' : 'ended';
  }

  /** Whether any unit of the node signs with a key of that id. One that is listed nowhere may stand in a newer directory than ours. */
  listsSigningKey(nodeId: string | undefined, kid: string): boolean {
    const units = this.nodes.get(nodeId ?? '')?.units ?? [];
    return units.some((unit) => unit.signingKeys.some((key) => key.kid === kid));
  }

  /**
   * Whose TLS certificate this is: its public key is pinned in the directory and it chains to that node's own pinned CA, so one
   * partner's CA cannot speak for another partner (attack D: other partner's valid certificate). Where it is nobody's, whom it claims
   * to be by its key or its CA, for the operators.
   * @param chain DER certificates, leaf first, as OpenSSL has verified them
   */
  identify(chain: readonly Uint8Array[], at: Date): Identified {
    const leaf = chain[0];
    if (!leaf) return { fault: 'no_certificate' };
    const pin = spkiDigest(leaf);
    const holder = this.directory.nodes.find(({ tls }) => tls.spki.includes(pin));
    const fault = holder ? faultOfChain(holder.tls, chain, at) : 'key_not_pinned';
    if (holder && !fault) return { node: holder.id, until: endOfChain(chain) };
    const root = chain.at(-1)!;
    const claimed = holder ?? this.directory.nodes.find(({ tls }) => tls.ca.some((pem) => isCertificate(pem, root)));
    return { fault: fault!, ...(claimed && { claimed: claimed.id }) };
  }

  private async valid(
    keys: readonly DirectoryKey[] | undefined,
    kid: string,
    at: Date,
  ): Promise<VerificationKey | undefined> {
    const key = keys?.find((candidate) => candidate.kid === kid);
    return key && isValidAt(key, at) ? this.import(key, importVerificationKey) : undefined;
  }

  private import<K extends VerificationKey | EncryptionKey>(
    key: DirectoryKey,
    load: (kid: string, jwk: DirectoryKey['jwk']) => Promise<K>,
  ): Promise<K> {
    const known = this.imported.get(key) as Promise<K> | undefined;
    const loading = known ?? load(key.kid, key.jwk);
    this.imported.set(key, loading);
    return loading;
  }
}

const hasEnded = ({ notAfter }: DirectoryUnit, at: Date) => notAfter !== undefined && new Date(notAfter) <= at;
