import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { TraoError } from '../errors';
import { importEncryptionKey, importSigningKey, type EncryptionKey, type Jwk, type SigningKey } from '../envelope';

/**
 * The keys of one process as files in one folder, readable by that process's user only. Which files a folder holds is the process's
 * security context: the office gets no unit decryption key, the gateway no unit key at all.
 *
 *   receipt.json                    the node's receipt key          (gateway, worker)
 *   signing/UNIT.json               a unit's signing key            (office)
 *   encryption/KID.json             a unit's decryption key         (worker)
 *   storage/UNIT.json               wraps the unit's case keys      (office, worker)
 *
 * Each file is `{kid, jwk}`, with `unit` for encryption keys.
 */
export interface KeyFile {
  readonly kid: string;
  readonly jwk: Jwk;
  readonly unit?: string;
}

/** The private keys of one process. Each is read once, when it is first needed. */
export class FileKeystore {
  private readonly loaded = new Map<string, Promise<unknown>>();

  constructor(private readonly folder: string) {}

  /** The node's receipt key. @throws TraoError `key_missing` */
  receiptKey(): Promise<SigningKey> {
    return this.once('receipt.json', ({ kid, jwk }) => importSigningKey(kid, jwk));
  }

  /** A unit's signing key. @throws TraoError `key_missing` */
  signingKey(unit: string): Promise<SigningKey> {
    return this.once(path.join('signing', `${unit}.json`), ({ kid, jwk }) => importSigningKey(kid, jwk));
  }

  /** The 32 bytes that wrap the case keys of a unit. @throws TraoError `key_missing` */
  storageKey(unit: string): Promise<Uint8Array> {
    return this.once(path.join('storage', `${unit}.json`), ({ jwk }) =>
      Promise.resolve(Buffer.from(jwk.k ?? '', 'base64url')),
    );
  }

  /** A unit's decryption key by its id, with the unit; undefined when this process does not hold it. */
  async decryptionKey(kid: string): Promise<{ readonly unit: string; readonly key: EncryptionKey } | undefined> {
    // The id comes from a message: it only ever selects among the names that are there. Joined as text: a normalised path would make
    // `../receipt` the name of another key that is in memory.
    const file = `encryption/${kid}.json`;
    if (!this.loaded.has(file) && !(await this.names('encryption')).includes(`${kid}.json`)) return undefined;
    return this.once(file, async ({ jwk, unit }) => {
      if (!unit) throw new TraoError('key_missing', { detail: `${kid} names no unit` });
      return { unit, key: await importEncryptionKey(kid, jwk) };
    });
  }

  private names(folder: string): Promise<string[]> {
    return readdir(path.join(this.folder, folder)).catch(() => []);
  }

  private once<K>(name: string, load: (file: KeyFile) => Promise<K>): Promise<K> {
    const known = this.loaded.get(name) as Promise<K> | undefined;
    const loading = known ?? this.read(name).then(load);
    this.loaded.set(name, loading);
    // A key that was missing may be brought later.
    loading.catch(() => this.loaded.delete(name));
    return loading;
  }

  private async read(name: string): Promise<KeyFile> {
    try {
      return JSON.parse(await readFile(path.join(this.folder, name), 'utf8')) as KeyFile;
    } catch {
      throw new TraoError('key_missing', { detail: name });
    }
  }
}
