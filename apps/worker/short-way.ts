import type { Batch } from '../../libs/exchange';
import type { Handler, WorkQueue } from '../../libs/queue';

/** More than so many at a time go through the queue, where other workers take some of them. */
const MOST_HERE = 32;

/**
 * Evidence does not go through the queue. The worker that filed a message has its receipts, the keys and the connection at hand, so the
 * relay that claims them has them handed back at once: a job costs the queue as much as ten receipts cost everything else. What is under way
 * here is claimed like any batch and due again when this process dies.
 */
export class ShortWay {
  private readonly running = new Set<Promise<void>>();
  private handler: Handler | undefined;

  constructor(private readonly queue: Pick<WorkQueue, 'enqueue'>) {}

  /** From here on receipts are handed back by `handler`, which tells of its own failures. */
  open(handler: Handler): void {
    this.handler = handler;
  }

  readonly enqueue = async (batches: readonly Batch[]): Promise<void> => {
    const here = batches
      .filter(({ kind }) => kind === 'acknowledge' && this.handler)
      .slice(0, MOST_HERE - this.running.size);
    for (const { id } of here) this.run(id);
    const rest = batches.filter((batch) => !here.includes(batch));
    if (rest.length > 0) await this.queue.enqueue(rest);
  };

  /** Takes no more, and ends when all that is under way has. */
  async close(): Promise<void> {
    this.handler = undefined;
    await Promise.all(this.running);
  }

  private run(batchId: string): void {
    const work = this.handler!(batchId)
      .catch(() => undefined)
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }
}
