import {
  generateKeyPair,
  importEncryptionKey,
  importSigningKey,
  newCaseKey,
  type EncryptionKey,
  type Jwk,
  type SigningKey,
} from '../../libs/envelope';
import { TraoError } from '../../libs/errors';
import type { DirectoryKey } from '../../libs/schema';

/** A key pair made for one run of the tests. */
export interface FictionalPair {
  readonly kid: string;
  readonly publicJwk: DirectoryKey['jwk'];
  readonly privateJwk: Jwk;
}

export async function makePair(kid: string, kind: Parameters<typeof generateKeyPair>[0]): Promise<FictionalPair> {
  const { publicJwk, privateJwk } = await generateKeyPair(kind);
  return { kid, publicJwk: publicJwk as DirectoryKey['jwk'], privateJwk };
}

/** The private keys of a node, in memory. A missing key is a key that was deleted from the map. */
export class FictionalKeys {
  receipt: SigningKey | undefined;
  readonly signing = new Map<string, SigningKey>();
  readonly decryption = new Map<string, { readonly unit: string; readonly key: EncryptionKey }>();
  readonly storage = new Map<string, Uint8Array>();

  async hold(receipt: FictionalPair): Promise<void> {
    this.receipt = await importSigningKey(receipt.kid, receipt.privateJwk);
  }

  async holdUnit(unit: string, signing: FictionalPair, encryption: readonly FictionalPair[]): Promise<void> {
    this.signing.set(unit, await importSigningKey(signing.kid, signing.privateJwk));
    this.storage.set(unit, newCaseKey());
    for (const { kid, privateJwk } of encryption) {
      this.decryption.set(kid, { unit, key: await importEncryptionKey(kid, privateJwk) });
    }
  }

  receiptKey = () => present(this.receipt, 'receipt');
  signingKey = (unit: string) => present(this.signing.get(unit), `signing ${unit}`);
  storageKey = (unit: string) => present(this.storage.get(unit), `storage ${unit}`);
  readonly destroyed = new Set<string>();
  decryptionKey = (kid: string) => Promise.resolve(this.decryption.get(kid));
  wasDestroyed = (kid: string) => Promise.resolve(this.destroyed.has(kid));
}

function present<K>(key: K | undefined, detail: string): Promise<K> {
  return key === undefined ? Promise.reject(new TraoError('key_missing', { detail })) : Promise.resolve(key);
}
