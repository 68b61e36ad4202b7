import { CompactSign, compactVerify } from 'jose';
import { TraoError } from '../errors';
import type { Header } from './compact';
import type { SignatureKey } from './keys';

/** `crit` members that we understand; jose wants them named on both sides (RFC 7515 §4.1.11). */
const understood = (header: Header) =>
  Object.fromEntries(((header['crit'] as string[] | undefined) ?? []).map((member) => [member, true]));

/** Signs the payload bytes as they are. Answers the compact JWS; `alg` and `kid` come from the key. */
export function signCompact(header: Header, payload: Uint8Array, key: SignatureKey): Promise<string> {
  return new CompactSign(payload)
    .setProtectedHeader({ ...header, alg: key.algorithm, kid: key.kid })
    .sign(key.key, { crit: understood(header) });
}

/**
 * Verifies a compact JWS whose header has been read and admitted before. Answers the payload bytes.
 * @throws TraoError `bad_signature`
 */
export async function verifyCompact(token: string, header: Header, key: SignatureKey): Promise<Uint8Array> {
  try {
    const { payload } = await compactVerify(token, key.key, {
      algorithms: [key.algorithm],
      crit: understood(header),
    });
    return payload;
  } catch (cause) {
    throw new TraoError('bad_signature', { cause });
  }
}
