import type { ConsentScope, IdentityMode, Message, MessageType, Purpose, Role } from '../schema';

/** The side of a referral that a unit stands on, seen from the referral, not from the message. */
export type Side = 'sender' | 'recipient';

export const otherSide = (side: Side): Side => (side === 'sender' ? 'recipient' : 'sender');

type Priority = Message['header']['priority'];

/**
 * What the state of a case needs to know of one message: no identity, no narrative. A case keeps its steps, so that its
 * state is computed without opening every message again.
 */
export interface Step {
  readonly id: string;
  readonly type: MessageType;
  readonly by: Side;
  /** Number of the message among those of its side within the referral, from 1. */
  readonly seq: number;
  /** How many messages of the other side its author had filed when writing it. */
  readonly seen: number;
  /** Digest of the signed original, base64url. */
  readonly digest: string;
  /** When the author wrote it (RFC 3339, UTC). The author's own clock: never used to order messages of two sides. */
  readonly at: string;
  readonly authorRole: Role;
  readonly approverRole?: Role | undefined;
  readonly inReplyTo?: string | undefined;
  readonly facts: Facts;
}

/** The consent that a referral claims, as far as rules need it. */
export interface ConsentFacts {
  readonly status: 'not_sought' | 'given' | 'narrowed' | 'override';
  readonly scopes: readonly ConsentScope[];
  /** Last day on which it holds, YYYY-MM-DD. */
  readonly expiresAt?: string | undefined;
}

/** What the lifecycle needs of content that a later message discloses. */
interface Disclosed {
  readonly precisePlace: boolean;
  /** Set when it says that the person is a child; nothing takes that back. */
  readonly child?: true;
}

/** What the lifecycle needs of each kind of message. */
export type Facts =
  | {
      readonly kind: 'referral';
      readonly purpose: Purpose;
      readonly priority: Priority;
      readonly identityMode: IdentityMode;
      /** True for a child and for an uncertain age. */
      readonly child: boolean;
      /** Full date of birth where the message has one: scopes of a child lapse on the 18th birthday. */
      readonly bornOn?: string | undefined;
      readonly consent?: ConsentFacts | undefined;
      /** True when a precise place travels; it is erased after 7 days. */
      readonly precisePlace: boolean;
    }
  | { readonly kind: 'ack'; readonly dueDate: string }
  | { readonly kind: 'rfi'; readonly questions: readonly string[]; readonly priority: Priority }
  | ({ readonly kind: 'rfi_response'; readonly answered: readonly string[] } & Disclosed)
  | (Disclosed & {
      readonly kind: 'update';
      readonly status?: 'in_progress' | 'on_hold' | 'resumed' | undefined;
      readonly reviewBy?: string | undefined;
      readonly arrangement?: Arrangement | undefined;
      readonly problems: readonly string[];
      /** Units that the content may be passed on to, up to a day (YYYY-MM-DD), and units of which that is taken back. */
      readonly permits?: readonly string[] | undefined;
      readonly permitsUntil?: string | undefined;
      readonly refuses?: readonly string[] | undefined;
    })
  | { readonly kind: 'accept'; readonly inPart: boolean }
  | { readonly kind: 'decline'; readonly code: string; readonly handBack: boolean }
  | { readonly kind: 'redirect'; readonly unit: string }
  | { readonly kind: 'cancel_request' }
  | { readonly kind: 'cancel_confirm'; readonly result: 'cancelled' | 'too_late' | 'refused' }
  | { readonly kind: 'risk_assessment' }
  | {
      readonly kind: 'handover_plan';
      readonly version: number;
      readonly earliest: string;
      readonly latest: string;
      readonly receivingUnit: string;
    }
  | { readonly kind: 'handover_accept'; readonly version: number; readonly planDigest: string }
  | {
      readonly kind: 'departure_notice';
      readonly planDigest: string;
      readonly departedAt: string;
      readonly arriveBy: string;
      readonly problems: readonly string[];
    }
  | {
      readonly kind: 'arrival_confirmation';
      readonly result: 'arrived' | 'no_show' | 'diverted';
      readonly arrivedAt: string;
      readonly problems: readonly string[];
    }
  | { readonly kind: 'delegation_notice'; readonly units: readonly string[]; readonly chair: string }
  | {
      readonly kind: 'reception_record';
      readonly units: readonly string[];
      readonly chair: string;
      readonly problems: readonly string[];
    }
  | { readonly kind: 'outcome'; readonly code: string }
  | { readonly kind: 'followup'; readonly month: number }
  | { readonly kind: 'alert' }
  | {
      readonly kind: 'consent_withdrawal';
      readonly scopes: 'all' | readonly ConsentScope[];
      readonly receivedOn: string;
    }
  | { readonly kind: 'erasure_confirm' }
  | ({ readonly kind: 'correction'; readonly error: boolean } & Disclosed)
  | { readonly kind: 'closure'; readonly action: 'propose' | 'confirm' | 'object' };

export type Arrangement =
  | 'documents_requested'
  | 'documents_issued'
  | 'scheduled'
  | 'postponed'
  | 'refused_by_person'
  | 'cancelled'
  | 'arrived_not_received'
  | 'completed';
