import type { Jwk } from '../envelope';
import { TraoError } from '../errors';
import type { Directory } from '../schema';
import { assertAdmitted, assertHalvesMatch } from './admission';
import { describe, type KeyMetadata } from './describe';
import { KeyFolder, type Destroyed } from './key-folder';
import { checkOf, kidOf, kindOf, makeKeyPair, pairOf, type KeyPair } from './key-kinds';
import { isKid, isUnit, readRecord, unsealRecord, type KeyRecord, type SealedRecord } from './key-record';
import type { StoredKind, StoredUse, TokenPlace } from './key-record';
import { destroyOnToken } from './pkcs11/token-keys';
import { Unlocker, type Unlock } from './unlock';

/** What a key is to be for, and when. */
export interface KeyPurpose {
  readonly use: StoredUse;
  readonly unit?: string | undefined;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Without it the id is made from the public key. */
  readonly kid?: string | undefined;
}

const UNIT_USES: readonly StoredUse[] = ['signing', 'encryption', 'storage'];

/** Makes, takes in, changes and gives out the keys of a folder: what an administrator does, and no process of a node. */
export class KeyAdmin {
  private constructor(
    private readonly keys: KeyFolder,
    private readonly directory: Directory | undefined,
  ) {}

  /**
   * @param directory also keys in it count when the same key must not stand in two uses
   * @param make makes the folder where it is missing
   * @throws TraoError `key_folder_missing`, `key_exposed`, `key_unreadable`
   */
  static async open(folder: string, unlock: Unlock, directory?: Directory, make = false): Promise<KeyAdmin> {
    return new KeyAdmin(await KeyFolder.open(folder, unlock, make), directory);
  }

  /** Makes a new key. It never takes the place of another. @throws TraoError `bad_key`, `key_exists` */
  async generate(purpose: KeyPurpose, kind: StoredKind): Promise<KeyMetadata> {
    return this.store(purpose, await makeKeyPair(kind));
  }

  /** Takes in a key that was made elsewhere. @throws TraoError `bad_key`, `key_reused`, `key_exists` */
  async take(purpose: KeyPurpose, privateJwk: Jwk): Promise<KeyMetadata> {
    return this.store(purpose, pairOf(privateJwk));
  }

  /** Notes a key that was made on a token and stays there. @throws TraoError `bad_key`, `key_reused`, `key_exists` */
  async note(purpose: KeyPurpose, publicJwk: Jwk, place: TokenPlace): Promise<KeyMetadata> {
    const record = { ...recordOf(purpose, publicJwk, undefined), pkcs11: place };
    return this.keep(record, new Uint8Array());
  }

  /**
   * Takes in a key file of another folder, with all that it says: some keys are those of two processes.
   * @param unlock what opens that file
   * @throws TraoError `key_locked`, `key_damaged`, `key_plain`, and as `take`
   */
  async takeFile(bytes: Uint8Array, name: string, unlock: Unlock): Promise<KeyMetadata> {
    const sealed = readRecord(bytes, name);
    const folderKey = await (await Unlocker.open(unlock)).folderKey(sealed.protection.derivation);
    const secret = unsealRecord(sealed, folderKey);
    return this.keep(sealed.record, secret);
  }

  async list(): Promise<KeyMetadata[]> {
    return Promise.all((await this.readable()).map(({ sealed }) => describe(sealed.record)));
  }

  /** Why some keys of the folder cannot be read. */
  async faults(): Promise<TraoError[]> {
    return [...(await this.keys.entries('files')).values()].flatMap((entry) => ('fault' in entry ? [entry.fault] : []));
  }

  destroyed = (): Promise<Destroyed[]> => this.keys.destroyed();

  /**
   * A key with its private part: to bring it to the folder of another process, or into a PKCS#12 file.
   * @throws TraoError `key_missing`; `bad_key` for a key on a token
   */
  async reveal(kid: string): Promise<{ readonly record: KeyRecord; readonly privateJwk: Jwk }> {
    const { sealed } = await this.find(kid);
    if (sealed.record.pkcs11) throw new TraoError('bad_key', { detail: `${kid} never leaves its token.` });
    const privateJwk = JSON.parse(Buffer.from(await this.keys.unseal(sealed)).toString('utf8')) as Jwk;
    return { record: sealed.record, privateJwk };
  }

  /** From now on the key makes nothing new; its private part may be destroyed after `destroyAfter`. */
  async retire(kid: string, at: Date, destroyAfter: Date): Promise<KeyMetadata> {
    const { file, sealed } = await this.find(kid);
    const record = { ...sealed.record, retiredAt: at.toISOString(), destroyAfter: destroyAfter.toISOString() };
    await this.keys.change(file, sealed, record);
    return describe(record);
  }

  /** Destroys the private part of a key; of one on a token there too. @throws TraoError `key_missing`, `token_*` */
  async destroy(kid: string, at: Date, pinFile?: string): Promise<void> {
    const { file, sealed } = await this.find(kid);
    if (sealed.record.pkcs11) await destroyOnToken(sealed.record.pkcs11, pinFile);
    await this.keys.destroy(file, sealed.record, at);
  }

  private async find(kid: string): Promise<{ readonly file: string; readonly sealed: SealedRecord }> {
    const entry = (await this.keys.entries('files')).get(kid);
    if (!entry) throw new TraoError('key_missing', { detail: kid });
    if ('fault' in entry) throw entry.fault;
    return entry;
  }

  private async readable() {
    return [...(await this.keys.entries('files')).values()].flatMap((entry) => ('sealed' in entry ? [entry] : []));
  }

  private async store(purpose: KeyPurpose, { privateJwk, publicJwk }: KeyPair): Promise<KeyMetadata> {
    const record = recordOf(purpose, publicJwk, publicJwk ? undefined : checkOf(privateJwk));
    await assertHalvesMatch(record, privateJwk);
    return this.keep(record, Buffer.from(JSON.stringify(privateJwk)));
  }

  private async keep(record: KeyRecord, secret: Uint8Array): Promise<KeyMetadata> {
    const others = (await this.readable()).map(({ sealed }) => sealed.record);
    await assertAdmitted(record, others, this.directory);
    await this.keys.add(record, secret);
    return describe(record);
  }
}

function recordOf(purpose: KeyPurpose, publicJwk: Jwk | undefined, check: string | undefined): KeyRecord {
  const { use, unit, notBefore, notAfter } = purpose;
  const kind = kindOf(publicJwk, use);
  if (UNIT_USES.includes(use) !== (unit !== undefined)) {
    throw new TraoError('bad_key', { detail: unit ? `A ${use} key is of no unit.` : `A ${use} key is of a unit.` });
  }
  if (unit !== undefined && !isUnit(unit))
    throw new TraoError('bad_key', { detail: `${String(unit)} is no id of a unit.` });
  if (purpose.kid !== undefined && !isKid(purpose.kid))
    throw new TraoError('bad_key', { detail: 'An id has letters, digits, dot, dash and underscore only.' });
  if (notAfter <= notBefore) throw new TraoError('bad_key', { detail: 'It would end before it begins.' });
  return {
    kid: purpose.kid ?? (publicJwk ? kidOf(publicJwk) : `storage-${unit}`),
    use,
    ...(unit !== undefined && { unit }),
    kind,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    ...(publicJwk && { public: publicJwk }),
    ...(check !== undefined && { check }),
  };
}
