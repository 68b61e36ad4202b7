import type { AlarmKind } from '../casework';
import type { EncryptionKey, Priority, SigningKey } from '../envelope';
import type { Code, WireCode } from '../errors';
import type { DeliveryState } from '../lifecycle';

/** What the use cases need from outside. Adapters implement these; each use case takes only what it uses. */

/** Private keys that a process may hold. A process gets only the functions of its security context. */
export interface ReceiptKeys {
  /** @throws TraoError `key_missing` */
  receiptKey(): Promise<SigningKey>;
}
export interface DecryptionKeys {
  decryptionKey(kid: string): Promise<{ readonly unit: string; readonly key: EncryptionKey } | undefined>;
  /** Whether a key of that id was here and was destroyed: also when the directory has forgotten it. */
  wasDestroyed(kid: string): Promise<boolean>;
}
/** What an alarm may say besides its kind, subject and code. */
export interface AlarmNote {
  /** A short fact: numbers, versions, ids; never content. */
  readonly detail?: string;
  /** The alarm is raised only if none with this key was: once for the node, whatever process asks and however often. */
  readonly once?: string;
}

/** Raises an alarm for operators. `subject` is an id, never content. */
export type RaiseAlarm = (kind: AlarmKind, subject: string, code?: Code | WireCode, note?: AlarmNote) => Promise<void>;

/** An alarm that is written in the commit of what it is about. `subject` is an id, never content. */
export interface Alarm {
  readonly kind: AlarmKind;
  readonly subject: string;
  readonly code?: Code | WireCode;
}

/** What a sender must know of a message to judge evidence about it. */
export interface SentMessage {
  readonly id: string;
  readonly recipientNode: string;
  readonly digest: string;
  /** Digests of the same message as it was sealed before, to keys that the partner has retired since. */
  readonly formerDigests: readonly string[];
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
