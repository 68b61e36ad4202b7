import { TraoError } from '../errors';
import { assertManifest, parseStrictJson, type ManifestClaims } from '../schema';
import { SIGNATURE_ALGORITHMS } from './algorithms';
import { decodeBase64url } from './base64url';
import { admitHeader, exactly, name, parseHeader, splitCompact } from './compact';
import type { SigningKey, VerificationKey } from './keys';
import { signCompact, verifySegments } from './sign';

const MANIFEST_TYP = 'trao-manifest+jws';

/** How far a message is where it was sent to: stored, filed in its case, or seen by an officer. */
export const STANDINGS = ['held', 'filed', 'opened'] as const;
export type Standing = (typeof STANDINGS)[number];

/** One message of a manifest. */
export interface ManifestEntry {
  /** UUID version 7, lower case. */
  readonly id: string;
  /** SHA-256 of the sealed bytes, base64url. */
  readonly digest: string;
  readonly standing: Standing;
}

/**
 * The bytes of a leaf: 16 of the id, 32 of the digest, one for the standing (1 held, 2 filed, 3 opened). All leaves are of one length, so
 * no two messages can be written as the same bytes.
 */
export function manifestLeaf({ id, digest, standing }: ManifestEntry): Uint8Array {
  return Buffer.concat([
    Buffer.from(id.replaceAll('-', ''), 'hex'),
    decodeBase64url(digest),
    Buffer.of(STANDINGS.indexOf(standing) + 1),
  ]);
}

/** Signs a manifest with the receipt key of the node. @throws TraoError `manifest_malformed` */
export function issueManifest(claims: ManifestClaims, key: SigningKey): Promise<string> {
  assertManifest(claims);
  return signCompact({ typ: MANIFEST_TYP }, Buffer.from(JSON.stringify(claims)), key);
}

const HEADER_MEMBERS = {
  alg: (value: unknown) => typeof value === 'string' && Object.hasOwn(SIGNATURE_ALGORITHMS, value),
  kid: name,
  typ: exactly(MANIFEST_TYP),
};
const MAX_MANIFEST_LENGTH = 4096;

/**
 * Reads and verifies a manifest. Whose it is and for whom, the caller has to check.
 * @param keyOf the receipt key of a node that was valid at a time; undefined when there is none
 * @throws TraoError `manifest_malformed`, `unknown_sender`, `bad_signature`
 */
export async function readManifest(
  token: string,
  keyOf: (node: string, kid: string, at: Date) => Promise<VerificationKey | undefined>,
): Promise<ManifestClaims> {
  const { segments, header, claims } = parseManifest(token);
  const key = await keyOf(claims.iss, header['kid'] as string, new Date(claims.iat * 1000));
  if (!key) throw new TraoError('unknown_sender');
  if (key.algorithm !== header['alg']) throw new TraoError('bad_signature');
  verifySegments(segments, key);
  return claims;
}

function parseManifest(token: string) {
  try {
    if (token.length > MAX_MANIFEST_LENGTH) throw new TraoError('too_large');
    const segments = splitCompact(token, 3);
    const [head, body] = segments;
    const header = parseHeader(head!.bytes);
    admitHeader(header, HEADER_MEMBERS);
    const claims: unknown = parseStrictJson(body!.bytes, { maxBytes: MAX_MANIFEST_LENGTH, maxDepth: 3 });
    assertManifest(claims);
    return { segments, header, claims };
  } catch (cause) {
    throw new TraoError('manifest_malformed', { cause });
  }
}
