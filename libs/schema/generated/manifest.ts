/* Generated from schemas/ by schemas/generate-types.ts: do not edit. */

/**
 * Node: country code, or eu- and the member state.
 */
export type NodeId = string;
/**
 * Date in UTC.
 */
export type Day = string;

/**
 * Claims of a manifest: what a node holds, of one day, of the messages between itself and a partner. A JWS of the type trao-manifest+jws.
 */
export interface ManifestClaims {
  iss: NodeId;
  aud: NodeId;
  /**
   * Seconds since 1970: when the messages were counted.
   */
  iat: number;
  day: Day;
  sent: Sum;
  received: Sum;
}
export interface Sum {
  /**
   * Messages of the day.
   */
  count: number;
  /**
   * Merkle tree hash (RFC 9162 2.1.1, SHA-256) of the messages of the day in the order of their ids, in base64url without padding.
   */
  root: string;
  /**
   * Running count: messages since the beginning, to the end of the day.
   */
  total: number;
}
