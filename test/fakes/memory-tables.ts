import type { Attempt, Batch, Circuit, IncomingMessage, StoredReceipt } from '../../libs/exchange';
import type {
  EarlierSend,
  OutgoingMessage,
  SearchEntry,
  StoredCase,
  StoredCaseEvent,
  StoredDraft,
  StoredFile,
} from '../../libs/casework';
import type { DeliveryState } from '../../libs/lifecycle';

/** What every row that waits for a worker has. */
interface Waiting {
  readonly lane: Batch['lane'];
  readonly batch: string | undefined;
  readonly dueAt: Date;
}

export interface OutboxRow extends Waiting {
  readonly message: OutgoingMessage & { readonly recipientKid: string };
  /** What it was sealed to before. */
  readonly superseded: readonly { readonly digest: string; readonly kid: string }[];
  readonly kept: Uint8Array | undefined;
  /** When it is looked at again after a refusal; undefined for at once. */
  readonly resealAt?: Date | undefined;
  readonly state: DeliveryState;
  readonly code?: string | undefined;
  readonly attempts: number;
  readonly strikes: number;
  /** When the timer of the sender looks at it next. */
  readonly lookAt: Date | undefined;
}

export interface InboxRow extends Waiting {
  readonly message: IncomingMessage;
  readonly state: 'stored' | 'held' | 'filed' | 'refused';
  readonly attempts: number;
  /** The referral that a held message waits for, or that a refused one meant. */
  readonly thread?: string | undefined;
  /** The number of a held message in its referral. */
  readonly seq?: number | undefined;
  /** When an officer saw it for the first time, and whether its sender was told. */
  readonly openedAt?: Date | undefined;
  readonly told?: boolean;
}

export interface ReceiptRow extends Waiting {
  readonly receipt: StoredReceipt;
  readonly place: 'handed' | 'refused' | 'waiting' | 'obtained' | 'own';
  readonly attempts?: number;
}

export interface FileRow {
  readonly file: StoredFile;
  readonly recipientNode?: string | undefined;
  readonly attempts: number;
  readonly dueAt: Date;
}

export interface IncomingFileRow {
  readonly total: number;
  readonly held: number;
  readonly state: 'open' | 'complete' | 'taken';
  readonly receipt?: string;
}

export interface BatchRow {
  readonly batch: Batch;
  readonly partner: string;
  /** The rows that it names, by their keys. */
  readonly keys: readonly string[];
  readonly until: Date;
}

/** The database of a node, in memory. Rows are replaced, never changed, so a copy of the maps is a snapshot. */
export class MemoryTables {
  outbox = new Map<string, OutboxRow>();
  inbox = new Map<string, InboxRow>();
  conflicts = new Map<string, IncomingMessage>();
  receipts = new Map<string, ReceiptRow>();
  cases = new Map<string, StoredCase>();
  /** When a case changed last; a case whose content was erased has no message that would tell. */
  changes = new Map<string, Date>();
  events = new Map<string, StoredCaseEvent>();
  /** Search tokens of a case, hexadecimal. */
  search = new Map<string, ReadonlySet<string>>();
  drafts = new Map<string, StoredDraft>();
  files = new Map<string, FileRow>();
  incoming = new Map<string, IncomingFileRow>();
  /** Sealed pieces of files, by holder (a unit, or a sending node), file and where they begin. */
  pieces = new Map<string, Uint8Array>();
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
    const copies = Object.entries(this).flatMap(([name, table]) =>
      table instanceof Map ? [[name, new Map(table)]] : [],
    );
    return { ...Object.fromEntries(copies), attempts: this.attempts, history: this.history };
  }
}

export const inboxKey = (senderNode: string, id: string) => `${senderNode} ${id}`;
const receiptKey = (issuer: string, id: string) => `${issuer} ${id}`;
export const caseKey = ({ unit, referralId }: Pick<StoredCase, 'unit' | 'referralId'>) => `${unit} ${referralId}`;
export const eventKey = (event: Pick<StoredCaseEvent, 'unit' | 'messageId' | 'direction'>) =>
  `${event.unit} ${event.messageId} ${event.direction}`;

export const draftKey = ({ unit, id }: Pick<StoredDraft, 'unit' | 'id'>) => `${unit} ${id}`;

/** Inserts a row whose key must be new, as a primary key does. */
export function insert<R>(table: Map<string, R>, key: string, row: R): void {
  if (table.has(key)) throw new Error(`duplicate key ${key}`);
  table.set(key, row);
}

/** Changes members of a row that is there. */
export function update<R>(table: Map<string, R>, key: string, changes: Partial<R>): void {
  table.set(key, { ...table.get(key)!, ...changes });
}

const hex = (token: Uint8Array) => Buffer.from(token).toString('hex');

/** Adds to the words by which a case is found. */
export function addTokens(tables: MemoryTables, entry: SearchEntry): void {
  const key = caseKey(entry);
  const known = tables.search.get(key) ?? new Set();
  tables.search.set(key, new Set([...known, ...entry.tokens.map(hex)]));
}

/** Whether the case has all the tokens. */
export function hasTokens(tables: MemoryTables, key: string, tokens: readonly Uint8Array[]): boolean {
  const known = tables.search.get(key);
  return known !== undefined && tokens.every((token) => known.has(hex(token)));
}

/** Forgets the sealed copies of messages that were handed over; their digests and receipts stay. */
export function forgetSealed(tables: MemoryTables, ids: ReadonlySet<string>): void {
  for (const [key, row] of tables.inbox) {
    if (ids.has(row.message.id)) tables.inbox.set(key, { ...row, message: { ...row.message, token: '' } });
  }
  for (const [key, row] of tables.outbox) {
    const travels = row.state === 'queued' || row.state === 'sending';
    if (ids.has(key) && !travels) tables.outbox.set(key, { ...row, message: { ...row.message, token: '' } });
  }
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
