import { calculateJwkThumbprint, exportJWK, generateKeyPair as generate } from 'jose';
import type { Jwk, SignatureAlgorithm } from './algorithms';
import { encodeBase64url } from './base64url';
import { digestOf } from './digest';
import { HYBRID } from './keys';
import { SUITES } from './suites';

export type KeyKind = Exclude<SignatureAlgorithm, 'PS256'> | 'hybrid' | 'classic';

/** A new key pair as JWKs; the public one has no private member. */
export async function generateKeyPair(kind: KeyKind): Promise<{ readonly privateJwk: Jwk; readonly publicJwk: Jwk }> {
  if (kind === 'hybrid') {
    const pair = await HYBRID.GenerateKeyPair(true);
    const pub = encodeBase64url(await HYBRID.SerializePublicKey(pair.publicKey));
    const priv = encodeBase64url(await HYBRID.SerializePrivateKey(pair.privateKey));
    const publicJwk = { kty: 'AKP', alg: SUITES.hybrid.alg, pub };
    return { publicJwk, privateJwk: { ...publicJwk, priv } };
  }
  const alg = kind === 'classic' ? SUITES.classic.alg : kind;
  const pair = await generate(alg, { extractable: true, ...(kind === 'classic' && { crv: 'P-256' }) });
  return {
    publicJwk: (await exportJWK(pair.publicKey)) as Jwk,
    privateJwk: (await exportJWK(pair.privateKey)) as Jwk,
  };
}

/** The thumbprint of a public key (RFC 7638): one id for a key whatever use it stands in. */
export function keyThumbprint(jwk: Jwk): Promise<string> {
  // RFC 7638 lists no members for AKP; the draft's are alg, kty, pub.
  if (jwk.kty === 'AKP') return Promise.resolve(digestOf(JSON.stringify({ alg: jwk.alg, kty: 'AKP', pub: jwk.pub })));
  return calculateJwkThumbprint(jwk);
}
