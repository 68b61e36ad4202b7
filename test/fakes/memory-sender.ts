import { type Clock, type SendStore } from '../../libs/casework';
import {
  type AttemptStore,
  type DeliverStore,
  type ExpireStore,
  type OverdueMessage,
  type OverdueStore,
  type RaiseAlarm,
  type ResealStore,
  type SentMessage,
  type SettleStore,
} from '../../libs/exchange';
import { caseSource, draftStore, dropDraft, eraseCase, saveCase } from './memory-cases';
import { moveFiles } from './memory-files';
import {
  addTokens,
  caseKey,
  draftKey,
  eventKey,
  insert,
  insertReceipts,
  moveMessage,
  update,
  type MemoryTables,
  type OutboxRow,
} from './memory-tables';
import { circuitStore, endBatch, takeInHand } from './memory-work';

type MachineEvent = OverdueMessage['evidence'][number];

/** The stores of a sender over tables in memory. Each works inside a transaction of its caller, unless it says otherwise. */

export function sendStore(tables: MemoryTables, unit: string, clock: Clock): SendStore {
  return {
    ...caseSource(tables, unit),
    earlier: (clientId, key) => Promise.resolve(tables.idempotency.get(`${clientId} ${key}`)),
    lockDraft: (asked, id) =>
      Promise.resolve(asked === unit ? tables.drafts.get(draftKey({ unit: asked, id })) : undefined),
    drafts: (asked, limit) => draftStore(tables, unit).drafts(asked, limit),
    save({ message, lookAt, record, event, kept, search, request, erases, filesOf, forgotten }) {
      if (record) saveCase(tables, record, message.createdAt);
      if (event) insert(tables.events, eventKey(event), event);
      if (search) addTokens(tables, search);
      if (event && filesOf) moveFiles(tables, filesOf, event, message.recipientNode);
      for (const id of forgotten) dropDraft(tables, unit, id);
      if (record && erases) eraseCase(tables, record, erases);
      const row: OutboxRow = {
        message,
        superseded: [],
        kept,
        state: 'queued',
        attempts: 0,
        strikes: 0,
        lane: message.priority,
        batch: undefined,
        dueAt: clock.now(),
        lookAt,
      };
      insert(tables.outbox, message.id, row);
      insert(tables.idempotency, `${request.clientId} ${request.idempotencyKey}`, request);
      tables.history = [...tables.history, { id: message.id, state: 'queued' }];
      return Promise.resolve();
    },
  };
}

const sentOf = ({ message: { id, recipientNode, digest }, superseded, state }: OutboxRow): SentMessage => ({
  id,
  recipientNode,
  digest,
  formerDigests: superseded.map((former) => former.digest),
  state,
});

const waits = ({ state }: OutboxRow) => state === 'queued' || state === 'sending';

/** Not inside a transaction: each call is one. */
export function deliverStore(tables: MemoryTables, clock: Clock): DeliverStore {
  return {
    ...circuitStore(tables),

    begin: (batchId) =>
      tables.atomically(() => {
        const mine = takeInHand(tables, clock, batchId);
        const rows = [...tables.outbox.entries()]
          .filter(([key, row]) => mine(key, row) && waits(row))
          .map(([, row]) => row);
        if (rows.length === 0) endBatch(tables, batchId);
        for (const row of rows) {
          if (row.state === 'queued') moveMessage(tables, row.message.id, 'sending');
          update(tables.outbox, row.message.id, { attempts: row.attempts + 1, batch: batchId });
        }
        return rows.map((row) => ({ ...row.message, attempts: row.attempts + 1 }));
      }),
  };
}

export function attemptStore(tables: MemoryTables, clock: Clock, raiseAlarm: RaiseAlarm): AttemptStore {
  return {
    ...settleStore(tables, clock, raiseAlarm),

    finish(batchId, attempts, releases) {
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
      return Promise.resolve();
    },
  };
}

export function settleStore(tables: MemoryTables, clock: Clock, raiseAlarm: RaiseAlarm): SettleStore {
  return {
    lockSent(ids) {
      const rows = [...tables.outbox.values()].filter((row) => ids.includes(row.message.id));
      return Promise.resolve(rows.map(sentOf));
    },
    settle(settlements) {
      const receipts = settlements.map(({ receipt }) => receipt);
      const fresh = insertReceipts(tables, receipts, 'obtained', clock.now());
      for (const { receipt, state } of settlements) {
        if (!state) continue;
        moveMessage(tables, receipt.messageId, state, receipt.code);
        // The next deadline counts from here.
        update(tables.outbox, receipt.messageId, { lookAt: clock.now() });
      }
      return Promise.resolve(fresh);
    },
    async raise(alarms) {
      for (const { kind, subject, code } of alarms) await raiseAlarm(kind, subject, code);
    },
  };
}

