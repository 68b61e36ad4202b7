import path from 'node:path';
import { TraoError } from '../errors';
import { importEncryptionKey, importSigningKey, type EncryptionKey, type Jwk, type SigningKey } from '../envelope';
import { chooseKey, isInUse } from './choose-key';
import { describe, type KeyMetadata } from './describe';
import { KeyFolder, type Entry } from './key-folder';
import type { KeyRecord, SealedRecord, StoredUse } from './key-record';
import { destroyOnToken, tokenSigner } from './pkcs11/token-keys';
import { assertReady, type KeyNeeds } from './readiness';
import type { Unlock } from './unlock';

/** Where the keys of a process are, and what opens them. */
export interface KeyPlace {
  readonly folder: string;
  readonly unlock: Unlock;
  /** File with the PIN of the token, where keys are in a hardware module. */
  readonly pinFile?: string | undefined;
}

export interface KeystoreSettings extends KeyPlace {
  /**
   * Whether partners know a signing key of a unit, or a receipt key: what another key signs they would refuse for ever. Without it all
   * count as known.
   */
  readonly published?: (kid: string, unit?: string) => boolean;
  readonly now?: () => Date;
}

const PUBLISHED_USES: readonly StoredUse[] = ['signing', 'receipt'];

/**
 * The private keys of one process, wherever they are: encrypted files, or objects on a token. Each is loaded once, when it is first
 * needed.
 */
export class Keystore {
  private readonly loaded = new Map<string, { readonly sealed: SealedRecord; readonly key: Promise<unknown> }>();

  constructor(
    private readonly keys: KeyFolder,
    private readonly settings: KeystoreSettings,
  ) {}

  /** The node's receipt key. @throws TraoError `key_missing`, `key_unusable` */
  receiptKey = (): Promise<SigningKey> => this.signer('receipt');

  /** A unit's signing key: the newest one in its time that partners know. @throws TraoError `key_missing`, `key_unusable` */
  signingKey = (unit: string): Promise<SigningKey> => this.signer('signing', unit);

  /** The country's key for signing directories. @throws TraoError `key_missing`, `key_unusable` */
  governanceKey = (): Promise<SigningKey> => this.signer('governance');

  /** All of them that are in their time: while one follows another, a directory needs the signatures of both. */
  governanceKeys = async (): Promise<SigningKey[]> => {
    const held = await this.of('governance', undefined, 'folders');
    return Promise.all(held.filter(({ record }) => isInUse(record, this.now())).map((sealed) => this.signerOf(sealed)));
  };

  /** The 32 bytes that wrap the case keys of a unit. @throws TraoError `key_missing` */
  storageKey = async (unit: string): Promise<Uint8Array> => {
    const sealed = await this.current('storage', unit);
    return this.load(sealed, ({ k }) => Promise.resolve(Buffer.from(k ?? '', 'base64url')));
  };

  /**
   * A unit's decryption key by its id, with the unit; undefined when this process does not hold it. The id comes from a message: it
   * only ever selects among the ids that are there.
   * @throws TraoError `key_damaged` and its like when the key is there and cannot be used
   */
  decryptionKey = async (kid: string): Promise<{ readonly unit: string; readonly key: EncryptionKey } | undefined> => {
    const entry = (await this.entries()).get(kid) ?? (await this.entries('folders')).get(kid);
    if (!entry || useOf(entry) !== 'encryption') return undefined;
    const sealed = usable(entry);
    const { unit } = sealed.record;
    if (unit === undefined) throw new TraoError('bad_key', { detail: `${kid} names no unit.` });
    return { unit, key: await this.load(sealed, (jwk) => importEncryptionKey(kid, jwk)) };
  };

  /** Whether a key of that id was here once and was destroyed. */
  wasDestroyed = async (kid: string): Promise<boolean> =>
    (await this.keys.destroyed()).some((destroyed) => destroyed.kid === kid);

  /** What is known of each key that can be read, without any secret. */
  async list(): Promise<KeyMetadata[]> {
    const entries = [...(await this.keys.entries('files')).values()];
    return Promise.all(entries.flatMap((entry) => ('sealed' in entry ? [describe(entry.sealed.record)] : [])));
  }

  /** Why some keys of the folder cannot be used. */
  async faults(): Promise<TraoError[]> {
    return [...(await this.keys.entries('files')).values()].flatMap((entry) => ('fault' in entry ? [entry.fault] : []));
  }

