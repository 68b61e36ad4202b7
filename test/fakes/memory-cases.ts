import type {
  CaseQuery,
  CaseRow,
  DraftStore,
  NotesStore,
  ReadStore,
  SendStore,
  StoredCase,
  StoredCaseEvent,
  StoredDraft,
  SweepStore,
} from '../../libs/casework';
import type { OpenedStore, RaiseAlarm } from '../../libs/exchange';
import { caseKey, draftKey, forgetSealed, hasTokens, inboxKey, insertReceipts, update } from './memory-tables';
import { eventKey, type MemoryTables } from './memory-tables';

/** The stores of an office over tables in memory: cases, their messages, drafts. Each works inside a transaction of its caller. */

/** As the database does it: the key of a case is written once, until the case is erased. */
export function saveCase(tables: MemoryTables, record: StoredCase, changedAt: Date): void {
  const known = tables.cases.get(caseKey(record));
  const erased = record.wrappedKey.length === 0;
  const { wrappedKey } = known && !erased ? known : record;
  tables.cases.set(caseKey(record), { ...record, wrappedKey });
  tables.changes.set(caseKey(record), changedAt);
}

/** Removes everything of a case but its row. */
export function eraseCase(tables: MemoryTables, record: StoredCase, thread: string): void {
  const events = eventsOf(tables, record);
  for (const event of events) tables.events.delete(eventKey(event));
  for (const [key, { file }] of tables.files) {
    if (file.unit === record.unit && file.referralId === record.referralId) tables.files.delete(key);
  }
  tables.search.delete(caseKey(record));
  const refused = [...tables.inbox.values()].filter((row) => row.state === 'refused' && row.thread === thread);
  forgetSealed(
    tables,
    new Set([...events.map(({ messageId }) => messageId), ...refused.map(({ message }) => message.id)]),
  );
}

/** What a unit's officers may write about: their own cases. */
export function caseSource(tables: MemoryTables, unit: string): Pick<SendStore, 'lockCase' | 'referralOf' | 'files'> {
  const own = (asked: string) => asked === unit;
  return {
    lockCase: (asked, referralId) =>
      Promise.resolve(own(asked) ? tables.cases.get(caseKey({ unit: asked, referralId })) : undefined),
    referralOf(asked, messageId) {
      const found = [...tables.events.values()].find((event) => event.unit === asked && event.messageId === messageId);
      return Promise.resolve(own(asked) ? found?.referralId : undefined);
    },
    files(asked, ids) {
      const rows = ids.flatMap((id) => tables.files.get(`${unit} ${id}`)?.file ?? []);
      return Promise.resolve(own(asked) ? rows : []);
    },
  };
}

/** Removes a draft with its files, as the database does. */
export function dropDraft(tables: MemoryTables, unit: string, id: string): void {
  tables.drafts.delete(draftKey({ unit, id }));
  for (const [key, { file }] of tables.files) if (file.unit === unit && file.draftId === id) tables.files.delete(key);
}

/** The unit's drafts, newest change first. */
function draftsOf(tables: MemoryTables, unit: string, limit: number): StoredDraft[] {
  const rows = [...tables.drafts.values()].filter((draft) => draft.unit === unit);
  return rows.toSorted((a, b) => b.expiresAt.getTime() - a.expiresAt.getTime()).slice(0, limit);
}

export function draftStore(tables: MemoryTables, unit: string): DraftStore {
  const own = (asked: string) => asked === unit;
  return {
    ...caseSource(tables, unit),
    lockDraft: (asked, id) =>
      Promise.resolve(own(asked) ? tables.drafts.get(draftKey({ unit: asked, id })) : undefined),
    saveDraft(draft) {
      if (!own(draft.unit)) throw new Error('row-level security');
      tables.drafts.set(draftKey(draft), draft);
      return Promise.resolve();
    },
    removeDraft(asked, id) {
      if (own(asked)) dropDraft(tables, asked, id);
      return Promise.resolve();
    },
    drafts: (asked, limit) => Promise.resolve(own(asked) ? draftsOf(tables, asked, limit) : []),
  };
}

export function notesStore(tables: MemoryTables, unit: string, now: () => Date): NotesStore {
  return {
    lockCase: caseSource(tables, unit).lockCase,
    saveCase(record) {
      if (record.unit !== unit) throw new Error('row-level security');
      saveCase(tables, record, tables.changes.get(caseKey(record)) ?? now());
      return Promise.resolve();
    },
  };
}

