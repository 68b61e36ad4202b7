import { readFile, stat } from 'node:fs/promises';
import { TraoError, asTraoError } from '../errors';
import { digestOf } from '../envelope';
import type { DirectoryInForce, RaiseAlarm } from '../exchange';
import { compareDirectory, followDirectories, Partners, readAnchor } from '../trust';
import type { Comparison, InForce, TrustAnchor } from '../trust';
import { expiredAtStart, tellExpiry } from './directory-expiry';
import type { Logger } from './logger';

/** Adopted directories, kept across restarts and shared by the processes of a node. */
export interface DirectoryStore {
  /** Those above a version, oldest first. */
  adopted(above: number): Promise<Uint8Array[]>;
  /** Keeps versions in one commit; one that is there already stays as it is. */
  keep(documents: readonly { readonly version: number; readonly signed: Uint8Array }[]): Promise<void>;
}

export interface KeeperOptions {
  readonly node: string;
  readonly directoryFile: string;
  /** JSON text. */
  readonly trustAnchor: string;
  readonly store: DirectoryStore;
  readonly raiseAlarm: RaiseAlarm;
  readonly logger: Logger;
  /** Default: the clock of this machine. */
  readonly now?: () => Date;
}

const LOOK_MS = 5_000;

/**
 * Keeps the directory in force: the newest valid one of the database, the file and what partners serve. A bad candidate is refused and
 * alarmed, the last good one stays, also when it expires while the process runs. A process starts only with a directory that is valid,
 * in time and knows its node.
 */
export class DirectoryKeeper implements DirectoryInForce {
  private inForce: InForce | undefined;
  private current: Partners | undefined;
  private readonly listeners: ((partners: Partners) => void)[] = [];
  private readonly adoptedBytes = new Set<string>();
  private fileStamp = '';
  private timer: NodeJS.Timeout | undefined;
  /** One candidate at a time: each is judged by what the one before it has left in force. */
  private turn: Promise<unknown> = Promise.resolve();
  private looking: Promise<void> = Promise.resolve();
  private toldExpiry = '';
  /** Why rows of the database were passed over, by their digest. Another version in force may prove them after all. */
  private readonly passedOver = new Map<string, TraoError>();
  private readonly now: () => Date;

  private constructor(
    private readonly options: KeeperOptions,
    private readonly anchor: TrustAnchor,
  ) {
    this.now = options.now ?? (() => new Date());
  }

  static async start(options: KeeperOptions): Promise<DirectoryKeeper> {
    const keeper = new DirectoryKeeper(options, readAnchor(Buffer.from(options.trustAnchor)));
    await keeper.catchUp();
    keeper.assertAnchored();
    const failure = await keeper.lookAtFile();
    const { directory } = keeper.required(failure);
    const expired = expiredAtStart(directory, options.directoryFile, keeper.now());
    if (expired) throw expired;
    if (!directory.nodes.some((node) => node.id === options.node)) {
      throw new TraoError('config_invalid', { detail: `The directory knows no node ${options.node}.` });
    }
    await keeper.lookAtClock();
    keeper.timer = setInterval(() => void (keeper.looking = keeper.look()), LOOK_MS).unref();
    return keeper;
  }

  /** The directory in force. */
  partners = (): Partners => (this.current ??= new Partners(this.required().directory));

  /** The signed document in force, as bytes. */
  get signed(): Uint8Array {
    return this.required().signed;
  }

  /** The entity tag of the signed document in force (RFC 9110 §8.8.3). */
  tag = (): string => directoryTag(this.signed);

  compare = (links: readonly Uint8Array[]): Promise<Comparison> =>
    compareDirectory(links, this.anchor, this.now(), this.required());

  /** Keeps a copy that somebody serves and brings it into force. @throws TraoError `directory_*`, `database_unavailable` */
  adopt = (links: readonly Uint8Array[], from: string): Promise<void> => this.inTurn(() => this.take(links, from));

  /** Calls back with each directory that comes into force from now on. */
  whenAdopted(listener: (partners: Partners) => void): void {
    this.listeners.push(listener);
  }

