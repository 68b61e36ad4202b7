import { createPrivateKey, createPublicKey, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { TraoError } from '../errors';

/** The key that webhooks are signed with. */
export interface WebhookKey {
  /** For receivers: `whpk_` and the 32 bytes of the public key in base64 (Standard Webhooks 1.0.0, asymmetric signatures). */
  readonly publicKey: string;
  /** The header `webhook-signature` over `${id}.${timestamp}.${body}`. @param timestamp in whole seconds since 1970 */
  readonly signature: (id: string, timestamp: number, body: string) => string;
}

/**
 * Reads an Ed25519 private key: PKCS#8 as PEM, or a JWK (RFC 8037).
 * @throws TraoError `config_invalid`, which does not repeat anything of the text
 */
export function readWebhookKey(text: string): WebhookKey {
  const key = privateKey(text);
  if (key.asymmetricKeyType !== 'ed25519') throw invalid('it is of another kind');
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return {
    publicKey: `whpk_${Buffer.from(x!, 'base64url').toString('base64')}`,
    signature: (id, timestamp, body) =>
      `v1a,${sign(null, Buffer.from(`${id}.${timestamp}.${body}`, 'utf8'), key).toString('base64')}`,
  };
}

function privateKey(text: string): KeyObject {
  try {
    if (!text.trimStart().startsWith('{')) return createPrivateKey(text);
    return createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
  } catch {
    throw invalid('it cannot be read');
  }
}

const invalid = (why: string) =>
  new TraoError('config_invalid', { detail: `The key of webhooks is no Ed25519 private key as PEM or JWK: ${why}.` });
