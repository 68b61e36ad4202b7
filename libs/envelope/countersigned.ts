import { flattenedVerify, GeneralSign, type GeneralJWS } from 'jose';
import { TraoError } from '../errors';
import { parseStrictJson } from '../schema';
import { decodeBase64url } from './base64url';
import { admitHeader, exactly, name, parseHeader, splitCompact } from './compact';
import type { SignatureKey } from './keys';
import { SIGNATURE_ALGORITHMS } from './algorithms';

const MAX_SIGNATURES = 64;

/** A document signed by several parties: JWS General JSON serialisation (RFC 7515 §7.2.1) without unprotected headers. */
export interface Countersigned {
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly kid: string; readonly protected: string; readonly signature: string }[];
}

/** Signs a document with each key. Answers the JSON text. */
export async function countersign(payload: Uint8Array, typ: string, keys: readonly SignatureKey[]): Promise<string> {
  const signing = new GeneralSign(payload);
  for (const key of keys) {
    signing.addSignature(key.key).setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ });
  }
  return JSON.stringify(await signing.sign());
}

/**
 * Reads a document signed by several parties, strictly; verifies nothing yet.
 * @throws TraoError `directory_malformed`
 */
export function readCountersigned(text: Uint8Array, typ: string, maxBytes: number): Countersigned {
  try {
    const jws = parseStrictJson(text, { maxBytes, maxDepth: 4 }) as unknown as GeneralJWS;
    exactMembers(jws, ['payload', 'signatures']);
    if (jws.signatures.length > MAX_SIGNATURES) throw new TraoError('too_large');
    const signatures = jws.signatures.map((entry) => {
      exactMembers(entry, ['protected', 'signature']);
      const header = parseHeader(splitCompact(entry.protected!, 1)[0]!.bytes);
      admitHeader(header, {
        alg: (value) => typeof value === 'string' && Object.hasOwn(SIGNATURE_ALGORITHMS, value),
        kid: name,
        typ: exactly(typ),
      });
      decodeBase64url(entry.signature);
      return { kid: header['kid'] as string, protected: entry.protected!, signature: entry.signature };
    });
    return { payload: decodeBase64url(jws.payload), signatures };
  } catch (cause) {
    throw new TraoError('directory_malformed', { cause });
  }
}

/** True when the signature of `key` stands under the document and verifies. */
export async function isCountersignedBy(document: Countersigned, key: SignatureKey): Promise<boolean> {
  const entry = document.signatures.find((signature) => signature.kid === key.kid);
  if (!entry) return false;
  const payload = Buffer.from(document.payload).toString('base64url');
  const jws = { payload, protected: entry.protected, signature: entry.signature };
  return flattenedVerify(jws, key.key, { algorithms: [key.algorithm] }).then(
    () => true,
    () => false,
  );
}

function exactMembers(value: object, members: readonly string[]): void {
  if (Object.keys(value).sort().join() !== members.join()) throw new TraoError('bad_header');
}
