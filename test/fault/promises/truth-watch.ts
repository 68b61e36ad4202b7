import { setTimeout as pause } from 'node:timers/promises';
import { NODES, type NodeId, type TwoNodes } from '../../harness/two-nodes';
import { readerOf } from './reading';

const EVERY_MS = 200;
const DELIVERED = ['delivered', 'opened'];

/** Looks again and again, while faults strike, whether a sender believes more than is true at the recipient (I4). */
export class TruthWatch {
  private readonly proven = new Set<string>();
  private readonly faults = new Set<string>();
  private looks = 0;
  private ended = false;
  private running: Promise<void>;

  constructor(
    private readonly nodes: TwoNodes,
    private readonly since: Date,
  ) {
    this.running = this.run();
  }

  /** Looks no more but once, at the end. */
  async pause(): Promise<void> {
    this.ended = true;
    await this.running;
  }

  /** Ends after a last look. Answers what was ahead of the truth. */
  async end(): Promise<string[]> {
    await this.pause();
    await this.look();
    return [...this.faults];
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      // A database that a fault has taken away says nothing; the last look must succeed.
      await this.look().catch(() => undefined);
      await pause(EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    for (const [from, to] of [
      [NODES[0]!, NODES[1]!],
      [NODES[1]!, NODES[0]!],
    ] as const)
      await this.compare(from, to);
    this.looks += 1;
  }

  /** The sender is asked first: what is there stays there, so the recipient can only have more by then. */
  private async compare(from: NodeId, to: NodeId): Promise<void> {
    const claims = await readerOf(this.nodes, from)<{ id: string; state: string }>(
      `SELECT id, state FROM outbox WHERE state IN ('received', 'delivered', 'opened') AND created_at >= $1
         AND recipient_node = $2`,
      [this.since, to],
    );
    const open = claims.filter(({ id, state }) => !this.proven.has(`${id} ${state}`));
    if (open.length === 0) return;
    const there = await readerOf(this.nodes, to)<{ id: string; filed: boolean }>(
      `SELECT i.id, i.state = 'filed' AND (SELECT count(*) FROM case_event c WHERE c.direction = 'filed' AND c.message_id = i.id) = 1 AS filed
       FROM inbox i WHERE i.id = ANY ($1::uuid[]) AND i.sender_node = $2`,
      [open.map(({ id }) => id), from],
    );
    const filed = new Map(there.map((row) => [row.id, row.filed]));
    for (const { id, state } of open) {
      const isThere = DELIVERED.includes(state) ? filed.get(id) === true : filed.has(id);
      if (isThere) this.proven.add(`${id} ${state}`);
      else this.faults.add(`${id} was ${state} at ${from} before ${to} had it (look ${this.looks + 1})`);
    }
  }
}
