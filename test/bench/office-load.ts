import { randomUUID } from 'node:crypto';
import type { DraftPool } from './draft-pool';
import { HttpLine } from './http-line';

/** A message that the office has taken: its id, and when handing it in began or was due (milliseconds since 1970). */
export interface Submitted {
  readonly id: string;
  readonly startedMs: number;
}

/** Wall time with fractions of a millisecond. */
export const nowMs = () => performance.timeOrigin + performance.now();

/** Has approved referrals sent by an office, over connections that stay open, and notes what came of it. */
export class OfficeLoad {
  readonly submitted: Submitted[] = [];
  /** Answers other than 202, by status or error code. */
  readonly failures = new Map<string, number>();
  private readonly idle: HttpLine[] = [];
  private readonly busy = new Set<HttpLine>();
  private readonly open = new Set<Promise<void>>();

  constructor(
    private readonly office: { readonly url: string; readonly unit: string; readonly token: string },
    private readonly drafts: DraftPool,
  ) {}

  /** True when there is nothing left to hand in: a closed loop ends then. */
  get isSpent(): boolean {
    return this.drafts.isEmpty;
  }

  /**
   * Has one referral sent. It never throws: what fails is counted.
   * @param startedMs what the latency of this message counts from
   */
  submit(startedMs: number): Promise<void> {
    const submitting = this.post().then(
      (id) => void this.submitted.push({ id, startedMs }),
      (error: Error & { code?: string }) => {
        const what = error.code ?? error.message;
        this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
      },
    );
    const settled = submitting.finally(() => this.open.delete(settled));
    this.open.add(settled);
    return settled;
  }

  /** Waits for all answers. */
  async close(): Promise<void> {
    await Promise.all(this.open);
    this.abort();
  }

  /** Closes all connections: what is not answered counts as failed. */
  abort(): void {
    for (const line of [...this.idle, ...this.busy]) line.close();
  }

  private async post(): Promise<string> {
    const draft = this.drafts.take();
    if (draft === undefined) throw new Error('no draft left');
    const line = this.line();
    this.busy.add(line);
    try {
      const { status, body } = await line.ask(this.request(draft));
      if (status !== 202) throw new Error(`HTTP ${status}`);
      return messageIdOf(body);
    } finally {
      this.busy.delete(line);
      if (line.isOpen) this.idle.push(line);
    }
  }

  /** A connection that nobody uses, the one that was used last: others may go to sleep. */
  private line(): HttpLine {
    for (let line = this.idle.pop(); line; line = this.idle.pop()) if (line.isOpen) return line;
    const { hostname, port } = new URL(this.office.url);
    return new HttpLine(hostname, Number(port));
  }

  private request(draft: string): string {
    const { url, unit, token } = this.office;
    return (
      `POST /v1/units/${unit}/drafts/${draft}/send HTTP/1.1\r\nhost: ${url.slice('http://'.length)}\r\n` +
      `authorization: Bearer ${token}\r\nidempotency-key: ${randomUUID()}\r\ncontent-length: 0\r\n\r\n`
    );
  }
}

/** Whatever else the answer says is not looked at. */
function messageIdOf(body: string): string {
  const id = /"messageId":"([0-9a-f-]{36})"/.exec(body)?.[1];
  if (id === undefined) throw new Error('an answer without an id');
  return id;
}
