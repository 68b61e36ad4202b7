import type { manifests } from '../envelope';
import type { Code } from '../errors';
import type { ManifestClaims } from '../schema';

export type ManifestEntry = manifests.ManifestEntry;

/** The two directions of a pair of nodes, seen from one of them. */
export const WAYS = ['sent', 'received'] as const;
export type Way = (typeof WAYS)[number];

/** What one side sent the other has received. */
export const otherWay = (way: Way): Way => (way === 'sent' ? 'received' : 'sent');

/** The rows that manifests are made of. */
export interface ManifestRows {
  /**
   * Messages between this node and a partner in the order of their ids, those above `after` and below `to`. Sent: those that the partner's
   * receipts prove to be there. Received: those that are here. Neither holds what was refused.
   */
  entries(partner: string, way: Way, after: string, to: string, limit: number): Promise<ManifestEntry[]>;
  /** The running counts before a day, as they were counted last. */
  before(partner: string, day: string): Promise<Readonly<Record<Way, number>>>;
}

/** A partner's gateway, as far as manifests go. @throws TraoError `partner_*`, `bad_answer` */
export interface ManifestLink {
  /** Hands our manifest over and gets theirs of the same day. */
  exchange(partner: string, token: string): Promise<string>;
  /** Messages of a day as the partner has them, above an id. `way` is theirs. */
  list(partner: string, day: string, way: Way, after: string): Promise<ManifestEntry[]>;
  /** What the partner knows of messages. */
  ask(partner: string, ids: readonly string[]): Promise<KnownThere[]>;
}

/** What a node knows of a message between itself and a partner. */
export interface KnownThere {
  readonly id: string;
  /** It sent a message of this id to the asking node. */
  readonly sent: boolean;
  /** It holds a message of this id from the asking node, whatever became of it. */
  readonly held: boolean;
  /** The receipts that it has signed for it. */
  readonly receipts: readonly string[];
}

/**
 * What a comparison found. `lost_there`: the partner lost what it had, and it travels again. `not_resendable`: the same, and it cannot.
 * `unknown_here`: the partner holds a message of ours that we do not know. `missing_here`: we lost what the partner has proof of; it sends
 * it again. `unknown_there`: we hold a message of a partner that says it never sent it. `digest_differs`: other bytes under one id.
 */
export const FINDING_KINDS = [
  'lost_there',
  'not_resendable',
  'unknown_here',
  'missing_here',
  'unknown_there',
  'digest_differs',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Kinds that heal without people. */
export const HEALING: readonly FindingKind[] = ['lost_there', 'missing_here'];

export interface Finding {
  readonly partner: string;
  readonly day: string;
  readonly way: Way;
  readonly messageId: string;
  readonly kind: FindingKind;
  /** Why it cannot be sent again. */
  readonly code?: Code | undefined;
  /** Digest of the bytes here and there, where there are any. */
  readonly mine?: string | undefined;
  readonly theirs?: string | undefined;
  /** Receipts of the partner that prove what we do not know. */
  readonly evidence: readonly string[];
}

/** A manifest with its signature. */
export interface SignedManifest {
  readonly claims: ManifestClaims;
  readonly token: string;
}
