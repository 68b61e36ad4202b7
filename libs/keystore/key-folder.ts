import { appendFile, readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { asTraoError, TraoError } from '../errors';
import { KEY_USES, readRecord, sealRecord, unsealRecord, type KeyRecord, type SealedRecord } from './key-record';
import { assertPrivate, destroyFile, makePrivateFolder, replaceFile, writeNewFile } from './private-files';
import { Unlocker, type Unlock } from './unlock';

/** A key file: what is in it, or why it cannot be used. */
export type Entry = {
  readonly kid: string;
  readonly file: string;
} & ({ readonly sealed: SealedRecord } | { readonly fault: TraoError });

/** What is kept of a key after it was destroyed. */
export interface Destroyed {
  readonly kid: string;
  readonly use: string;
  readonly unit?: string;
  readonly notAfter: string;
  readonly destroyedAt: string;
}

const ENDING = '.json';
const GONE = 'gone';
const JOURNAL = 'destroyed.jsonl';
/** How often a folder is looked at for keys that came or went. */
const LOOK_MS = 1_000;
/** As coarse as clocks of file systems are. */
const TICK_MS = 2_000;

/**
 * The files of one process's keys: `USE/KID.json`. What a folder holds is the process's security context: the office gets no
 * unit decryption key, the gateway no unit key at all.
 */
export class KeyFolder {
  private keys: ReadonlyMap<string, Entry> = new Map();
  /** By file, with what told one state of it from another. */
  private seen: ReadonlyMap<string, { readonly stamp: string; readonly entry: Entry }> = new Map();
  /** State of the folders when they were looked at closely: a file that comes or goes changes its folder. */
  private folders = '';
  private looking: Promise<void> = Promise.resolve();
  private lookedAt = -Infinity;

  private constructor(
    readonly folder: string,
    private readonly unlocker: Unlocker,
  ) {}

  /**
   * @param make makes the folder where it is missing
   * @throws TraoError `key_folder_missing`, `key_exposed`, `key_unreadable`
   */
  static async open(folder: string, unlock: Unlock, make = false): Promise<KeyFolder> {
    const unlocker = await Unlocker.open(unlock);
    if (make) await makePrivateFolder(folder);
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory())
      throw new TraoError('key_folder_missing', { detail: `${folder}. Run: trao keys generate --keys ${folder}` });
    await assertPrivate(folder);
    return new KeyFolder(folder, unlocker);
  }

  /**
   * All keys by id, those with a fault too.
   * @param look `due`: what came or went is noticed within a second; `folders`: at once; `files`: also what was changed in its place
   */
  async entries(look: 'due' | 'folders' | 'files' = 'due'): Promise<ReadonlyMap<string, Entry>> {
    if (look !== 'due' || performance.now() - this.lookedAt >= LOOK_MS) {
      // One after the other: a look that is under way may have missed what the caller knows of.
      const mine = this.looking.then(() => this.look(look === 'files'));
      this.looking = mine.catch(() => undefined);
      this.lookedAt = performance.now();
      await mine;
    }
    await this.looking;
    return this.keys;
  }

  /** The private part of a key. @throws TraoError `key_locked`, `key_damaged` */
  async unseal(sealed: SealedRecord): Promise<Uint8Array> {
    return unsealRecord(sealed, await this.unlocker.folderKey(sealed.protection.derivation));
  }

  /** Stores a new key. @throws TraoError `key_exists`; `key_locked` when the folder's other keys have another protection */
  async add(record: KeyRecord, secret: Uint8Array): Promise<void> {
    const entries = [...(await this.entries('files')).values()];
    if (entries.some(({ kid }) => kid === record.kid)) throw new TraoError('key_exists', { detail: record.kid });
    // One folder, one key: with a second one, a process would find some of its keys locked.
    const locked = entries.find((entry) => 'fault' in entry && entry.fault.code === 'key_locked');
    if (locked && 'fault' in locked) throw locked.fault;
    const other = entries.find((entry) => 'sealed' in entry);
    const derivation = other && 'sealed' in other ? other.sealed.protection.derivation : this.unlocker.newDerivation();
    const text = sealRecord(record, secret, derivation, await this.unlocker.folderKey(derivation));
    const file = path.join(this.folder, record.use, `${record.kid}${ENDING}`);
    await makePrivateFolder(path.dirname(file));
    await writeNewFile(file, text);
    await this.entries('files');
  }

  /** Changes what is known of a key; its private part stays. */
  async change(file: string, sealed: SealedRecord, record: KeyRecord): Promise<void> {
    const { derivation } = sealed.protection;
    const secret = await this.unseal(sealed);
    await replaceFile(file, sealRecord(record, secret, derivation, await this.unlocker.folderKey(derivation)));
    await this.entries('files');
  }

  /** Destroys the file of a key and keeps a line that says so. */
  async destroy(file: string, { kid, use, unit, notAfter }: KeyRecord, at: Date): Promise<void> {
    await destroyFile(file);
    const line: Destroyed = { kid, use, ...(unit && { unit }), notAfter, destroyedAt: at.toISOString() };
    await appendFile(path.join(this.folder, JOURNAL), `${JSON.stringify(line)}\n`, { mode: 0o600 });
    await this.entries('files');
  }

  /** The keys that were destroyed here, oldest first. A line that a crash cut short is left out. */
  async destroyed(): Promise<Destroyed[]> {
    const text = await readFile(path.join(this.folder, JOURNAL), 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      try {
        return [JSON.parse(line) as Destroyed];
      } catch {
        return [];
      }
    });
  }

  /** @param closely looks at each file, also where no file came or went */
  private async look(closely: boolean): Promise<void> {
    const stamps = await Promise.all(['', ...KEY_USES].map((use) => stampOf(path.join(this.folder, use))));
    // A folder that is not mounted for a while must not stop a process that has its keys.
    if (stamps[0] === GONE) return;
    const folders = stamps.join();
    if (!closely && folders === this.folders) return;
    const seen = new Map<string, { stamp: string; entry: Entry }>();
    const keys = new Map<string, Entry>();
    for (const [file, use, name] of await this.files()) {
      const stamp = await stampOf(file);
      const known = this.seen.get(file);
      const entry = known?.stamp === stamp ? known.entry : await this.read(file, use, name.slice(0, -ENDING.length));
      seen.set(file, { stamp, entry });
      const same = keys.get(entry.kid);
      const detail = `${file} and ${same?.file} have one id.`;
      keys.set(entry.kid, same ? { kid: entry.kid, file, fault: new TraoError('key_damaged', { detail }) } : entry);
    }
    this.seen = seen;
    this.keys = keys;
    // A file may come in the same tick of the file system's clock, after this look.
    this.folders = (await youngest(this.folder)) > Date.now() - TICK_MS ? '' : folders;
  }

  /** Path, use and name of each key file. Of an earlier version, a file may stand at the top: it is seen so that it is refused. */
  private async files(): Promise<(readonly [file: string, use: string, name: string])[]> {
    const found = await Promise.all(
      ['', ...KEY_USES].map(async (use) => {
        const folder = path.join(this.folder, use);
        const names = (await namesIn(folder)).filter((name) => name.endsWith(ENDING));
        if (names.length > 0) await assertPrivate(folder);
        return names.map((name) => [path.join(folder, name), use, name] as const);
      }),
    );
    return found.flat();
  }

  private async read(file: string, use: string, kid: string): Promise<Entry> {
    try {
      await assertPrivate(file);
      const sealed = readRecord(await readFile(file), file);
      if (sealed.record.use !== use || sealed.record.kid !== kid)
        throw new TraoError('key_damaged', { detail: `${file} is the file of another key.` });
      await this.unseal(sealed);
      return { kid, file, sealed };
    } catch (error) {
      const { code } = asTraoError(error);
      const fault = code === 'internal' ? new TraoError('key_unreadable', { detail: file, cause: error }) : error;
      return { kid, file, fault: fault as TraoError };
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new TraoError('key_unreadable', { detail: folder, cause });
  }
}

/** When a folder of keys was changed last, in milliseconds. */
async function youngest(folder: string): Promise<number> {
  const stats = await Promise.all(KEY_USES.map((use) => stat(path.join(folder, use)).catch(() => undefined)));
  return Math.max(0, ...stats.map((found) => found?.mtimeMs ?? 0));
}

async function stampOf(place: string): Promise<string> {
  const found = await stat(place).catch(() => undefined);
  return found ? `${found.ino} ${found.mtimeMs} ${found.size} ${found.mode}` : GONE;
}
