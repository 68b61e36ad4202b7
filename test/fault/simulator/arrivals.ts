import { inboxKey } from '../../fakes/memory-tables';
import type { MemoryNode } from '../../fakes/memory-node';
import { replaceCall } from './replace-call';

interface Named {
  readonly senderNode: string;
  readonly id: string;
}

/**
 * In which order recipients stored messages and gave their verdicts. The times of the rows do not tell: a gateway may stand still for days between
 * taking a request and its commit.
 */
export class Arrivals {
  private readonly storedAt = new Map<string, number>();
  private readonly refusedAt = new Map<string, number>();
  private count = 0;

  listen({ ports }: MemoryNode): void {
    replaceCall(ports.accept, 'storeReceived', (store) => async (...args) => {
      const stored = (await store(...args)) as ReadonlySet<string>;
      for (const message of args[0] as readonly Named[]) if (stored.has(message.id)) this.note(this.storedAt, message);
      return stored;
    });
    replaceCall(ports.ingest, 'file', (file) => async (...args) => {
      const { refused } = args[1] as { readonly refused: readonly { readonly message: Named }[] };
      for (const { message } of refused) this.note(this.refusedAt, message);
      return file(...args);
    });
  }

  /** Whether a message was not there yet when another one of its sender was refused. Both are named by their rows. */
  cameAfterRefusalOf(refused: string, message: string): boolean {
    return (this.storedAt.get(message) ?? 0) > this.refusedAt.get(refused)!;
  }

  private note(times: Map<string, number>, { senderNode, id }: Named): void {
    this.count += 1;
    times.set(inboxKey(senderNode, id), this.count);
  }
}
