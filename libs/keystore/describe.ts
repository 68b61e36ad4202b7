import type { Jwk } from '../envelope';
import { fingerprintOf, keyFingerprint } from '../trust';
import type { KeyRecord, StoredKind, StoredUse, TokenPlace } from './key-record';

/** What is known of a key without its secret. */
export interface KeyMetadata {
  readonly kid: string;
  readonly use: StoredUse;
  readonly unit?: string;
  readonly kind: StoredKind;
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly retiredAt?: string;
  readonly destroyAfter?: string;
  /** `file`, or `pkcs11` with the labels of token and key. */
  readonly where: string;
  /** Of the public key, in groups that can be read aloud; of a storage key, of a digest that tells nothing about it. */
  readonly fingerprint: string;
  readonly public?: Jwk;
  readonly pkcs11?: TokenPlace;
}

export async function describe(record: KeyRecord): Promise<KeyMetadata> {
  const { check = '', ...rest } = record;
  const { pkcs11 } = record;
  return {
    ...rest,
    where: pkcs11 ? `pkcs11 ${pkcs11.token}/${pkcs11.label}` : 'file',
    fingerprint: record.public ? await keyFingerprint(record.public) : fingerprintOf(check),
  };
}
