import { createPrivateKey, type KeyObject } from 'node:crypto';
import { TraoError } from '../errors';
import type { Jwk } from '../envelope';
import { parseStrictJson } from '../schema';
import { readPfx } from './pkcs12/read';

/** A private key as somebody else has written it. */
export interface ForeignKey {
  readonly privateJwk: Jwk;
  /** What a key file of an earlier version says of the key. */
  readonly kid?: string;
  readonly unit?: string;
  /** PEM; of a PKCS#12 file. */
  readonly certificates: readonly string[];
}

const MAX_BYTES = 1_048_576;
const PEM = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
const SEQUENCE = 0x30;

/**
 * Reads a private key: JWK (RFC 7517), the key file `{kid, jwk, unit}` of an earlier version, PEM (PKCS#8, also encrypted; PKCS#1, SEC 1)
 * or PKCS#12.
 * @throws TraoError `key_locked` when a passphrase is missing or wrong, `key_damaged` for what is none of these, `bad_key`
 */
export async function readForeignKey(bytes: Uint8Array, passphrase?: string): Promise<ForeignKey> {
  if (bytes.length > MAX_BYTES) throw new TraoError('too_large');
  const text = Buffer.from(bytes).toString('utf8');
  if (PEM.test(text)) return { privateJwk: jwkOf(fromPem(text, passphrase)), certificates: [] };
  if (bytes[0] === SEQUENCE) {
    const { privateKey, certificates } = await readPfx(bytes, passphrase ?? missing('PKCS#12 file'));
    return { privateJwk: jwkOf(privateKey), certificates };
  }
  return fromJson(bytes);
}

function fromPem(text: string, passphrase: string | undefined): KeyObject {
  try {
    // An empty passphrase: without one OpenSSL would ask at the terminal.
    return createPrivateKey({ key: text, format: 'pem', passphrase: passphrase ?? '' });
  } catch {
    if (!/ENCRYPTED/.test(text)) throw new TraoError('key_damaged', { detail: 'It is no sound PEM file.' });
    if (passphrase === undefined) missing('PEM file');
    throw new TraoError('key_locked', { detail: 'The passphrase is not that of the PEM file.' });
  }
}

function fromJson(bytes: Uint8Array): ForeignKey {
  const value = parse(bytes) as { kty?: unknown; jwk?: { kty?: unknown }; kid?: unknown; unit?: unknown };
  const { kid, unit } = value;
  const jwk = value.jwk ?? value;
  if (typeof jwk.kty !== 'string') throw new TraoError('key_damaged', { detail: 'It is no key as JSON.' });
  return {
    privateJwk: jwk as Jwk,
    ...(typeof kid === 'string' && { kid }),
    ...(typeof unit === 'string' && { unit }),
    certificates: [],
  };
}

function parse(bytes: Uint8Array): object {
  try {
    const value = parseStrictJson(bytes);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Without the cause: it may quote the key.
  }
  throw new TraoError('key_damaged', { detail: 'It is neither JSON nor PEM nor PKCS#12.' });
}

function missing(what: string): never {
  throw new TraoError('key_locked', {
    detail: `The ${what} is encrypted: say its passphrase with --from-passphrase-file.`,
  });
}

const jwkOf = (key: KeyObject): Jwk => {
  try {
    return key.export({ format: 'jwk' }) as Jwk;
  } catch {
    throw new TraoError('bad_key', { detail: `A key of kind ${key.asymmetricKeyType} is not taken.` });
  }
};