  /**
   * Destroys the private part of a key: its file, or the object on the token. It cannot be brought back.
   * @throws TraoError `key_missing`
   */
  async destroy(kid: string): Promise<void> {
    const entry = (await this.keys.entries('files')).get(kid);
    if (!entry) throw new TraoError('key_missing', { detail: kid });
    const { record } = usable(entry);
    if (record.pkcs11) {
      await destroyOnToken(record.pkcs11, this.settings.pinFile);
    }
    await this.keys.destroy(entry.file, record, this.now());
    this.loaded.delete(kid);
  }

  /**
   * Loads all keys that a process needs, so that it fails at its start and not at the first message.
   * @throws TraoError `keys_unready` with all faults; their own code where all are of one kind
   */
  async assertReady(needs: KeyNeeds): Promise<void> {
    await assertReady(this, needs, this.settings.folder);
  }

  private async signer(use: 'signing' | 'receipt' | 'governance', unit?: string): Promise<SigningKey> {
    return this.signerOf(await this.current(use, unit));
  }

  private signerOf(sealed: SealedRecord): Promise<SigningKey> {
    const { kid, pkcs11 } = sealed.record;
    return this.load(sealed, async (jwk) => {
      if (!pkcs11) return importSigningKey(kid, jwk);
      return tokenSigner(sealed.record, pkcs11, this.settings.pinFile);
    });
  }

  /** A key that somebody else has destroyed is forgotten here too. */
  private async entries(look: 'due' | 'folders' = 'due'): Promise<ReadonlyMap<string, Entry>> {
    const entries = await this.keys.entries(look);
    for (const kid of this.loaded.keys()) if (!entries.has(kid)) this.loaded.delete(kid);
    return entries;
  }

  private async of(use: StoredUse, unit?: string, look: 'due' | 'folders' = 'due'): Promise<SealedRecord[]> {
    const sealed = [...(await this.entries(look)).values()].flatMap((entry) =>
      'sealed' in entry ? [entry.sealed] : [],
    );
    return sealed.filter(({ record }) => record.use === use && record.unit === unit);
  }

  /** A key that cannot be read may be the one that is wanted. */
  private async faultOf(use: StoredUse): Promise<TraoError | undefined> {
    for (const entry of (await this.entries()).values())
      if ('fault' in entry && useOf(entry) === use) return entry.fault;
    return undefined;
  }

  private async current(use: StoredUse, unit?: string): Promise<SealedRecord> {
    const held = await this.of(use, unit);
    const keys = held.length > 0 ? held : await this.of(use, unit, 'folders');
    const detail = unit ? `${use} of ${unit}` : use;
    if (keys.length === 0) throw (await this.faultOf(use)) ?? new TraoError('key_missing', { detail });
    const { published = () => true } = this.settings;
    const isKnown = ({ kid }: KeyRecord) => !PUBLISHED_USES.includes(use) || published(kid, unit);
    return chooseKey(keys, this.now(), isKnown, detail);
  }

  /** A key that was replaced by another file of the same name is loaded anew. */
  private load<K>(sealed: SealedRecord, read: (jwk: Jwk) => Promise<K>): Promise<K> {
    const { kid } = sealed.record;
    const known = this.loaded.get(kid);
    if (known?.sealed === sealed) return known.key as Promise<K>;
    const key = this.keys.unseal(sealed).then((secret) => read(jwkOf(secret)));
    this.loaded.set(kid, { sealed, key });
    // What failed once may go well later, as with a token that was away.
    key.catch(() => this.loaded.delete(kid));
    return key;
  }

  private now = (): Date => this.settings.now?.() ?? new Date();
}

/** Opens the keys of a process. @throws TraoError `key_folder_missing`, `key_exposed`, `key_unreadable` */
export async function openKeystore(settings: KeystoreSettings): Promise<Keystore> {
  return new Keystore(await KeyFolder.open(settings.folder, settings.unlock), settings);
}

/** The use of a key whose file may not be readable: it lies in the folder of its use. */
const useOf = ({ file }: Entry) => path.basename(path.dirname(file));

function usable(entry: Entry): SealedRecord {
  if ('fault' in entry) throw entry.fault;
  return entry.sealed;
}

const jwkOf = (secret: Uint8Array): Jwk =>
  secret.length === 0 ? { kty: '' } : (JSON.parse(Buffer.from(secret).toString('utf8')) as Jwk);
