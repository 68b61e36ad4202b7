import type {
  AcceptStore,
  AcknowledgeStore,
  IncomingMessage,
  IngestPorts,
  IngestStore,
  RaiseAlarm,
  StoredReceipt,
} from '../../libs/exchange';
import type { Clock } from '../../libs/casework';
import { saveCase } from './memory-cases';
import { addTokens, caseKey, eventKey, inboxKey, insert, insertReceipts, update } from './memory-tables';
import type { MemoryTables } from './memory-tables';
import type { InboxRow } from './memory-tables';
import { circuitStore, endBatch, takeInHand } from './memory-work';

/** The stores of a receiver over tables in memory. Each call is a transaction of its own, unless it says otherwise. */

export function acceptStore(tables: MemoryTables, node: string): AcceptStore {
  return {
    findKnown: (senderNode, ids) =>
      tables.atomically(() =>
        [...tables.receipts.values()]
          .map(({ receipt }) => receipt)
          .filter((receipt) => receipt.issuer === node && receipt.event === 'received')
          .filter((receipt) => receipt.senderNode === senderNode && ids.includes(receipt.messageId))
          .map(({ messageId, digest, token }) => {
            const counts = tables.inbox.get(inboxKey(senderNode, messageId))?.message.digest === digest;
            return { id: messageId, digest, receipt: token, counts };
          }),
      ),

    storeReceived: (messages, receipts) =>
      tables.atomically(() => {
        // What was refused for a retired key has freed its id, but not for the same bytes again.
        const came = ({ senderNode, id, digest }: IncomingMessage) =>
          [...tables.receipts.values()].some(
            ({ receipt: r }) =>
              r.issuer === node &&
              r.event === 'received' &&
              r.senderNode === senderNode &&
              r.messageId === id &&
              r.digest === digest,
          );
        const fresh = messages.filter(
          (message) => !tables.inbox.has(inboxKey(message.senderNode, message.id)) && !came(message),
        );
        for (const message of fresh) {
          const row: InboxRow = {
            message,
            state: 'stored',
            attempts: 0,
            lane: message.header.pri,
            batch: undefined,
            dueAt: message.receivedAt,
          };
          insert(tables.inbox, inboxKey(message.senderNode, message.id), row);
        }
        const stored = new Set(fresh.map(({ id }) => id));
        const theirs = receipts.filter((receipt) => stored.has(receipt.messageId));
        for (const receipt of theirs) insertReceipts(tables, [receipt], 'handed', receipt.issuedAt);
        return stored;
      }),

    storeConflict: (message) =>
      tables.atomically(() => {
        tables.conflicts.set(`${message.senderNode} ${message.id} ${message.digest}`, message);
      }),
  };
}

const waits = ({ state }: InboxRow) => state === 'stored' || state === 'held';

export function beginIngest(tables: MemoryTables, clock: Clock): IngestPorts['begin'] {
  return (batchId) =>
    tables.atomically(() => {
      const mine = takeInHand(tables, clock, batchId);
      const rows = [...tables.inbox.entries()].filter(([key, row]) => mine(key, row) && waits(row));
      if (rows.length === 0) endBatch(tables, batchId);
      for (const [key, row] of rows) update(tables.inbox, key, { attempts: row.attempts + 1, batch: batchId });
      return rows.map(([, { message, attempts }]) => {
        const { senderNode, id, token, digest, receivedAt } = message;
        return { senderNode, id, token, digest, receivedAt, attempts: attempts + 1 };
      });
    });
}

