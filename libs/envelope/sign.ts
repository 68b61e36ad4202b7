import { generateKeyPairSync, verify } from 'node:crypto';
import { TraoError } from '../errors';
import { SIGNATURE_ALGORITHMS } from './algorithms';
import { encodeBase64url } from './base64url';
import type { Header, Segment } from './compact';
import type { SigningKey, VerificationKey } from './keys';

const ascii = (text: string) => Buffer.from(text, 'ascii');

/** The two signed segments of a JWS and its signature, each base64url (RFC 7515 §3). */
export interface SignedSegments {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

/**
 * Signs the payload bytes as they are; `alg` and `kid` come from the key. The signing input is put together here, because a key
 * in a hardware module signs bytes and knows nothing of JOSE.
 */
export async function signSegments(header: Header, payload: Uint8Array, key: SigningKey): Promise<SignedSegments> {
  const text = JSON.stringify({ ...header, alg: key.algorithm, kid: key.kid });
  const input = { protected: encodeBase64url(Buffer.from(text)), payload: encodeBase64url(payload) };
  const signature = await key.sign(ascii(`${input.protected}.${input.payload}`));
  return { ...input, signature: encodeBase64url(signature) };
}

/** The same as a compact JWS. */
export async function signCompact(header: Header, payload: Uint8Array, key: SigningKey): Promise<string> {
  const signed = await signSegments(header, payload, key);
  return `${signed.protected}.${signed.payload}.${signed.signature}`;
}

/**
 * True when `signature` is one of `key` over header and payload as they stand on the wire. What the header says has been read and
 * admitted before; the algorithm is the key's own and never the header's.
 */
export function isSignedBy(header: string, payload: string, signature: Uint8Array, key: VerificationKey): boolean {
  const { digest, parameters } = SIGNATURE_ALGORITHMS[key.algorithm];
  return verify(digest, ascii(`${header}.${payload}`), { key: key.key, ...parameters }, signature);
}

/**
 * Verifies the segments of a compact JWS whose header has been read and admitted before. Answers the payload bytes.
 * @throws TraoError `bad_signature`
 */
export function verifySegments(segments: readonly Segment[], key: VerificationKey): Uint8Array {
  const [header, payload, signature] = segments as [Segment, Segment, Segment];
  if (!isSignedBy(header.text, payload.text, signature.bytes, key)) throw new TraoError('bad_signature');
  return payload.bytes;
}

/** The work of a verification that fails, where no key is known: how long a refusal takes must not tell which units there are. */
export function verifyInVain(segments: readonly Segment[]): void {
  const [header, payload, signature] = segments as [Segment, Segment, Segment];
  decoy ??= { kid: 'decoy', algorithm: 'ES256', key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey };
  isSignedBy(header.text, payload.text, signature.bytes, decoy);
}

/** Nobody has its private part. */
let decoy: VerificationKey | undefined;