  /** Ends when nothing is under way any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private required(failure?: TraoError): InForce {
    if (this.inForce) return this.inForce;
    // The file may be a good one: what is wrong is this machine, for now.
    if (failure?.retryable) throw failure;
    const { directoryFile } = this.options;
    throw new TraoError(failure?.code ?? 'directory_malformed', {
      detail: `There is no valid directory in ${directoryFile}. See why with: trao directory verify ${directoryFile} --anchor FILE`,
      ...(failure && { cause: failure, faults: failure.faults }),
    });
  }

  /**
   * An anchor under which nothing holds that this node has adopted is not its anchor: somebody has swapped the file, and must not begin
   * a history of their own with it.
   */
  private assertAnchored(): void {
    const [cause] = this.passedOver.values();
    if (this.inForce || !cause) return;
    const next = 'Put the trust anchor back that this node was set up with (TRAO_TRUST_ANCHOR).';
    throw new TraoError(cause.code, {
      detail: `Nothing that this node has adopted holds under its trust anchor. ${next}`,
      cause,
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.turn.then(work);
    this.turn = next.catch(() => undefined);
    return next;
  }

  /** What other processes of this node have adopted, a file that somebody has put in place, and the time. Never throws. */
  private async look(): Promise<void> {
    const { logger } = this.options;
    await this.inTurn(() => this.catchUp()).catch((error: unknown) =>
      logger.log('directory_rows_unread', { err: error }),
    );
    await this.inTurn(() => this.lookAtFile());
    await this.lookAtClock();
  }

  /**
   * Follows what this node has adopted, from the trust anchor or the one in force: after a change of governance the anchor alone proves
   * nothing newer. Judged as of the time it was for: what has expired meanwhile still protects against anything older. A row that proves
   * nothing, because somebody has changed it, is passed over like one that was deleted.
   */
  private async catchUp(): Promise<void> {
    const before = this.inForce;
    for (const signed of await this.options.store.adopted(before?.directory.version ?? 0)) {
      const document = digestOf(signed);
      if (this.passedOver.has(document) && this.inForce === before) continue;
      try {
        this.inForce = await followDirectories([signed], this.anchor, 'as issued', this.inForce);
        this.adoptedBytes.add(document);
      } catch (error) {
        this.passedOver.set(document, await this.refuse(signed, 'database', error));
      }
    }
    if (this.inForce === before) return;
    this.current = undefined;
    const partners = this.partners();
    this.options.logger.log('directory_in_force', { version: partners.directory.version });
    for (const listener of this.listeners) listener(partners);
  }

  /** Answers why the file was refused, or could not be kept. */
  private async lookAtFile(): Promise<TraoError | undefined> {
    const { directoryFile, logger } = this.options;
    try {
      const { mtimeMs, size } = await stat(directoryFile);
      const stamp = `${mtimeMs} ${size}`;
      if (stamp === this.fileStamp) return undefined;
      const refused = await this.takeFile(await readFile(directoryFile));
      this.fileStamp = stamp;
      return refused;
    } catch (error) {
      logger.log('directory_file_unread', { err: error });
      return error instanceof TraoError ? error : undefined;
    }
  }

  private async takeFile(signed: Uint8Array): Promise<TraoError | undefined> {
    // A file that newer versions from partners have overtaken is nothing to tell people of.
    if (this.adoptedBytes.has(digestOf(signed))) return undefined;
    try {
      await this.catchUp();
      await this.take([signed], 'file');
      return undefined;
    } catch (error) {
      return this.refuse(signed, 'file', error);
    }
  }

  /** Tells people, once for each document. A good one that cannot be kept now is looked at again: faults of this machine are thrown. */
  private async refuse(signed: Uint8Array, from: 'file' | 'database', error: unknown): Promise<TraoError> {
    const refused = asTraoError(error);
    if (refused.retryable) throw error;
    const { raiseAlarm, logger } = this.options;
    logger.log('directory_refused', { err: error, from });
    const once = `${refused.code} ${from} ${digestOf(signed)}`;
    await raiseAlarm('directory_refused', from, refused.code, { once });
    return refused;
  }

  /** Keeps a candidate before it counts. */
  private async take(links: readonly Uint8Array[], from: string): Promise<void> {
    const { store, logger } = this.options;
    const versions: { version: number; signed: Uint8Array }[] = [];
    for (let last = this.inForce, count = 1; count <= links.length; count += 1) {
      const at = count === links.length ? this.now() : 'as issued';
      last = await followDirectories(links.slice(count - 1, count), this.anchor, at, last);
      versions.push({ version: last.directory.version, signed: last.signed });
    }
    const { version, signed } = versions.at(-1)!;
    if (version === this.inForce?.directory.version) return;
    await store.keep(versions);
    logger.log('directory_adopted', { version, from });
    // What the database holds counts: another process of this node may have been quicker, with another document.
    await this.catchUp();
    const kept = await this.compare([signed]);
    if (kept.kind === 'refused') throw new TraoError(kept.code);
  }

  private async lookAtClock(): Promise<void> {
    const { raiseAlarm, logger } = this.options;
    try {
      this.toldExpiry = await tellExpiry(this.required().directory, this.now(), this.toldExpiry, raiseAlarm);
    } catch (error) {
      logger.log('alarm_not_raised', { err: error });
    }
  }
}

/** The entity tag of a signed directory: another one for other bytes. */
export const directoryTag = (signed: Uint8Array): string => `"${digestOf(signed)}"`;
