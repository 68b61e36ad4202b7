/** A mail that was caught instead of sent. */
export interface CaughtMail {
  readonly to: readonly string[];
  readonly from: string;
  /** RFC 3339. */
  readonly at: string;
  readonly subject: string;
  readonly text: string;
  /** The mail as it came, with its headers. */
  readonly source: string;
}

const KEPT = 500;

/** The last mails, newest first; in memory only. */
export class Mailbox {
  #mails: readonly CaughtMail[] = [];

  put(mail: CaughtMail): void {
    this.#mails = [mail, ...this.#mails].slice(0, KEPT);
  }

  list(): readonly CaughtMail[] {
    return this.#mails;
  }
}
