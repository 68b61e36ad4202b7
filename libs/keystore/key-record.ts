import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TraoError } from '../errors';
import { decodeBase64url, encodeBase64url, type Jwk } from '../envelope';
import { parseStrictJson } from '../schema';
import { isDerivation, type Derivation, type FolderKey } from './unlock';

/** What a private key is for. A key serves exactly one use. */
export const KEY_USES = ['signing', 'encryption', 'receipt', 'governance', 'storage', 'tls'] as const;
export type StoredUse = (typeof KEY_USES)[number];

/** Kinds of keys; `A256` is the 32 bytes of a storage key. */
export const STORED_KINDS = ['ES256', 'Ed25519', 'PS256', 'hybrid', 'classic', 'A256'] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

/** Which kinds of keys a use takes. Whether a key is sound besides says the policy of libs/trust. */
export const KINDS_OF_USE: Readonly<Record<StoredUse, readonly StoredKind[]>> = {
  signing: ['ES256', 'Ed25519', 'PS256'],
  receipt: ['ES256', 'Ed25519'],
  governance: ['Ed25519', 'ES256'],
  encryption: ['hybrid', 'classic'],
  storage: ['A256'],
  tls: ['ES256', 'PS256'],
};

/** Where the private part of a key is when it is not in the file: an object on a token that a PKCS#11 module speaks to. */
export interface TokenPlace {
  /** Path of the module's library. */
  readonly module: string;
  /** Label of the token. */
  readonly token: string;
  /** Label of the key on it. */
  readonly label: string;
}

/** What may be known of a key without its secret. */
export interface KeyRecord {
  readonly kid: string;
  readonly use: StoredUse;
  readonly unit?: string;
  readonly kind: StoredKind;
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Since when the key is not used any more, and when its private part is to be destroyed. */
  readonly retiredAt?: string;
  readonly destroyAfter?: string;
  /** The public key; none for a storage key. */
  readonly public?: Jwk;
  /** For a storage key: a digest that names it and tells nothing. */
  readonly check?: string;
  readonly pkcs11?: TokenPlace;
}

interface Protection {
  readonly derivation: Derivation;
  /** Id of the key-encryption key. */
  readonly folderKey: string;
  readonly cipher: 'A256GCM';
  readonly iv: string;
}

/** A key file as read: the record in the clear, the private part sealed. */
export interface SealedRecord {
  readonly record: KeyRecord;
  readonly protection: Protection;
  /** Ciphertext and tag. For a key on a token only the tag: it still proves that nobody changed the record. */
  readonly sealed: Uint8Array;
}

const FORMAT = 'trao-key/1';
const TAG_BYTES = 16;
const IV_BYTES = 12;
const MAX_FILE_BYTES = 65_536;
const KID = /^[A-Za-z0-9._-]{1,128}$/;
const UNIT = /^[a-z]{2}(-[a-z]{2})?\.[a-z0-9-]{1,61}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;

/** The text of a key file. The record is authenticated with the private part, so a file cannot pass for another. */
export function sealRecord(
  record: KeyRecord,
  secret: Uint8Array,
  derivation: Derivation,
  { id, key }: FolderKey,
): string {
  const iv = randomBytes(IV_BYTES);
  const protection: Protection = { derivation, folderKey: id, cipher: 'A256GCM', iv: encodeBase64url(iv) };
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(boundText(record, protection));
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return write({ record, protection, sealed });
}

/**
 * The private part of a key file.
 * @throws TraoError `key_locked` when another key protects it, `key_damaged` when a byte of it was changed
 */
export function unsealRecord({ record, protection, sealed }: SealedRecord, { id, key }: FolderKey): Uint8Array {
  if (protection.folderKey !== id)
    throw new TraoError('key_locked', { detail: `${record.kid}: is it the key file or passphrase of this folder?` });
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, decodeBase64url(protection.iv), { authTagLength: TAG_BYTES });
    decipher.setAAD(boundText(record, protection)).setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    // Without the cause: nothing that was decrypted on the way may be shown.
    throw new TraoError('key_damaged', { detail: record.kid });
  }
}

/**
 * Reads a key file without opening it. A file has one spelling: any other byte, also of white space, makes it damaged.
 * @throws TraoError `key_plain` for a key that is not encrypted, `key_damaged`
 */