export function sweepStore(tables: MemoryTables, raiseAlarm: RaiseAlarm): SweepStore {
  return {
    lockDueCases(now, limit) {
      const due = [...tables.cases.values()].filter(({ nextMarkAt }) => nextMarkAt !== undefined && nextMarkAt <= now);
      return Promise.resolve(due.slice(0, limit));
    },
    events: (unit, referralId, messageIds) =>
      Promise.resolve(eventsOf(tables, { unit, referralId }).filter(({ messageId }) => messageIds.includes(messageId))),
    async save({ cases, redacted, alarms }) {
      for (const record of cases) saveCase(tables, record, tables.changes.get(caseKey(record))!);
      for (const event of redacted) tables.events.set(eventKey(event), event);
      forgetSealed(tables, new Set(redacted.map(({ messageId }) => messageId)));
      for (const { kind, subject } of alarms) await raiseAlarm(kind, subject);
    },
  };
}

export function openedStore(tables: MemoryTables, now: () => Date): OpenedStore {
  return {
    lockOpened(limit) {
      const seen = [...tables.inbox.values()].filter(({ openedAt, told }) => openedAt !== undefined && !told);
      return Promise.resolve(
        seen.slice(0, limit).map(({ message: { senderNode, id, digest }, openedAt }) => {
          return { senderNode, id, digest, openedAt: openedAt! };
        }),
      );
    },
    tell(receipts) {
      insertReceipts(tables, receipts, 'waiting', now());
      for (const { senderNode, messageId } of receipts)
        update(tables.inbox, inboxKey(senderNode, messageId), { told: true });
      return Promise.resolve();
    },
  };
}

export function readStore(tables: MemoryTables, unit: string): ReadStore {
  const rows = () => [...tables.cases.values()].filter((stored) => stored.unit === unit).map(rowOf);
  const rowOf = (stored: StoredCase): CaseRow => {
    const events = eventsOf(tables, stored).toSorted((a, b) => a.at.getTime() - b.at.getTime());
    const first = events[0];
    return {
      stored,
      last: events.at(-1),
      changedAt: tables.changes.get(caseKey(stored))!,
      delivery: first?.direction === 'sent' ? tables.outbox.get(first.messageId)?.state : undefined,
    };
  };
  const place = ({ changedAt, stored }: CaseRow) => placeOf(changedAt, stored.referralId);
  const newestFirst = (a: CaseRow, b: CaseRow) => place(b).localeCompare(place(a));
  const ranked = ({ folded, exact }: CaseQuery, limit = Infinity) => {
    const found = rows().filter(({ stored }) => hasTokens(tables, caseKey(stored), folded));
    const worth = ({ stored }: CaseRow) => Number(hasTokens(tables, caseKey(stored), exact));
    return found.toSorted((a, b) => worth(b) - worth(a) || newestFirst(a, b)).slice(0, limit);
  };
  return {
    cases(asked, limit, after) {
      const behind = rows().filter((row) => after === undefined || place(row) < placeOf(after.at, after.id));
      return Promise.resolve(asked === unit ? behind.toSorted(newestFirst).slice(0, limit) : []);
    },
    case: (asked, referralId) =>
      Promise.resolve(asked === unit ? rows().find(({ stored }) => stored.referralId === referralId) : undefined),
    search: (asked, query, limit) => Promise.resolve(asked === unit ? ranked(query, limit) : []),
    searchIds: (asked, query, limit) =>
      Promise.resolve(asked === unit ? ranked(query, limit).map(({ stored }) => stored.referralId) : []),
    message(asked, messageId) {
      const event = [...tables.events.values()].find((row) => row.unit === unit && row.messageId === messageId);
      const stored = event && tables.cases.get(caseKey(event));
      return Promise.resolve(asked === unit && event && stored ? { stored, event } : undefined);
    },
    noteOpened(senderNode, messageId, at) {
      const key = inboxKey(senderNode, messageId);
      const row = tables.inbox.get(key);
      if (row && !row.openedAt) update(tables.inbox, key, { openedAt: at });
      return Promise.resolve();
    },
  };
}

const placeOf = (at: Date, id: string) => `${at.toISOString()} ${id}`;

function eventsOf(tables: MemoryTables, ref: Pick<StoredCase, 'unit' | 'referralId'>): StoredCaseEvent[] {
  return [...tables.events.values()].filter((event) => caseKey(event) === caseKey(ref));
}
