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

  /**
   * The sender is asked first: what is there stays there, so the recipient can only have more by then. Bytes that were refused for a retired key
   * lie with the conflicts, where they make room for the message sealed anew; until the sender hears of it, they are what it was promised for.
   */
  private async compare(from: NodeId, to: NodeId): Promise<void> {
    const claims = await readerOf(this.nodes, from)<{ id: string; digest: string; state: string }>(
      `SELECT id, digest, state FROM outbox WHERE state IN ('received', 'delivered', 'opened') AND created_at >= $1
         AND recipient_node = $2`,
      [this.since, to],
    );
    const open = claims.filter(({ id, digest, state }) => !this.proven.has(`${id} ${digest} ${state}`));
    if (open.length === 0) return;
    const there = await readerOf(this.nodes, to)<{ id: string; digest: string; filed: boolean }>(
      `SELECT i.id, i.digest, i.state = 'filed' AND (SELECT count(*) FROM case_event c WHERE c.direction = 'filed' AND c.message_id = i.id) = 1 AS filed
       FROM inbox i WHERE i.id = ANY ($1::uuid[]) AND i.sender_node = $2
       UNION ALL SELECT id, digest, false FROM inbox_conflict WHERE id = ANY ($1::uuid[]) AND sender_node = $2`,
      [open.map(({ id }) => id), from],
    );
    const filed = new Map<string, boolean>();
    for (const row of there) {
      const bytes = `${row.id} ${row.digest}`;
      filed.set(bytes, row.filed || filed.get(bytes) === true);
    }
    for (const { id, digest, state } of open) {
      const held = filed.get(`${id} ${digest}`);
      const isThere = DELIVERED.includes(state) ? held === true : held !== undefined;
      if (isThere) this.proven.add(`${id} ${digest} ${state}`);
      else this.faults.add(`${id} was ${state} at ${from} before ${to} had it (look ${this.looks + 1})`);
    }
  }
}
