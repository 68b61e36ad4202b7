import type { AccessPorts, AccessStore, ListPorts, ListStore, LoggedAccess } from '../../libs/caseload';
import type { MemoryNode } from './memory-node';
import { caseSource, notesStore } from './memory-cases';
import { caseKey } from './memory-tables';

/** The access log of a node in memory, over the cases that it has. */
export function accessPortsOf(node: MemoryNode): AccessPorts & { readonly log: LoggedAccess[] } {
  const log: LoggedAccess[] = [];
  const storeOf = (unit: string): AccessStore => ({
    lockCase: caseSource(node.tables, unit).lockCase,
    saveCase: notesStore(node.tables, unit, () => node.clock.now()).saveCase,
    noteAccess(entry) {
      if (entry.unit !== unit) throw new Error('row-level security');
      log.unshift({ ...entry, id: String(log.length + 1), at: node.clock.now() });
      return Promise.resolve();
    },
    accesses(asked, referralId, limit, before) {
      const rows = log.filter((entry) => entry.unit === asked && (referralId ?? entry.referralId) === entry.referralId);
      return Promise.resolve(rows.filter(({ id }) => Number(id) < Number(before ?? Infinity)).slice(0, limit));
    },
  });
  const { self, keys, clock, deadlinesFor } = node.ports.notes as unknown as AccessPorts;
  return { self, keys, clock, deadlinesFor, transaction: (unit, work) => work(storeOf(unit)), log };
}

/** The lists of a node in memory. `opened` counts how many rows were handed out. */
export function listPortsOf(node: MemoryNode): ListPorts & { readonly handed: number[] } {
  const handed: number[] = [];
  const store: ListStore = {
    changedSince(unit, since) {
      const rows = [...node.tables.cases.values()]
        .filter((stored) => stored.unit === unit)
        .map((stored) => ({ stored, changedAt: node.tables.changes.get(caseKey(stored))! }))
        .filter(({ changedAt }) => since === undefined || changedAt > since);
      handed.push(rows.length);
      return Promise.resolve(rows);
    },
    unsettled(unit) {
      const sent = [...node.tables.events.values()].filter(
        (event) => event.unit === unit && event.direction === 'sent',
      );
      const newest = new Map(
        sent
          .toSorted((a, b) => a.at.getTime() - b.at.getTime())
          .map(({ referralId, messageId }) => [referralId, node.tables.outbox.get(messageId)!.state] as const),
      );
      return Promise.resolve(new Map([...newest].filter(([, state]) => state !== 'delivered' && state !== 'opened')));
    },
  };
  const { self, keys, clock, deadlinesFor } = node.ports.notes as unknown as ListPorts;
  return { self, keys, clock, deadlinesFor, list: (_unit, work) => work(store), handed };
}
