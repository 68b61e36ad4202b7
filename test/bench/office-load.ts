import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { DraftPool } from './draft-pool';

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
  private readonly agent = new Agent({ keepAlive: true, scheduling: 'fifo' });
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
    this.agent.destroy();
  }

  private post(): Promise<string> {
    const { url, unit, token } = this.office;
    const draft = this.drafts.take();
    if (draft === undefined) return Promise.reject(new Error('no draft left'));
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-length': 0, 'idempotency-key': randomUUID() };
      const options = { method: 'POST', agent: this.agent, headers };
      const outgoing = request(`${url}/v1/units/${unit}/drafts/${draft}/send`, options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          if (incoming.statusCode !== 202) return reject(new Error(`HTTP ${incoming.statusCode}`));
          resolve((JSON.parse(Buffer.concat(chunks).toString()) as { messageId: string }).messageId);
        });
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  }
}