export function expireStore(tables: MemoryTables, clock: Clock): ExpireStore {
  return {
    lockExpired(now, limit) {
      const rows = [...tables.outbox.values()].filter((row) => waits(row) && row.message.expiresAt <= now);
      return Promise.resolve(rows.slice(0, limit).map(sentOf));
    },
    expire(messages, evidence) {
      insertReceipts(tables, evidence, 'own', clock.now());
      for (const { id } of messages) moveMessage(tables, id, 'expired', 'expired');
      return Promise.resolve();
    },
  };
}

/** The states in which a sender's timer looks at a message. */
const WATCHED: readonly OutboxRow['state'][] = ['queued', 'sending', 'received', 'delivered'];

/** Inside a transaction of its caller. */
export function overdueStore(tables: MemoryTables, node: string, clock: Clock, raiseAlarm: RaiseAlarm): OverdueStore {
  return {
    lockOverdue(now, limit) {
      const rows = [...tables.outbox.values()].filter(
        ({ state, lookAt }) => WATCHED.includes(state) && lookAt !== undefined && lookAt <= now,
      );
      return Promise.resolve(
        rows.slice(0, limit).map(({ message: { id, digest, recipientNode, priority, createdAt } }) => {
          const receipts = [...tables.receipts.values()].flatMap(({ receipt }) =>
            receipt.messageId === id && receipt.senderNode === node && receipt.digest === digest ? [receipt] : [],
          );
          const when = (event: string) => receipts.find((receipt) => receipt.event === event)?.issuedAt;
          const own = receipts.filter(({ issuer }) => issuer === node).map(({ event }) => event as MachineEvent);
          const times = { receivedAt: when('received'), deliveredAt: when('delivered'), openedAt: when('opened') };
          return { id, digest, recipientNode, priority, createdAt, ...times, evidence: own };
        }),
      );
    },
    async note(evidence, next, alarms) {
      insertReceipts(tables, evidence, 'own', clock.now());
      for (const { id, at } of next) update(tables.outbox, id, { lookAt: at });
      for (const { kind, subject, code } of alarms) await raiseAlarm(kind, subject, code);
    },
  };
}

/** Inside a transaction of its caller. */
export function resealStore(tables: MemoryTables, clock: Clock, raiseAlarm: RaiseAlarm): ResealStore {
  return {
    lockStale(now, units, limit) {
      const rows = [...tables.outbox.values()].filter(
        ({ state, code, resealAt = now }) => state === 'refused' && code === 'stale_key' && resealAt <= now,
      );
      return Promise.resolve(
        rows.slice(0, limit).map(({ message: { id, recipientNode, priority, recipientKid }, superseded, kept }) => {
          const event = [...tables.events.values()].find(
            (row) => row.messageId === id && row.direction === 'sent' && units.includes(row.unit),
          );
          const record = event && tables.cases.get(caseKey(event));
          const source = event && record ? { record, event } : kept && { kept };
          const triedKids = [...superseded.map(({ kid }) => kid), recipientKid];
          return { id, recipientNode, priority, triedKids, source };
        }),
      );
    },
    async save(resealings, alarms) {
      for (const item of resealings) {
        const { message, superseded } = tables.outbox.get(item.id)!;
        if ('token' in item) {
          const { token, digest, recipientKid } = item;
          const former = { digest: message.digest, kid: message.recipientKid };
          update(tables.outbox, item.id, {
            message: { ...message, token, digest, recipientKid },
            superseded: [...superseded, former],
            batch: undefined,
            strikes: 0,
            dueAt: clock.now(),
            resealAt: undefined,
            lookAt: clock.now(),
          });
          moveMessage(tables, item.id, 'queued');
        } else update(tables.outbox, item.id, { resealAt: 'lookAt' in item ? item.lookAt : NEVER });
      }
      for (const { kind, subject, code } of alarms) await raiseAlarm(kind, subject, code);
    },
  };
}

/** The last moment that a date can hold. */
const NEVER = new Date(8_640_000_000_000_000);
