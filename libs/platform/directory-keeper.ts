import { readFile, stat } from 'node:fs/promises';
import { TraoError, asTraoError } from '../errors';
import type { RaiseAlarm } from '../exchange';
import { adoptDirectory, Partners, type TrustAnchor } from '../trust';
import type { Logger } from './logger';

/** Adopted directories, kept across restarts. */
export interface DirectoryStore {
  latest(): Promise<Uint8Array | undefined>;
  keep(version: number, signed: Uint8Array): Promise<void>;
}

export interface KeeperOptions {
  readonly directoryFile: string;
  readonly trustAnchorFile: string;
  readonly store: DirectoryStore;
  readonly raiseAlarm: RaiseAlarm;
  readonly logger: Logger;
}

const LOOK_MS = 5_000;

/**
 * Keeps the directory in force: the newest valid one of the file and the database. A bad candidate is refused and alarmed, the last
 * good one stays; only where there is none does the process refuse to start.
 */
export class DirectoryKeeper {
  private current: { readonly partners: Partners; readonly signed: Uint8Array } | undefined;
  private listener: ((partners: Partners) => void) | undefined;
  private fileStamp = '';
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: KeeperOptions,
    private readonly anchor: TrustAnchor,
  ) {}

  static async start(options: KeeperOptions): Promise<DirectoryKeeper> {
    const anchor = JSON.parse(await readFile(options.trustAnchorFile, 'utf8')) as TrustAnchor;
    const keeper = new DirectoryKeeper(options, anchor);
    const kept = await options.store.latest();
    if (kept) await keeper.tryAdopt(kept, 'database');
    await keeper.lookAtFile();
    if (!keeper.current)
      throw new TraoError('directory_malformed', { detail: `No valid directory in ${options.directoryFile}.` });
    keeper.timer = setInterval(() => void keeper.lookAtFile(), LOOK_MS).unref();
    return keeper;
  }

  /** The directory in force. */
  partners = (): Partners => this.inForce.partners;

  /** The signed document in force, as bytes. */
  get signed(): Uint8Array {
    return this.inForce.signed;
  }

  /** Calls back with each directory that comes into force from now on. */
  whenAdopted(listener: (partners: Partners) => void): void {
    this.listener = listener;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private get inForce() {
    if (!this.current) throw new TraoError('directory_expired');
    return this.current;
  }

  private async lookAtFile(): Promise<void> {
    const { directoryFile } = this.options;
    try {
      const { mtimeMs, size } = await stat(directoryFile);
      const stamp = `${mtimeMs} ${size}`;
      if (stamp === this.fileStamp) return;
      this.fileStamp = stamp;
      await this.tryAdopt(await readFile(directoryFile), 'file');
    } catch (error) {
      this.options.logger.warn({ err: error }, 'directory file cannot be read');
    }
  }

  private async tryAdopt(signed: Uint8Array, from: 'file' | 'database'): Promise<void> {
    const { store, raiseAlarm, logger } = this.options;
    const inForce = this.current && { directory: this.current.partners.directory, signed: this.current.signed };
    try {
      const directory = await adoptDirectory(signed, this.anchor, new Date(), inForce);
      if (inForce?.directory.version === directory.version) return;
      this.current = { partners: new Partners(directory), signed };
      if (from === 'file') await store.keep(directory.version, signed);
      this.listener?.(this.current.partners);
      logger.info({ version: directory.version, from }, 'directory adopted');
    } catch (error) {
      const { code } = asTraoError(error);
      logger.error({ err: error, from }, 'directory refused');
      await raiseAlarm('directory_refused', from, code);
    }
  }
}
