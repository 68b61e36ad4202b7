import { hkdfSync, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { TraoError } from '../errors';
import { decodeBase64url, encodeBase64url } from '../envelope';
import { assertPrivate, makePrivateFolder, writeNewFile } from './private-files';

/** What opens a folder of keys: a file of 32 random bytes, or a passphrase. */
export type Unlock =
  | { readonly keyFile: string }
  | { readonly passphraseFile: string }
  /** Typed by a person at a terminal; a process has it from a file. */
  | { readonly passphrase: string };

/** How the key of a folder comes from its secret; it stands in the clear in every key file. */
export type Derivation =
  | { readonly name: 'key-file' }
  | { readonly name: 'scrypt'; readonly n: number; readonly r: number; readonly p: number; readonly salt: string };

/** The key-encryption key of a folder. */
export interface FolderKey {
  /** Tells a wrong passphrase from a damaged file; says nothing about the key. */
  readonly id: string;
  /** 32 bytes for AES-256-GCM. */
  readonly key: Uint8Array;
}

const KEY_FILE_BYTES = 32;
const SALT_BYTES = 16;
/** OWASP's figures for scrypt, and the least that is read: a file that asks for less was not written here. */
const SCRYPT = { n: 131_072, r: 8, p: 1 };
/** The most that is read: 1 GiB of memory. A file must not be able to exhaust the machine. */
const MAX_N = 1_048_576;
const MIN_PASSPHRASE = 12;

/** Holds the secret that opens folders of keys and derives the key of each folder once. */
export class Unlocker {
  private readonly derived = new Map<string, Promise<FolderKey>>();

  private constructor(
    private readonly kind: Derivation['name'],
    private readonly secret: Uint8Array,
  ) {}

  /** @throws TraoError `key_unreadable`, `key_exposed` */
  static async open(unlock: Unlock): Promise<Unlocker> {
    if ('keyFile' in unlock) {
      const bytes = await readSecret(unlock.keyFile);
      if (bytes.length === KEY_FILE_BYTES) return new Unlocker('key-file', bytes);
      throw new TraoError('key_unreadable', { detail: `${unlock.keyFile} must hold ${KEY_FILE_BYTES} random bytes.` });
    }
    if ('passphrase' in unlock) return new Unlocker('scrypt', passphraseBytes(unlock.passphrase));
    const text = (await readSecret(unlock.passphraseFile)).toString('utf8').replace(/\r?\n$/, '');
    if (text !== '') return new Unlocker('scrypt', passphraseBytes(text));
    throw new TraoError('key_unreadable', { detail: `${unlock.passphraseFile} is empty.` });
  }

  /** How the key of a new folder is to be derived. @throws TraoError `key_locked` for a passphrase that is too short */
  newDerivation(): Derivation {
    if (this.kind === 'key-file') return { name: 'key-file' };
    if (Array.from(Buffer.from(this.secret).toString()).length < MIN_PASSPHRASE)
      throw new TraoError('key_locked', { detail: `A new passphrase has at least ${MIN_PASSPHRASE} characters.` });
    return { name: 'scrypt', ...SCRYPT, salt: encodeBase64url(randomBytes(SALT_BYTES)) };
  }

  /** @throws TraoError `key_locked` when the file wants the other kind of secret; `key_damaged` for bounds that are not ours */
  folderKey(derivation: Derivation): Promise<FolderKey> {
    if (derivation.name !== this.kind) {
      const wants = derivation.name === 'scrypt' ? 'a passphrase' : 'a key file';
      throw new TraoError('key_locked', { detail: `The keys are protected by ${wants}.` });
    }
    const name = JSON.stringify(derivation);
    const known = this.derived.get(name) ?? this.derive(derivation);
    this.derived.set(name, known);
    return known;
  }

  private async derive(derivation: Derivation): Promise<FolderKey> {
    const secret = derivation.name === 'scrypt' ? await stretch(this.secret, derivation) : this.secret;
    const bytes = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), 'trao key folder v1', 48));
    return { key: bytes.subarray(0, 32), id: encodeBase64url(bytes.subarray(32)) };
  }
}

/** Makes a key file. It never takes the place of another. @throws TraoError `key_exists` */
export async function makeKeyFile(file: string): Promise<void> {
  await makePrivateFolder(path.dirname(file));
  await writeNewFile(file, randomBytes(KEY_FILE_BYTES));
}

/** True for a derivation that may be followed. */
export function isDerivation(value: unknown): value is Derivation {
  const { name, n, r, p, salt } = (value ?? {}) as Record<string, unknown>;
  if (name === 'key-file') return true;
  return (
    name === 'scrypt' &&
    typeof n === 'number' &&
    n >= SCRYPT.n &&
    n <= MAX_N &&
    Number.isInteger(Math.log2(n)) &&
    r === SCRYPT.r &&
    p === SCRYPT.p &&
    typeof salt === 'string'
  );
}

/** Text that looks the same is the same: a keyboard may type é as one character or as two. */
const passphraseBytes = (text: string) => Buffer.from(text.normalize('NFC'));

async function readSecret(file: string): Promise<Buffer> {
  await assertPrivate(file);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new TraoError('key_unreadable', { detail: file, cause });
  }
}

function stretch(secret: Uint8Array, { n: N, r, p, salt }: Extract<Derivation, { name: 'scrypt' }>): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r * p + 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(secret, decodeBase64url(salt), 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
