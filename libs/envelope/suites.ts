import type { Jwk } from './algorithms';

/**
 * The one table of suites: how a message is encrypted to a unit. Which suites a node opens is pinned in the directory and
 * repeated inside the signature; nothing is negotiated on the wire (protocol §3).
 */
export const SUITES = {
  /**
   * HPKE integrated encryption (draft-ietf-jose-hpke-encrypt) with ML-KEM-768 + X25519, SHAKE256, AES-256-GCM (`HPKE-10` of
   * draft-skokan-jose-hpke-pq-pqt). The key is inside the ciphertext's own construction, so there is no `enc`.
   */
  hybrid: {
    alg: 'HPKE-10',
    enc: undefined,
    /** Segments of the compact JWE that stay empty: neither a wrapped key nor IV and tag of its own. */
    empty: [2, 4],
    keys: [{ kty: 'AKP', alg: 'HPKE-10', crv: undefined }],
  },
  /** ECDH-ES direct key agreement (RFC 7518 §4.6) with AES-256-GCM. */
  classic: {
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    empty: [1],
    keys: [
      { kty: 'EC', alg: undefined, crv: 'P-256' },
      { kty: 'OKP', alg: undefined, crv: 'X25519' },
    ],
  },
} as const;
export type Suite = keyof typeof SUITES;

/** Names of all suites, the default first. */
export const SUITE_NAMES = Object.keys(SUITES) as Suite[];

/** The suite that an encryption key of this kind belongs to, or undefined where the kind is not admitted. */
export function suiteOf(jwk: Jwk): Suite | undefined {
  return SUITE_NAMES.find((name) =>
    SUITES[name].keys.some(
      ({ kty, alg, crv }) => jwk.kty === kty && jwk.crv === crv && (alg === undefined || jwk.alg === alg),
    ),
  );
}
