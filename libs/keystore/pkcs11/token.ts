import { readFile } from 'node:fs/promises';
import { TraoError } from '../../errors';
import { assertPrivate } from '../private-files';
import { CK, refusesPin, returnCodeOf, saysAlready, type Cryptoki, type Handle } from './cryptoki';
import { SecurityModule } from './security-module';

/** Where a token is, and the file of its PIN. */
export interface TokenAddress {
  readonly module: string;
  readonly token: string;
  readonly pinFile: string | undefined;
}

/** A session that is ours alone for one piece of work: PKCS#11 does one operation at a time in a session. */
export interface Session {
  readonly cryptoki: Cryptoki;
  readonly handle: Handle;
  /** Which start of the module it belongs to: handles of objects found in another are void. */
  readonly generation: number;
}

/** How many signatures are made at once. */
const SESSIONS = 4;
/** How long a module may be silent. */
const PATIENCE_MS = 20_000;

/** A token that we are logged in to. After a fault it is opened and logged in to again by itself. */
export class Token {
  private idle: Session[] = [];
  private atWork = 0;
  private readonly waiting: (() => void)[] = [];
  private refusedPin: string | undefined;

  constructor(
    private readonly module: SecurityModule,
    private readonly address: TokenAddress,
  ) {}

  private static readonly known = new Map<string, Promise<Token>>();

  static of(address: TokenAddress): Promise<Token> {
    const name = JSON.stringify([address.module, address.token, address.pinFile]);
    const known = this.known.get(name);
    const opening = known ?? SecurityModule.of(address.module).then((module) => new Token(module, address));
    this.known.set(name, opening);
    opening.catch(() => this.known.delete(name));
    return opening;
  }

  /**
   * Does a piece of work in a session. When the session, the login or the token was lost it is done once more, after a new start.
   * @throws TraoError `token_refused` for a wrong PIN, which is never tried a second time; `token_unavailable` for the rest
   */
  run<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return within(PATIENCE_MS, this.twice(work), this.address.token);
  }

  private async twice<T>(work: (session: Session) => Promise<T>): Promise<T> {
    let seen = 0;
    const note = (generation: number) => (seen = generation);
    try {
      return await this.attempt(work, note);
    } catch (error) {
      if (error instanceof TraoError && error.code !== 'token_unavailable') throw error;
    }
    await this.module.renew(seen);
    return this.attempt(work, note);
  }

  private async attempt<T>(work: (session: Session) => Promise<T>, note: (generation: number) => void): Promise<T> {
    await this.turn();
    try {
      return await this.module.use(async (cryptoki) => {
        note(this.module.generation);
        const session = await this.session(cryptoki);
        try {
          const result = await work(session);
          this.idle.push(session);
          return result;
        } catch (error) {
          // It may be in the middle of an operation, so nobody else gets it.
          close(session);
          throw error;
        }
      });
    } catch (cause) {
      if (cause instanceof TraoError) throw cause;
      const detail = `${this.address.token}: ${returnCodeOf(cause) ?? 'no answer'}`;
      throw new TraoError('token_unavailable', { detail, cause });
    } finally {
      this.release();
    }
  }

  private turn(): Promise<void> {
    if (this.atWork >= SESSIONS) return new Promise((resolve) => this.waiting.push(resolve));
    this.atWork += 1;
    return Promise.resolve();
  }

  private release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.atWork -= 1;
  }

  private async session(cryptoki: Cryptoki): Promise<Session> {
    const { generation } = this.module;
    this.idle = this.idle.filter((session) => session.generation === generation);
    const idle = this.idle.pop();
    if (idle) return idle;
    const handle = cryptoki.C_OpenSession(this.slot(cryptoki), CK.CKF_SERIAL_SESSION | CK.CKF_RW_SESSION);
    await this.login(cryptoki, handle);
    return { cryptoki, handle, generation };
  }

  private slot(cryptoki: Cryptoki): Handle {
    const slots = cryptoki.C_GetSlotList(true);
    const labelled = slots.filter((slot) => cryptoki.C_GetTokenInfo(slot).label.trim() === this.address.token);
    const [slot, second] = labelled;
    if (!slot) throw new TraoError('token_unavailable', { detail: `No token ${this.address.token} is there.` });
    if (second) throw new TraoError('config_invalid', { detail: `Two tokens are called ${this.address.token}.` });
    return slot;
  }

  private async login(cryptoki: Cryptoki, handle: Handle): Promise<void> {
    const pin = await this.pin();
    // A token counts wrong PINs and locks itself: one that was refused is not tried again until its file has another.
    if (pin === this.refusedPin) throw this.refusal();
    try {
      cryptoki.C_Login(handle, CK.CKU_USER, pin);
    } catch (error) {
      if (saysAlready(error, 'CKR_USER_ALREADY_LOGGED_IN')) return;
      if (!refusesPin(error)) throw error;
      this.refusedPin = pin;
      throw this.refusal(error);
    }
  }

  private async pin(): Promise<string> {
    const { pinFile, token } = this.address;
    if (pinFile === undefined)
      throw new TraoError('config_invalid', {
        detail: `TRAO_PKCS11_PIN_FILE is not set, and token ${token} needs a PIN.`,
      });
    await assertPrivate(pinFile);
    try {
      return (await readFile(pinFile, 'utf8')).trim();
    } catch (cause) {
      throw new TraoError('key_unreadable', { detail: pinFile, cause });
    }
  }

  private refusal(cause?: unknown): TraoError {
    const { token, pinFile } = this.address;
    return new TraoError('token_refused', { detail: `${token}: correct ${pinFile}, then try again.`, cause });
  }
}

function close({ cryptoki, handle }: Session): void {
  try {
    cryptoki.C_CloseSession(handle);
  } catch {
    // It was lost, with all that was in it.
  }
}

/** Callers get an answer from a module that hangs; the call into it cannot be taken back. */
async function within<T>(limitMs: number, work: Promise<T>, token: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const silent = () => reject(new TraoError('token_unavailable', { detail: `${token} does not answer in time.` }));
    timer = setTimeout(silent, limitMs).unref();
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