export function readRecord(bytes: Uint8Array, name: string): SealedRecord {
  const value = parse(bytes, name);
  if ('jwk' in value && !('sealed' in value))
    throw new TraoError('key_plain', { detail: `${name}. Run: trao keys import ${name}` });
  const { format, protection, sealed, ...record } = value;
  if (format !== FORMAT || !isRecord(record) || !isProtection(protection) || typeof sealed !== 'string')
    throw new TraoError('key_damaged', { detail: name });
  const read = { record, protection, sealed: decode(sealed, name) };
  if (write(read) !== Buffer.from(bytes).toString('utf8')) throw new TraoError('key_damaged', { detail: name });
  if (!KINDS_OF_USE[record.use].includes(record.kind))
    throw new TraoError('bad_key', { detail: `${name}: a key of kind ${record.kind} is none for ${record.use}.` });
  return read;
}

function parse(bytes: Uint8Array, name: string): Record<string, unknown> {
  try {
    const value: unknown = parseStrictJson(bytes, { maxBytes: MAX_FILE_BYTES, maxDepth: 4 });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // As above: a fault of the parser may name the place of a private member.
  }
  throw new TraoError('key_damaged', { detail: name });
}

function decode(text: string, name: string): Uint8Array {
  try {
    const bytes = decodeBase64url(text);
    if (bytes.length >= TAG_BYTES) return bytes;
  } catch {
    // Answered below.
  }
  throw new TraoError('key_damaged', { detail: name });
}

const write = ({ record, protection, sealed }: SealedRecord) =>
  `${JSON.stringify({ format: FORMAT, ...ordered(record), protection, sealed: encodeBase64url(sealed) }, undefined, 2)}\n`;

const boundText = (record: KeyRecord, protection: Protection) =>
  Buffer.from(JSON.stringify([FORMAT, ordered(record), protection]));

/** The members in one order, and no other. */
function ordered(record: KeyRecord): KeyRecord {
  const { kid, use, unit, kind, notBefore, notAfter, retiredAt, destroyAfter, check, pkcs11 } = record;
  return {
    kid,
    use,
    ...(unit !== undefined && { unit }),
    kind,
    notBefore,
    notAfter,
    ...(retiredAt !== undefined && { retiredAt }),
    ...(destroyAfter !== undefined && { destroyAfter }),
    ...(record.public && { public: record.public }),
    ...(check !== undefined && { check }),
    ...(pkcs11 && { pkcs11: { module: pkcs11.module, token: pkcs11.token, label: pkcs11.label } }),
  };
}

function isRecord(value: object): value is KeyRecord {
  const { kid, use, unit, kind, notBefore, notAfter, retiredAt, destroyAfter, check, pkcs11 } = value as Record<
    string,
    unknown
  >;
  const { public: publicJwk } = value as Record<string, unknown>;
  return (
    isKid(kid) &&
    KEY_USES.includes(use as StoredUse) &&
    STORED_KINDS.includes(kind as StoredKind) &&
    (unit === undefined || isUnit(unit)) &&
    [notBefore, notAfter].every(isInstant) &&
    [retiredAt, destroyAfter].every((time) => time === undefined || isInstant(time)) &&
    (publicJwk === undefined || (typeof publicJwk === 'object' && publicJwk !== null)) &&
    (publicJwk === undefined) === (use === 'storage') &&
    (typeof check === 'string') === (use === 'storage') &&
    (pkcs11 === undefined || isTokenPlace(pkcs11))
  );
}

function isProtection(value: unknown): value is Protection {
  const { derivation, folderKey, cipher, iv } = (value ?? {}) as Record<string, unknown>;
  return isDerivation(derivation) && typeof folderKey === 'string' && cipher === 'A256GCM' && typeof iv === 'string';
}

const isTokenPlace = (value: unknown): value is TokenPlace =>
  ['module', 'token', 'label'].every((member) => typeof (value as Record<string, unknown>)[member] === 'string');

export const isKid = (value: unknown): value is string => typeof value === 'string' && KID.test(value);
export const isUnit = (value: unknown): value is string => typeof value === 'string' && UNIT.test(value);
const isInstant = (value: unknown) =>
  typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
