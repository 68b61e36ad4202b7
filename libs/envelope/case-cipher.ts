import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { TraoError } from '../errors';

/**
 * Encryption at rest: AES-256-GCM, a random key per case, wrapped to the key of the unit. The identity of the row is the
 * additional data, so a ciphertext that is moved to another row, column or case does not open.
 */
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of each ciphertext, so that another format can come later. */
const FORMAT = 1;

/** Where a ciphertext lives, e.g. `['case_event', unit, caseId, messageId, 'original']`. */
export type RowIdentity = readonly string[];

/** A new random case key (32 bytes). */
export function newCaseKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** Encrypts for one row: format byte, IV, tag, ciphertext. */
export function encryptAtRest(key: Uint8Array, plaintext: Uint8Array, row: RowIdentity): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, secretOf(key), iv).setAAD(additionalData(row));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), body]);
}

/**
 * Decrypts what `encryptAtRest` made for the same row.
 * @throws TraoError `case_unreadable`
 */
export function decryptAtRest(key: Uint8Array, stored: Uint8Array, row: RowIdentity): Uint8Array {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const head = 1 + IV_BYTES + TAG_BYTES;
  if (bytes.length < head || bytes[0] !== FORMAT) throw new TraoError('case_unreadable');
  try {
    const decipher = createDecipheriv(ALGORITHM, secretOf(key), bytes.subarray(1, 1 + IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(additionalData(row)).setAuthTag(bytes.subarray(1 + IV_BYTES, head));
    return Buffer.concat([decipher.update(bytes.subarray(head)), decipher.final()]);
  } catch (cause) {
    throw new TraoError('case_unreadable', { cause });
  }
}

/** With the bare bytes Node needs three times as long. */
const secretOf = (key: Uint8Array) => createSecretKey(key);

/** Length-prefixed, so that no two different identities give the same bytes. */
function additionalData(row: RowIdentity): Buffer {
  return Buffer.from(row.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''));
}
