import {
  compactDecrypt,
  compactVerify,
  flattenedDecrypt,
  flattenedVerify,
  generalDecrypt,
  generalVerify,
  importJWK,
  type FlattenedJWE,
  type FlattenedJWSInput,
  type GeneralJWE,
  type GeneralJWSInput,
  type JWK,
} from 'jose';
import type { Serialised } from './flip';
import type { Members } from './recognise';
import { publicPart } from './strict-jose';

/**
 * Tokens through jose alone: for algorithms and serialisations that Trao takes from nobody, to see that the library under it is
 * sound. Nothing of Trao stands before it here.
 */

/** The signed bytes. `payload`: of a token that is sent without (RFC 7515, appendix F). */
export async function verifyWithJose(
  token: Serialised,
  jwk: Members,
  alg: string,
  payload: string,
): Promise<Uint8Array> {
  const key = await importJWK((jwk['kty'] === 'oct' ? jwk : publicPart(jwk)) as unknown as JWK, alg);
  const options = { algorithms: [alg] };
  if (typeof token === 'string') {
    const [header, content, signature] = token.split('.');
    const whole = content === '' ? `${header}.${Buffer.from(payload).toString('base64url')}.${signature}` : token;
    return (await compactVerify(whole, key, options)).payload;
  }
  const whole = 'payload' in token ? token : { ...token, payload: Buffer.from(payload).toString('base64url') };
  if ('signatures' in whole) return (await generalVerify(whole as unknown as GeneralJWSInput, key, options)).payload;
  return (await flattenedVerify(whole as unknown as FlattenedJWSInput, key, options)).payload;
}

/** The plaintext. */
export async function decryptWithJose(token: Serialised, jwk: Members, alg: string): Promise<Uint8Array> {
  const key = await importJWK(jwk as unknown as JWK, alg);
  const options = { keyManagementAlgorithms: [alg] };
  if (typeof token === 'string') return (await compactDecrypt(token, key, options)).plaintext;
  if ('recipients' in token) return (await generalDecrypt(token as unknown as GeneralJWE, key, options)).plaintext;
  return (await flattenedDecrypt(token as unknown as FlattenedJWE, key, options)).plaintext;
}
