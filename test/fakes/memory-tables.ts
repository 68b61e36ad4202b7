import type {
  Attempt,
  Batch,
  Circuit,
  EarlierSend,
  IncomingMessage,
  OutgoingMessage,
  StoredCase,
  StoredCaseEvent,
  StoredReceipt,
} from '../../libs/exchange';
import type { DeliveryState } from '../../libs/lifecycle';

/** What every row that waits for a worker has. */
interface Waiting {
  readonly lane: Batch['lane'];
  readonly batch: string | undefined;
  readonly dueAt: Date;
}

export interface OutboxRow extends Waiting {
  readonly message: OutgoingMessage & { readonly recipientKid: string };
  readonly state: DeliveryState;
  readonly code?: string | undefined;
  readonly attempts: number;
  readonly strikes: number;
}

export interface InboxRow extends Waiting {
  readonly message: IncomingMessage;
  readonly state: 'stored' | 'held' | 'filed' | 'refused';
  readonly attempts: number;
  /** The referral that a held message waits for. */
  readonly thread?: string | undefined;
}

export interface ReceiptRow extends Waiting {
  readonly receipt: StoredReceipt;
  readonly place: 'handed' | 'refused' | 'waiting' | 'obtained' | 'own';
  readonly attempts?: number;
}

export interface BatchRow {
  readonly batch: Batch;
  readonly partner: string;
  readonly until: Date;
}

/** The database of a node, in memory. Rows are replaced, never changed, so a copy of the maps is a snapshot. */
export class MemoryTables {
  outbox = new Map<string, OutboxRow>();
  inbox = new Map<string, InboxRow>();
  conflicts = new Map<string, IncomingMessage>();
  receipts = new Map<string, ReceiptRow>();
  cases = new Map<string, StoredCase>();
  events = new Map<string, StoredCaseEvent>();
  idempotency = new Map<string, EarlierSend>();
  circuits = new Map<string, Circuit>();
  batches = new Map<string, BatchRow>();
  attempts: readonly Attempt[] = [];
  /** Every delivery state that a message had, in order. */
  history: readonly { readonly id: string; readonly state: DeliveryState }[] = [];

  private last: Promise<unknown> = Promise.resolve();

  /** One transaction after the other; what a failing one wrote is gone. */
  atomically<T>(work: () => T | Promise<T>): Promise<T> {
    const running = this.last.then(async () => {
      const before = this.snapshot();
      try {
        return await work();
      } catch (error) {
        Object.assign(this, before);
        throw error;
      }
    });
    this.last = running.catch(() => undefined);
    return running;
  }

  private snapshot(): object {
    const { outbox, inbox, conflicts, receipts, cases, events, idempotency, circuits, batches } = this;
    const maps = { outbox, inbox, conflicts, receipts, cases, events, idempotency, circuits, batches };
    const copies = Object.entries(maps).map(([name, map]) => [name, new Map(map as Map<string, unknown>)]);
    return { ...Object.fromEntries(copies), attempts: this.attempts, history: this.history };
  }
}

export const inboxKey = (senderNode: string, id: string) => `${senderNode} ${id}`;
const receiptKey = (issuer: string, id: string) => `${issuer} ${id}`;
export const caseKey = ({ unit, referralId }: Pick<StoredCase, 'unit' | 'referralId'>) => `${unit} ${referralId}`;
export const eventKey = (event: Pick<StoredCaseEvent, 'unit' | 'messageId' | 'direction'>) =>
  `${event.unit} ${event.messageId} ${event.direction}`;

/** Inserts a row whose key must be new, as a primary key does. */
export function insert<R>(table: Map<string, R>, key: string, row: R): void {
  if (table.has(key)) throw new Error(`duplicate key ${key}`);
  table.set(key, row);
}

/** Changes members of a row that is there. */
export function update<R>(table: Map<string, R>, key: string, changes: Partial<R>): void {
  table.set(key, { ...table.get(key)!, ...changes });
}

/** Stores receipts that are new, as bytes; answers the ids that were. */
export function insertReceipts(
  tables: MemoryTables,
  receipts: readonly StoredReceipt[],
  place: ReceiptRow['place'],
  dueAt: Date,
): ReadonlySet<string> {
  const fresh = new Set<string>();
  for (const receipt of receipts) {
    const key = receiptKey(receipt.issuer, receipt.id);
    if (tables.receipts.has(key)) continue;
    fresh.add(receipt.id);
    const lane = tables.inbox.get(inboxKey(receipt.senderNode, receipt.messageId))?.lane ?? 'normal';
    tables.receipts.set(key, { receipt, place, lane, batch: undefined, dueAt });
  }
  return fresh;
}

/** Writes the new state of an outgoing message and notes it. */
export function moveMessage(tables: MemoryTables, id: string, state: DeliveryState, code?: string): void {
  update(tables.outbox, id, { state, code });
  tables.history = [...tables.history, { id, state }];
}
