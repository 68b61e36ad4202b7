import type { Batch, WorkKind } from '../../libs/exchange';
import type { Handler, WorkQueue } from '../../libs/queue';

/**
 * The way of a batch past the queue. The worker whose relay claims it has the keys and the connections at hand, so it does the work at
 * once while it has room: a job costs as much as ten messages cost everything else, and a wait for each end of it. What it has no room for goes
 * through the queue, to whichever worker has. What is under way here is claimed like any batch and due again when this process dies.
 */
export class ShortWay {
  private readonly running = new Set<Promise<void>>();
  private handlers: Readonly<Record<WorkKind, Handler>> | undefined;

  /** @param most batches at a time */
  constructor(
    private readonly queue: Pick<WorkQueue, 'enqueue'>,
    private readonly most: number,
  ) {}

  /** From here on batches are worked on by `handlers`, which tell of their own failures. */
  open(handlers: Readonly<Record<WorkKind, Handler>>): void {
    this.handlers = handlers;
  }

  readonly enqueue = async (batches: readonly Batch[]): Promise<void> => {
    const room = this.handlers ? Math.max(0, this.most - this.running.size) : 0;
    for (const { id, kind } of batches.slice(0, room)) this.run(id, this.handlers![kind]);
    const rest = batches.slice(room);
    if (rest.length > 0) await this.queue.enqueue(rest);
  };

  /** Takes no more, and ends when all that is under way has. */
  async close(): Promise<void> {
    this.handlers = undefined;
    await Promise.all(this.running);
  }

  private run(batchId: string, handler: Handler): void {
    const work = handler(batchId)
      .catch(() => undefined)
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }
}
