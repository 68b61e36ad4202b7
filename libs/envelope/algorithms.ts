import { constants } from 'node:crypto';

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

/**
 * The one table of signature algorithms. Nothing outside it is ever tried: a header names a row of this table or the message is
 * refused, and which row a key is used with follows from the key, not from the message (RFC 8725 §3.1).
 */
export const SIGNATURE_ALGORITHMS = {
  /** ECDSA with P-256 and SHA-256; r and s, 32 bytes each (RFC 7518 §3.4). */
  ES256: { kty: 'EC', crv: 'P-256', digest: 'sha256', parameters: { dsaEncoding: 'ieee-p1363' } },
  /** RFC 8037 §3.1, RFC 9864. */
  Ed25519: { kty: 'OKP', crv: 'Ed25519', digest: null, parameters: {} },
  /** RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 7518 §3.5): only where a national HSM offers nothing else (protocol §1). */
  PS256: {
    kty: 'RSA',
    crv: undefined,
    digest: 'sha256',
    parameters: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  },
} as const;
export type SignatureAlgorithm = keyof typeof SIGNATURE_ALGORITHMS;

/** The algorithm that a signing key of this kind is used with, or undefined where the kind is not admitted. */
export function signatureAlgorithmOf(jwk: Jwk): SignatureAlgorithm | undefined {
  const names = Object.keys(SIGNATURE_ALGORITHMS) as SignatureAlgorithm[];
  return names.find((name) => {
    const { kty, crv } = SIGNATURE_ALGORITHMS[name];
    return jwk.kty === kty && jwk.crv === crv;
  });
}
