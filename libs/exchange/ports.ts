import type { EncryptionKey, Priority, SignatureKey } from '../envelope';
import type { Code, WireCode } from '../errors';
import type { DeliveryState } from '../lifecycle';
import type { Role } from '../schema';
import type { Partners } from '../trust';

/** What the use cases need from outside. Adapters implement these; each use case takes only what it uses. */

export interface Clock {
  now(): Date;
}

/** This node and the directory in force. `partners()` changes when a new directory is adopted. */
export interface Self {
  readonly node: string;
  partners(): Partners;
}

/** A person, or a system for one, who works for a unit. What they may do follows from their roles (domain §2). */
export interface Actor {
  readonly id: string;
  readonly unit: string;
  readonly roles: readonly Role[];
}

/** Private keys that a process may hold. A process gets only the functions of its security context. */
export interface SigningKeys {
  /** @throws TraoError `key_missing` */
  signingKey(unit: string): Promise<SignatureKey>;
}
export interface ReceiptKeys {
  /** @throws TraoError `key_missing` */
  receiptKey(): Promise<SignatureKey>;
}
export interface DecryptionKeys {
  decryptionKey(kid: string): Promise<{ readonly unit: string; readonly key: EncryptionKey } | undefined>;
}
export interface StorageKeys {
  /** The 32-byte key that wraps the case keys of a unit. @throws TraoError `key_missing` */
  storageKey(unit: string): Promise<Uint8Array>;
}

export type AlarmKind =
  | 'id_reused'
  | 'receipt_contradictory'
  | 'receipt_refused'
  | 'undeliverable'
  | 'message_refused'
  | 'integrity_failure'
  | 'directory_refused'
  | 'message_stuck'
  | 'not_received'
  | 'not_delivered'
  | 'deadline_passed'
  | 'no_acknowledgement'
  | 'entered_in_error'
  | 'protection_rule_broken';

/** Raises an alarm for operators. `subject` is an id, never content. */
export type RaiseAlarm = (kind: AlarmKind, subject: string, code?: Code | WireCode) => Promise<void>;

/** A sealed message that waits at its sender. Everything here is S0. */
export interface OutgoingMessage {
  readonly id: string;
  readonly recipientNode: string;
  readonly priority: Priority;
  readonly token: string;
  readonly digest: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly attempts: number;
}

/** What a sender must know of a message to judge evidence about it. */
export interface SentMessage {
  readonly id: string;
  readonly recipientNode: string;
  readonly digest: string;
  readonly state: DeliveryState;
}

/** Each priority has a lane of its own, so that a backlog of one does not delay another. */
export type Lane = Priority;

/** A group of rows claimed together: the queue job carries only its id. */
export interface Batch {
  readonly id: string;
  readonly kind: WorkKind;
  readonly lane: Lane;
}

/** The three kinds of queued work. */
export const WORK_KINDS = ['deliver', 'ingest', 'acknowledge'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** A signed receipt as stored. */
export interface StoredReceipt {
  readonly id: string;
  readonly messageId: string;
  /** The node that sent the message. */
  readonly senderNode: string;
  readonly issuer: string;
  readonly event: string;
  readonly code?: WireCode | undefined;
  readonly digest: string;
  readonly token: string;
  readonly issuedAt: Date;
}