/** Inside a transaction of its caller. */
export function ingestStore(tables: MemoryTables, clock: Clock, raiseAlarm: RaiseAlarm): IngestStore {
  return {
    lockWaiting: (batchId) =>
      Promise.resolve(
        [...tables.inbox.values()].filter((row) => row.batch === batchId && waits(row)).map((row) => row.message),
      ),
    earlierWaits: ({ senderNode, id }, place, until) =>
      Promise.resolve(
        [...tables.inbox.values()].some((row) => {
          const { message, thread, seq = Infinity } = row;
          if (!waits(row) || message.senderNode !== senderNode || message.id === id) return false;
          return thread === undefined ? message.receivedAt <= until : thread === place.thread && seq < place.seq;
        }),
      ),
    lockCases: (refs) => Promise.resolve([...new Set(refs.map(caseKey))].flatMap((key) => tables.cases.get(key) ?? [])),
    async file(batchId, { cases, events, files, search, receipts, filed, refused, held, threads, alarms }) {
      for (const record of cases) saveCase(tables, record, clock.now());
      for (const event of events) insert(tables.events, eventKey(event), event);
      for (const file of files) {
        const key = `${file.unit} ${file.id}`;
        if (!tables.files.has(key)) tables.files.set(key, { file, attempts: 0, dueAt: clock.now() });
      }
      for (const entry of search) addTokens(tables, entry);
      insertReceipts(tables, receipts, 'waiting', clock.now());
      const outcomes = [
        ...filed.map((message) => ({ message, state: 'filed' as const, dueAt: clock.now(), place: undefined })),
        ...refused.map(({ message, thread }) => ({
          message,
          state: 'refused' as const,
          dueAt: clock.now(),
          place: { thread, seq: undefined },
        })),
        ...held.map(({ message, place, retryAt }) => ({ message, state: 'held' as const, dueAt: retryAt, place })),
      ];
      for (const { message, state, dueAt, place } of outcomes) {
        const key = inboxKey(message.senderNode, message.id);
        const attempts = state === 'held' ? 0 : tables.inbox.get(key)!.attempts;
        const { thread, seq } = place ?? {};
        update(tables.inbox, key, { state, dueAt, thread, seq, attempts, batch: undefined });
      }
      wakeHeld(tables, threads, clock);
      setStaleAside(tables, receipts);
      endBatch(tables, batchId);
      for (const { kind, subject, code } of alarms) await raiseAlarm(kind, subject, code);
    },
  };
}

/** Frees the id of what was refused for a retired key. */
function setStaleAside(tables: MemoryTables, receipts: readonly StoredReceipt[]): void {
  for (const { event, code, senderNode, messageId, digest } of receipts) {
    if (event !== 'refused' || code !== 'stale_key') continue;
    const key = inboxKey(senderNode, messageId);
    tables.conflicts.set(`${key} ${digest}`, tables.inbox.get(key)!.message);
    tables.inbox.delete(key);
  }
}

/** What was filed may be what held messages of the same referrals wait for. */
function wakeHeld(tables: MemoryTables, threads: readonly string[], clock: Clock): void {
  for (const [key, { thread, state, batch }] of tables.inbox) {
    const wakes = state === 'held' && batch === undefined && thread !== undefined && threads.includes(thread);
    if (wakes) update(tables.inbox, key, { dueAt: clock.now() });
  }
}

export function acknowledgeStore(tables: MemoryTables, clock: Clock): AcknowledgeStore {
  return {
    ...circuitStore(tables),
    begin: (batchId) =>
      tables.atomically(() => {
        const mine = takeInHand(tables, clock, batchId);
        const rows = [...tables.receipts.entries()].filter(([key, row]) => mine(key, row) && row.place === 'waiting');
        if (rows.length === 0) endBatch(tables, batchId);
        return rows.map(([key, { receipt, attempts = 0 }]) => {
          update(tables.receipts, key, { batch: batchId, attempts: attempts + 1 });
          const { id, messageId, senderNode: partner, token } = receipt;
          return { id, messageId, partner, token, attempts: attempts + 1 };
        });
      }),
    finish: (batchId, handings) =>
      tables.atomically(() => {
        for (const [key, { receipt, batch }] of tables.receipts) {
          const handing = handings.find(({ id }) => id === receipt.id);
          if (batch !== batchId || !handing) continue;
          const change = 'done' in handing ? { place: handing.done } : { dueAt: handing.retryAt };
          update(tables.receipts, key, { ...change, batch: undefined });
        }
        endBatch(tables, batchId);
      }),
  };
}
