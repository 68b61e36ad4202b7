import { TraoError } from '../errors';
import { parseStrictJson } from '../schema';
import { decodeBase64url, encodeBase64url } from './base64url';
import { admitHeader, exactly, name, parseHeader, splitCompact } from './compact';
import type { SigningKey, VerificationKey } from './keys';
import { isSignedBy, signSegments } from './sign';
import { SIGNATURE_ALGORITHMS } from './algorithms';

const MAX_SIGNATURES = 64;

/** A document signed by several parties: JWS General JSON serialisation (RFC 7515 §7.2.1) without unprotected headers. */
export interface Countersigned {
  readonly payload: Uint8Array;
  readonly signatures: readonly Countersignature[];
}

interface Countersignature {
  readonly kid: string;
  readonly alg: string;
  readonly protected: string;
  readonly signature: string;
}

/** What stands on the wire; readCountersigned checks it member by member. */
interface GeneralJws {
  readonly payload: string;
  readonly signatures: readonly Pick<Countersignature, 'protected' | 'signature'>[];
}

/** Signs a document with each key. Answers the JSON text. */
export async function countersign(payload: Uint8Array, typ: string, keys: readonly SigningKey[]): Promise<string> {
  const signed = await Promise.all(keys.map((key) => signSegments({ typ }, payload, key)));
  const signatures = signed.map((entry) => ({ protected: entry.protected, signature: entry.signature }));
  return JSON.stringify({ payload: encodeBase64url(payload), signatures } satisfies GeneralJws);
}

/**
 * Reads a document signed by several parties, strictly; verifies nothing yet.
 * @throws TraoError `directory_malformed`
 */
export function readCountersigned(text: Uint8Array, typ: string, maxBytes: number): Countersigned {
  try {
    const jws = parseStrictJson(text, { maxBytes, maxDepth: 4 }) as unknown as GeneralJws;
    exactMembers(jws, ['payload', 'signatures']);
    if (jws.signatures.length > MAX_SIGNATURES) throw new TraoError('too_large');
    const signatures = jws.signatures.map((entry) => {
      exactMembers(entry, ['protected', 'signature']);
      const header = parseHeader(splitCompact(entry.protected, 1)[0]!.bytes);
      admitHeader(header, {
        alg: (value) => typeof value === 'string' && Object.hasOwn(SIGNATURE_ALGORITHMS, value),
        kid: name,
        typ: exactly(typ),
      });
      decodeBase64url(entry.signature);
      const { kid, alg } = header as { kid: string; alg: string };
      return { kid, alg, protected: entry.protected, signature: entry.signature };
    });
    return { payload: decodeBase64url(jws.payload), signatures };
  } catch (cause) {
    throw new TraoError('directory_malformed', { cause });
  }
}

/** True when a signature of `key` stands under the document and verifies; a bad one beside it takes nothing away. */
export function isCountersignedBy(document: Countersigned, key: VerificationKey): boolean {
  const payload = encodeBase64url(document.payload);
  return document.signatures.some(
    (entry) =>
      entry.kid === key.kid &&
      entry.alg === key.algorithm &&
      isSignedBy(entry.protected, payload, decodeBase64url(entry.signature), key),
  );
}

function exactMembers(value: object, members: readonly string[]): void {
  if (Object.keys(value).sort().join() !== members.join()) throw new TraoError('bad_header');
}
