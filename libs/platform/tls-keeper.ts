import { X509Certificate } from 'node:crypto';
import { digestOf } from '../envelope';
import { asTraoError } from '../errors';
import type { RaiseAlarm } from '../exchange';
import { type Partners, type TlsIdentity } from '../trust';
import type { Logger } from './logger';
import { readTlsFiles, stampOf, type TlsFiles } from './tls-files';
import { presentedLeaf, rehearse } from './tls-rehearsal';

export interface TlsKeeperOptions {
  readonly node: string;
  readonly tls: TlsFiles;
  /** The directory in force: it says which keys of ours partners take. */
  readonly partners: () => Partners;
  readonly raiseAlarm: RaiseAlarm;
  readonly logger: Logger;
}

const LOOK_MS = 5_000;

/**
 * Keeps the TLS certificate of a process: when its files change, the new one comes into use for new connections, and open ones go on.
 * What partners would refuse does not come into use: a certificate without its key, as when only one of the files is written yet, one
 * that has expired, one whose key the directory does not pin. Then the last good one stays, with a line in the log and an alarm.
 */
export class TlsKeeper {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private listener: ((identity: TlsIdentity) => void) | undefined;
  /** What was looked at last: the files as they were and the directory. */
  private seen: { stamp: string; partners: Partners | undefined } = { stamp: '', partners: undefined };

  private constructor(
    private readonly options: TlsKeeperOptions,
    private current: TlsIdentity,
  ) {}

  /**
   * Starts with what the files hold, also when partners would refuse it: there is nothing better, and what has arrived can be filed.
   * @throws TraoError `tls_unusable` when the files hold no certificate with its key
   */
  static async start(options: TlsKeeperOptions): Promise<TlsKeeper> {
    const stamp = await stampOf(options.tls).catch(() => '');
    const keeper = new TlsKeeper(options, await readTlsFiles(options.tls));
    keeper.seen = { stamp, partners: undefined };
    await keeper.look();
    keeper.timer = setInterval(() => void keeper.look(), LOOK_MS).unref();
    return keeper;
  }

  /** The certificate in use. */
  identity = (): TlsIdentity => this.current;

  /** Calls back with each certificate that comes into use from now on. */
  whenChanged(listener: (identity: TlsIdentity) => void): void {
    this.listener = listener;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Looks whether files or directory have changed. One look at a time. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const { tls, node, logger, partners } = this.options;
    const now = { stamp: await stampOf(tls).catch(() => 'missing'), partners: partners() };
    if (now.stamp === this.seen.stamp && now.partners === this.seen.partners) return;
    this.seen = now;
    let found: TlsIdentity | undefined;
    try {
      found = await readTlsFiles(tls);
      await rehearse(found, now.partners.node(node).tls);
      if (isSame(found, this.current)) return;
      this.current = found;
      this.listener?.(found);
      logger.log('tls_changed');
    } catch (error) {
      const inUse = found !== undefined && isSame(found, this.current);
      await this.alarm(error, inUse ? 'tls_not_trusted' : 'tls_not_taken');
    }
  }

  private async alarm(error: unknown, what: 'tls_not_trusted' | 'tls_not_taken'): Promise<void> {
    const { node, logger, raiseAlarm } = this.options;
    logger.log(what, { err: error });
    const { code } = asTraoError(error);
    const { stamp, partners } = this.seen;
    // Gateway and worker look at the same files: people hear of a thing once.
    const once = `certificate_refused ${code} ${digestOf(`${stamp} ${partners?.directory.version}`)}`;
    await raiseAlarm('certificate_refused', node, code, { once }).catch((fault: unknown) => {
      this.seen = { stamp: '', partners: undefined }; // the alarm must not be lost: look again
      logger.log('alarm_not_raised', { err: fault, subject: node });
    });
  }
}

const isSame = (a: TlsIdentity, b: TlsIdentity) => JSON.stringify(a) === JSON.stringify(b);

/** The certificate that peers see, as PEM; undefined where no handshake comes about. */
export async function certificateOf(identity: TlsIdentity): Promise<string | undefined> {
  const leaf = await presentedLeaf(identity);
  return leaf && new X509Certificate(leaf).toString();
}
