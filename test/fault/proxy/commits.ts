import type { Direction } from './modes';
import type { Verdict, Watcher } from './link';

/**
 * Which commit of a process is cut off, and how: `answer` lets the server commit and breaks the connection before it can say so;
 * `commit` breaks it before the server hears. The client sees the same both times and must not know which.
 */
export interface CommitCut {
  /** Statements of the transaction that is meant. */
  readonly touching: RegExp;
  readonly lose: 'answer' | 'commit';
  /** How many are still to be cut; the watchers count down. */
  left: number;
  /** How many have been cut. */
  hits: number;
}

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const COMMIT = /^\s*(COMMIT|END)\b/i;
const BEGIN = /^\s*(BEGIN|START TRANSACTION)\b/i;
const ROLLBACK = /^\s*(ROLLBACK|ABORT)\b/i;

/**
 * Reads the client's half of PostgreSQL's protocol, version 3 (PostgreSQL manual, chapter "Frontend/Backend Protocol"): simple queries,
 * and prepared ones by the text under which they were parsed. A statement outside a transaction commits by itself.
 */
export class CommitWatcher implements Watcher {
  private rest = Buffer.alloc(0);
  private started = false;
  private readonly prepared = new Map<string, string>();
  private inTransaction = false;
  private touched = false;
  /** The meant commit is on its way to the server. */
  private sent = false;

  constructor(private readonly cut: () => CommitCut | undefined) {}

  see(direction: Direction, bytes: Buffer): Verdict {
    if (direction === 'down') return this.sent ? 'cut' : 'pass';
    this.rest = Buffer.concat([this.rest, bytes]);
    for (let message = this.next(); message; message = this.next()) {
      const text = this.textOf(message);
      if (text === undefined || !this.isMeantCommit(text)) continue;
      const cut = this.cut()!;
      cut.left -= 1;
      cut.hits += 1;
      if (cut.lose === 'commit') return 'cut';
      this.sent = true;
    }
    return 'pass';
  }

  /** The next whole message, its type byte first; messages of the start have none. */
  private next(): Buffer | undefined {
    const head = this.started ? 1 : 0;
    if (this.rest.length < head + 4) return undefined;
    const length = head + this.rest.readInt32BE(head);
    if (this.rest.length < length) return undefined;
    const message = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    if (this.started) return message;
    const code = message.readInt32BE(4);
    this.started = code !== SSL_REQUEST && code !== GSS_REQUEST;
    return Buffer.alloc(1);
  }

  /** The statement that a message runs, where it runs one. */
  private textOf(message: Buffer): string | undefined {
    const fields = message.subarray(5);
    const [first, second] = [cString(fields, 0), () => cString(fields, cString(fields, 0).length + 1)];
    switch (String.fromCharCode(message[0]!)) {
      case 'Q':
        return first;
      case 'P':
        this.prepared.set(first, second());
        return undefined;
      case 'B':
        return this.prepared.get(second());
      default:
        return undefined;
    }
  }

  private isMeantCommit(text: string): boolean {
    const cut = this.cut();
    const meant = cut !== undefined && cut.left > 0;
    if (BEGIN.test(text) || ROLLBACK.test(text)) {
      this.inTransaction = BEGIN.test(text);
      this.touched = false;
      return false;
    }
    if (COMMIT.test(text)) {
      const hit = meant && this.touched;
      this.inTransaction = this.touched = false;
      return hit;
    }
    const touches = cut?.touching.test(text) ?? false;
    if (!this.inTransaction) return meant && touches;
    this.touched ||= touches;
    return false;
  }
}

function cString(bytes: Buffer, from: number): string {
  const end = bytes.indexOf(0, from);
  return bytes.toString('utf8', from, end < 0 ? bytes.length : end);
}
