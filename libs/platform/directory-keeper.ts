import { readFile, stat } from 'node:fs/promises';
import { TraoError, asTraoError } from '../errors';
import type { RaiseAlarm } from '../exchange';
import { adoptDirectory, assertInTime, Partners, type InForce, type TrustAnchor } from '../trust';
import type { Logger } from './logger';

/** Adopted directories, kept across restarts. */
export interface DirectoryStore {
  /** All of them, oldest first. */
  adopted(): Promise<Uint8Array[]>;
  keep(version: number, signed: Uint8Array): Promise<void>;
}

export interface KeeperOptions {
  readonly node: string;
  readonly directoryFile: string;
  /** JSON text. */
  readonly trustAnchor: string;
  readonly store: DirectoryStore;
  readonly raiseAlarm: RaiseAlarm;
  readonly logger: Logger;
}

const LOOK_MS = 5_000;

/**
 * Keeps the directory in force: the newest valid one of the file and the database. A bad candidate is refused and alarmed, the last
 * good one stays. A process starts only with a directory that is valid, in time and knows its node.
 */
export class DirectoryKeeper {
  private inForce: InForce | undefined;
  private current: Partners | undefined;
  private listener: ((partners: Partners) => void) | undefined;
  private fileStamp = '';
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: KeeperOptions,
    private readonly anchor: TrustAnchor,
  ) {}

  static async start(options: KeeperOptions): Promise<DirectoryKeeper> {
    const keeper = new DirectoryKeeper(options, parseAnchor(options.trustAnchor));
    await keeper.replay();
    await keeper.lookAtFile();
    const { directory } = keeper.required;
    assertInTime(directory, new Date());
    if (!directory.nodes.some((node) => node.id === options.node)) {
      throw new TraoError('config_invalid', { detail: `The directory knows no node ${options.node}.` });
    }
    keeper.timer = setInterval(() => void keeper.lookAtFile(), LOOK_MS).unref();
    return keeper;
  }

  /** The directory in force. */
  partners = (): Partners => (this.current ??= new Partners(this.required.directory));

  /** The signed document in force, as bytes. */
  get signed(): Uint8Array {
    return this.required.signed;
  }

  /** Calls back with each directory that comes into force from now on. */
  whenAdopted(listener: (partners: Partners) => void): void {
    this.listener = listener;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private get required(): InForce {
    if (this.inForce) return this.inForce;
    throw new TraoError('directory_malformed', { detail: `No valid directory in ${this.options.directoryFile}.` });
  }

  /**
   * From the trust anchor through every adopted version: after a change of governance the anchor alone proves nothing newer. What another
   * process of this node has adopted counts here too.
   */
  private async replay(): Promise<void> {
    let last: InForce | undefined;
    for (const signed of await this.options.store.adopted()) {
      // Judged as of the time it was for: what has expired meanwhile still protects against anything older.
      last = { directory: await adoptDirectory(signed, this.anchor, 'as issued', last), signed };
    }
    if (last && last.directory.version !== this.inForce?.directory.version) this.bringIntoForce(last);
  }

  private bringIntoForce(next: InForce): void {
    this.inForce = next;
    this.current = undefined;
    this.listener?.(this.partners());
  }

  private async lookAtFile(): Promise<void> {
    const { directoryFile, logger } = this.options;
    try {
      const { mtimeMs, size } = await stat(directoryFile);
      const stamp = `${mtimeMs} ${size}`;
      if (stamp === this.fileStamp) return;
      await this.replay();
      await this.tryAdopt(await readFile(directoryFile));
      this.fileStamp = stamp;
    } catch (error) {
      logger.warn({ err: error }, 'directory file cannot be read or kept');
    }
  }

  /** Keeps the candidate before it counts; a candidate that cannot be kept now is looked at again. */
  private async tryAdopt(signed: Uint8Array): Promise<void> {
    const { store, raiseAlarm, logger } = this.options;
    try {
      const directory = await adoptDirectory(signed, this.anchor, new Date(), this.inForce);
      if (this.inForce?.directory.version === directory.version) return;
      // What could not be proven again after a restart would keep every process of this node from starting.
      await adoptDirectory(signed, this.anchor, 'as issued', this.inForce);
      await store.keep(directory.version, signed);
      this.bringIntoForce({ directory, signed });
      logger.info({ version: directory.version }, 'directory adopted');
    } catch (error) {
      const { code, retryable } = asTraoError(error);
      if (retryable) throw error;
      logger.error({ err: error }, 'directory refused');
      await raiseAlarm('directory_refused', 'file', code);
    }
  }
}

function parseAnchor(text: string): TrustAnchor {
  try {
    return JSON.parse(text) as TrustAnchor;
  } catch (cause) {
    throw new TraoError('config_invalid', { detail: 'The trust anchor is not JSON.', cause });
  }
}
