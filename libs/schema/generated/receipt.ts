/* Generated from schemas/ by schemas/generate-types.ts: do not edit. */

/**
 * Node: country code, or eu- and the member state.
 */
export type NodeId = string;
/**
 * UUID (RFC 9562), lower case.
 */
export type Uuid = string;
/**
 * UUID version 7 (RFC 9562), lower case.
 */
export type MessageId = string;
/**
 * SHA-256 of the sealed bytes in base64url without padding; never of content.
 */
export type Digest = string;
/**
 * Point in time in UTC with milliseconds.
 */
export type Instant = string;

/**
 * Claims of a receipt: a Security Event Token (RFC 8417).
 */
export interface ReceiptClaims {
  iss: NodeId;
  aud: NodeId;
  /**
   * Seconds since 1970.
   */
  iat: number;
  jti: Uuid;
  txn: MessageId;
  events: Events;
}
/**
 * Exactly one event.
 */
export interface Events {
  'https://trao.example/events/received'?: PlainEvent;
  'https://trao.example/events/delivered'?: PlainEvent;
  'https://trao.example/events/refused'?: RefusedEvent;
  'https://trao.example/events/opened'?: OpenedEvent;
  'https://trao.example/events/not_received'?: PlainEvent;
  'https://trao.example/events/not_delivered'?: PlainEvent;
  'https://trao.example/events/not_opened'?: PlainEvent;
}
export interface PlainEvent {
  digest: Digest;
  /**
   * Number of the receipt among those that this node issues for the message: received 1, delivered or refused 2, opened 3.
   */
  seq: number;
  at: Instant;
}
export interface RefusedEvent {
  digest: Digest;
  /**
   * Number of the receipt among those that this node issues for the message: received 1, delivered or refused 2, opened 3.
   */
  seq: number;
  at: Instant;
  /**
   * Why the message was refused: the closed list of libs/errors.
   */
  code:
    | 'unknown_sender'
    | 'bad_signature'
    | 'stale_key'
    | 'unknown_unit'
    | 'schema_unsupported'
    | 'schema_invalid'
    | 'too_large'
    | 'id_reused'
    | 'expired'
    | 'seq_gap_timeout'
    | 'policy_blocked'
    | 'undecryptable';
}
export interface OpenedEvent {
  digest: Digest;
  /**
   * Number of the receipt among those that this node issues for the message: received 1, delivered or refused 2, opened 3.
   */
  seq: number;
  at: Instant;
  unit?: string;
  role?: string;
}
