/**
 * The one table of algorithms. Nothing outside it is ever tried: a header names a row of this table or the message is
 * refused, and which rows a partner may use stands in the directory, not in the message (RFC 8725 §3.1).
 */

/** A public or private key in JSON form (RFC 7517); which members it may have is the directory schema's business. */
export interface Jwk {
  readonly kty: string;
  readonly crv?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly pub?: string;
  readonly priv?: string;
  readonly d?: string;
  readonly k?: string;
}

export const SIGNATURE_ALGORITHMS = {
  ES256: { kty: 'EC', crv: 'P-256' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
  /** Only where a national HSM offers nothing else (protocol §1). */
  PS256: { kty: 'RSA', crv: undefined },
} as const;
export type SignatureAlgorithm = keyof typeof SIGNATURE_ALGORITHMS;

/**
 * How a message is encrypted to a unit.
 * `hybrid`: HPKE integrated encryption (draft-ietf-jose-hpke-encrypt) with ML-KEM-768 + X25519, SHAKE256, AES-256-GCM
 * (`HPKE-10` of draft-skokan-jose-hpke-pq-pqt). `classic`: ECDH-ES direct key agreement (RFC 7518 §4.6).
 */
export const SUITES = {
  hybrid: { alg: 'HPKE-10', enc: undefined },
  classic: { alg: 'ECDH-ES', enc: 'A256GCM' },
} as const;
export type Suite = keyof typeof SUITES;

/** The algorithm that a signing key of this kind is used with, or undefined where the kind is not admitted. */
export function signatureAlgorithmOf(jwk: Jwk): SignatureAlgorithm | undefined {
  const row = Object.entries(SIGNATURE_ALGORITHMS).find(([, use]) => use.kty === jwk.kty && use.crv === jwk.crv);
  return row?.[0] as SignatureAlgorithm | undefined;
}

/** The suite that an encryption key of this kind belongs to, or undefined where the kind is not admitted. */
export function suiteOf(jwk: Jwk): Suite | undefined {
  if (jwk.kty === 'AKP' && jwk.alg === SUITES.hybrid.alg) return 'hybrid';
  if (jwk.kty === 'EC' && jwk.crv === 'P-256') return 'classic';
  if (jwk.kty === 'OKP' && jwk.crv === 'X25519') return 'classic';
  return undefined;
}
