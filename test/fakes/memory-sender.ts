import type { Clock, DeliverStore, ExpireStore, SendStore, SettleStore } from '../../libs/exchange';
import {
  caseKey,
  eventKey,
  insert,
  insertReceipts,
  moveMessage,
  update,
  type MemoryTables,
  type OutboxRow,
} from './memory-tables';
import { circuitStore, endBatch, renewed } from './memory-work';

/** The stores of a sender over tables in memory. Each works inside a transaction of its caller, unless it says otherwise. */

export function sendStore(tables: MemoryTables, unit: string, clock: Clock): SendStore {
  const own = (asked: string) => asked === unit;
  return {
    earlier: (clientId, key) => Promise.resolve(tables.idempotency.get(`${clientId} ${key}`)),
    lockCase: (asked, referralId) =>
      Promise.resolve(own(asked) ? tables.cases.get(caseKey({ unit: asked, referralId })) : undefined),
    referralOf(asked, messageId) {
      const found = [...tables.events.values()].find((event) => event.unit === asked && event.messageId === messageId);
      return Promise.resolve(own(asked) ? found?.referralId : undefined);
    },
    save({ message, record, event, request }) {
      if (record) tables.cases.set(caseKey(record), record);
      if (event) insert(tables.events, eventKey(event), event);
      const row: OutboxRow = {
        message,
        state: 'queued',
        attempts: 0,
        strikes: 0,
        lane: message.priority,
        batch: undefined,
        dueAt: clock.now(),
      };
      insert(tables.outbox, message.id, row);
      insert(tables.idempotency, `${request.clientId} ${request.idempotencyKey}`, request);
      tables.history = [...tables.history, { id: message.id, state: 'queued' }];
      return Promise.resolve();
    },
  };
}

const waits = ({ state }: OutboxRow) => state === 'queued' || state === 'sending';

/** Not inside a transaction: each call is one. */
export function deliverStore(tables: MemoryTables, clock: Clock): DeliverStore {
  return {
    ...circuitStore(tables),

    begin: (batchId) =>
      tables.atomically(() => {
        const rows = [...tables.outbox.values()].filter((row) => row.batch === batchId && waits(row));
        for (const row of rows) {
          if (row.state === 'queued') moveMessage(tables, row.message.id, 'sending');
          update(tables.outbox, row.message.id, { attempts: row.attempts + 1, dueAt: renewed(clock) });
        }
        return rows.map((row) => ({ ...row.message, attempts: row.attempts + 1 }));
      }),

    finish: (batchId, attempts, releases) =>
      tables.atomically(() => {
        tables.attempts = [...tables.attempts, ...attempts];
        for (const release of releases) {
          const row = tables.outbox.get(release.messageId)!;
          if (row.batch !== batchId || row.state !== 'sending') continue;
          if ('gaveUp' in release) moveMessage(tables, release.messageId, 'undeliverable', release.gaveUp);
          else {
            const strikes = row.strikes + (release.strike ? 1 : 0);
            update(tables.outbox, release.messageId, { batch: undefined, dueAt: release.retryAt, strikes });
          }
        }
        endBatch(tables, batchId);
      }),
  };
}

export function settleStore(tables: MemoryTables, clock: Clock): SettleStore {
  return {
    lockSent(ids) {
      const rows = [...tables.outbox.values()].filter((row) => ids.includes(row.message.id));
      return Promise.resolve(
        rows.map(({ message, state }) => {
          const { id, recipientNode, digest } = message;
          return { id, recipientNode, digest, state };
        }),
      );
    },
    settle(settlements) {
      const receipts = settlements.map(({ receipt }) => receipt);
      const fresh = insertReceipts(tables, receipts, 'obtained', clock.now());
      for (const { receipt, state } of settlements)
        if (state) moveMessage(tables, receipt.messageId, state, receipt.code);
      return Promise.resolve(fresh);
    },
  };
}

export function expireStore(tables: MemoryTables, clock: Clock): ExpireStore {
  return {
    lockExpired(now, limit) {
      const rows = [...tables.outbox.values()].filter((row) => waits(row) && row.message.expiresAt <= now);
      return Promise.resolve(
        rows.slice(0, limit).map(({ message, state }) => {
          const { id, recipientNode, digest } = message;
          return { id, recipientNode, digest, state };
        }),
      );
    },
    expire(messages, evidence) {
      insertReceipts(tables, evidence, 'own', clock.now());
      for (const { id } of messages) moveMessage(tables, id, 'expired', 'expired');
      return Promise.resolve();
    },
  };
}
