/* Generated from schemas/ by schemas/generate-types.ts: do not edit. */

/**
 * Point in time in UTC, seconds or milliseconds (RFC 3339).
 */
export type Instant = string;
export type Kid = string;
/**
 * Node: country code, or eu- and the member state.
 */
export type NodeId = string;
export type KeyStatus = 'active' | 'retired' | 'revoked';
/**
 * Suite of algorithms for sealing (protocol §3).
 */
export type Suite = 'hybrid' | 'classic';
/**
 * Hours and minutes, HH:MM.
 */
export type ClockTime = string;
/**
 * Unit: node id, dot, name in kebab case, such as vn.mps-criminal.
 */
export type UnitId = string;

/**
 * Partner directory: who takes part, with which endpoints and keys. Signed outside of this document.
 */
export interface Directory {
  schema: 'directory/v1';
  /**
   * Only grows.
   */
  version: number;
  issuedAt: Instant;
  expiresAt: Instant;
  trustDomain: 'production' | 'test' | 'demo';
  governance: Governance;
  /**
   * @minItems 1
   * @maxItems 200
   */
  nodes: DirectoryNode[];
}
export interface Governance {
  /**
   * How many governance keys must sign a version.
   */
  threshold: number;
  /**
   * @minItems 1
   * @maxItems 50
   */
  keys: GovernanceKey[];
}
export interface GovernanceKey {
  kid: Kid;
  node: NodeId;
  jwk: PublicJwk;
  notBefore: Instant;
  notAfter: Instant;
  status: KeyStatus;
}
/**
 * Public key (RFC 7517); private members have no place.
 */
export interface PublicJwk {
  kty: 'EC' | 'OKP' | 'RSA' | 'AKP';
  crv?: 'P-256' | 'Ed25519' | 'X25519';
  x?: string;
  y?: string;
  n?: string;
  e?: string;
  alg?: string;
  /**
   * ML-KEM-768 and X25519 public keys, 1,216 bytes.
   */
  pub?: string;
  use?: 'sig' | 'enc';
  kid?: Kid;
}
export interface DirectoryNode {
  id: NodeId;
  name: Label;
  /**
   * Base URL of the gateway.
   */
  endpoint: string;
  tls: Tls;
  /**
   * @minItems 1
   * @maxItems 20
   */
  receiptKeys: DirectoryKey[];
  /**
   * Suites that the node opens; the first is used for sealing to it.
   *
   * @minItems 1
   * @maxItems 2
   */
  suites: Suite[];
  limits: Limits;
  /**
   * Id of the calendar of working days.
   */
  calendar: string;
  workingHours: WorkingHours;
  /**
   * @maxItems 20
   */
  contacts: OperatorContact[];
  /**
   * @minItems 1
   * @maxItems 100
   */
  units: DirectoryUnit[];
}
/**
 * Name for people.
 */
export interface Label {
  en: string;
  vi: string;
}
export interface Tls {
  /**
   * @minItems 1
   * @maxItems 10
   *
   * Items: CA certificate, PEM.
   */
  ca: string[];
  /**
   * @minItems 1
   * @maxItems 10
   *
   * Items: SHA-256 of the SubjectPublicKeyInfo of a pinned TLS certificate, base64url.
   */
  spki: string[];
}
export interface DirectoryKey {
  kid: Kid;
  jwk: PublicJwk;
  notBefore: Instant;
  notAfter: Instant;
  status: KeyStatus;
  /**
   * Why a kind of key is taken that is otherwise refused: PS256, where a national HSM offers nothing else.
   */
  exception?: 'national_hsm_rsa_only';
}
export interface Limits {
  maxMessageBytes: number;
  maxBatchMessages: number;
  maxBatchBytes: number;
}
export interface WorkingHours {
  /**
   * Name of the IANA time zone database.
   */
  timezone: string;
  from: ClockTime;
  to: ClockTime;
}
export interface OperatorContact {
  role: string;
  /**
   * E-mail address.
   */
  email: string;
  /**
   * Telephone number in international form.
   */
  phone?: string;
}
export interface DirectoryUnit {
  id: UnitId;
  name: Label;
  class: 'police' | 'border' | 'consular' | 'social' | 'child_protection' | 'hotline' | 'competent_authority';
  status: 'active' | 'historical';
  notAfter?: Instant;
  /**
   * @maxItems 20
   */
  signingKeys: DirectoryKey[];
  /**
   * @maxItems 20
   */
  encryptionKeys: DirectoryEncryptionKey[];
}
export interface DirectoryEncryptionKey {
  kid: Kid;
  jwk: PublicJwk;
  notBefore: Instant;
  notAfter: Instant;
  status: KeyStatus;
  suite: Suite;
}
