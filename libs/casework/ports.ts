import type { Priority, SigningKey } from '../envelope';
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
  signingKey(unit: string): Promise<SigningKey>;
}
export interface StorageKeys {
  /** The 32-byte key that wraps the case keys of a unit. @throws TraoError `key_missing` */
  storageKey(unit: string): Promise<Uint8Array>;
}

/** What operators are told of, by its kind. */
export type AlarmKind =
  | 'id_reused'
  | 'receipt_contradictory'
  | 'receipt_refused'
  | 'undeliverable'
  | 'message_refused'
  | 'integrity_failure'
  | 'directory_refused'
  /** The directory in force expires soon; once for each step. */
  | 'directory_expiring'
  /** The directory in force has expired: the node works on, and no process of it can start. */
  | 'directory_expired'
  /** A partner goes on serving an older directory; the subject is the partner. */
  | 'directory_behind'
  /** A clock is wrong; the subject is the node that it belongs to. */
  | 'clock_skew'
  /** A partner and this node do not come to a trusted TLS connection; the subject is the partner, or where it came from. */
  | 'partner_tls'
  /** This node's own TLS certificate: a new one was not taken, or partners would not take the one in use. */
  | 'certificate_refused'
  | 'message_stuck'
  | 'not_received'
  | 'not_delivered'
  | 'deadline_passed'
  | 'no_acknowledgement'
  | 'entered_in_error'
  /** A file does not get to the partner; the subject is the file. */
  | 'file_stuck'
  /** A file that came is not what the message says, or a stored one was changed. */
  | 'file_damaged'
  | 'file_infected'
  | 'protection_rule_broken'
  /** A manifest differs from the partner's, and what is missing travels again; the subject is the partner. */
  | 'manifest_differs'
  /** A manifest differs from the partner's in a way that only people can explain; the subject is the partner. */
  | 'manifest_unexplained'
  /** A word of a case that was made up to be looked for stands where nothing of a case may be; the subject is the place. */
  | 'canary_found';

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
