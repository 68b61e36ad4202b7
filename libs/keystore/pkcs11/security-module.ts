import { TraoError } from '../../errors';
import { CK, loadCryptoki, saysAlready, type Cryptoki } from './cryptoki';

/**
 * The library of a security module in this process. PKCS#11 has one state per process and library: it is started once, and after a
 * fault it is stopped and started again, when nothing is under way in it. A token that was pulled and put back is seen only then.
 */
export class SecurityModule {
  /** Grows with every start: handles of an earlier one are void. */
  private starts = 0;
  private running = false;
  private underWay = 0;
  private drained: (() => void) | undefined;
  private renewing: Promise<void> | undefined;

  private constructor(
    private readonly cryptoki: Cryptoki,
    private readonly library: string,
  ) {}

  private static readonly loaded = new Map<string, Promise<SecurityModule>>();

  /** @throws TraoError `token_unavailable`, `config_invalid` */
  static of(library: string, load = loadCryptoki): Promise<SecurityModule> {
    const known = this.loaded.get(library);
    const loading = known ?? load(library).then((cryptoki) => new SecurityModule(cryptoki, library));
    this.loaded.set(library, loading);
    loading.catch(() => this.loaded.delete(library));
    return loading;
  }

  get generation(): number {
    return this.starts;
  }

  /** Lets `work` use the library; it is not stopped meanwhile. */
  async use<T>(work: (cryptoki: Cryptoki) => Promise<T>): Promise<T> {
    while (this.renewing) await this.renewing;
    this.start();
    this.underWay += 1;
    try {
      return await work(this.cryptoki);
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) this.drained?.();
    }
  }

  /** Stops the library, so that the next use starts it anew; once for all who saw the same start fail. */
  renew(seen: number): Promise<void> {
    if (seen !== this.starts || !this.running) return this.renewing ?? Promise.resolve();
    this.renewing ??= this.stop().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private start(): void {
    if (this.running) return;
    try {
      this.cryptoki.C_Initialize({ flags: CK.CKF_OS_LOCKING_OK });
    } catch (cause) {
      if (!saysAlready(cause, 'CKR_CRYPTOKI_ALREADY_INITIALIZED'))
        throw new TraoError('token_unavailable', { detail: `${this.library} does not start.`, cause });
    }
    this.running = true;
    this.starts += 1;
  }

  /** Never over the heads of those who are in the library: that could end the process. */
  private async stop(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.drained = resolve));
    this.drained = undefined;
    this.running = false;
    try {
      this.cryptoki.C_Finalize();
    } catch {
      // It was not running any more, which is what we want.
    }
  }
}
