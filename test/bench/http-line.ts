import { connect, type Socket } from 'node:net';

const NOTHING = Buffer.alloc(0);

/** An answer as far as it is looked at. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One connection over which requests go one after the other (HTTP/1.1, no TLS). The load generator shares the processors with what it
 * loads, so it does no more than it must: a client of Node's own costs several times as much CPU for each request.
 */
export class HttpLine {
  private readonly socket: Socket;
  private received: Buffer = NOTHING;
  private waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  /** False when the connection has ended and can take no request. */
  isOpen = true;

  constructor(host: string, port: number) {
    this.socket = connect({ host, port, noDelay: true });
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => this.end(error));
    this.socket.on('close', () => this.end(new Error('connection closed')));
  }

  /** Sends a whole request, as bytes, and answers what comes back. One at a time. */
  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    try {
      const answer = parseAnswer(this.received);
      if (!answer) return;
      this.received = NOTHING;
      const { waiting } = this;
      this.waiting = undefined;
      waiting?.resolve(answer);
    } catch (error) {
      this.end(error as Error);
      this.close();
    }
  }

  private end(error: Error): void {
    this.isOpen = false;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}

const HEAD_END = '\r\n\r\n';

/** The answer when it is complete. @throws Error for one that does not tell its length */
export function parseAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error('an answer without a length');
  const from = headEnd + HEAD_END.length;
  const to = from + Number(length);
  if (bytes.length < to) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', from, to) };
}
