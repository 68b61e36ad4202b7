import { isDeepStrictEqual } from 'node:util';
import type { Batch, Circuit, DueGroup, RelayStore, WorkKind } from '../../libs/exchange';
import type { Clock } from '../../libs/casework';
import type { MemoryTables } from './memory-tables';

/** How long a claim holds, as in libs/storage. */
const CLAIM_MS = 30_000;
const ISOLATE_AFTER = 3;
const LANES = ['emergency', 'urgent', 'normal'] as const;

/** A row that waits for a worker, whatever its table. */
interface Candidate {
  readonly kind: WorkKind;
  readonly lane: Batch['lane'];
  readonly partner: string;
  readonly strikes: number;
  readonly dueAt: Date;
  readonly key: string;
}

/** When a claim ends that is made or renewed now. */
const renewed = (clock: Clock) => new Date(clock.now().getTime() + CLAIM_MS);

export function endBatch(tables: MemoryTables, batchId: string): void {
  tables.batches.delete(batchId);
}

/** Whether a claim holds: none that a clock has made which ran ahead. */
const holds = (until: Date, now: Date) => until > now && until.getTime() < now.getTime() + 2 * CLAIM_MS;

/** Renews the claim of a batch and says which rows it may take in hand, as libs/storage does; a batch that names none is over. */
export function takeInHand(tables: MemoryTables, clock: Clock, batchId: string) {
  const mine = tables.batches.get(batchId);
  const now = clock.now();
  if (mine) tables.batches.set(batchId, { ...mine, until: renewed(clock) });
  const isOpen = (id: string) => holds(tables.batches.get(id)?.until ?? now, now);
  return (key: string, { batch, dueAt }: { readonly batch: string | undefined; readonly dueAt: Date }): boolean => {
    if (!mine?.keys.includes(key)) return false;
    return batch === batchId || (dueAt <= now && (batch === undefined || !isOpen(batch)));
  };
}

export function circuitStore(tables: MemoryTables) {
  return {
    circuit: (partner: string): Promise<Circuit> =>
      tables.atomically(() => tables.circuits.get(partner) ?? { failures: 0, retryAt: undefined }),
    saveCircuit: (partner: string, circuit: Circuit): Promise<void> =>
      tables.atomically(() => {
        tables.circuits.set(partner, circuit);
      }),
  };
}

/** Due rows and claims of them. `order` shuffles what a claim takes, as locked rows and clocks do. */
export function relayStore(tables: MemoryTables, clock: Clock, newId: () => string, order: () => number): RelayStore {
  return {
    dueGroups: () => tables.atomically(() => dueGroups(tables, clock.now())),

    claim: ({ kind, lane, partner }, limit) =>
      tables.atomically(() => {
        const rows = candidates(tables, clock.now())
          .filter((row) => row.kind === kind && row.lane === lane && row.partner === partner)
          .map((row) => ({ row, place: order() }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ row }) => row);
        const [first] = rows;
        if (!first) return undefined;
        const alone = first.strikes >= ISOLATE_AFTER;
        const chosen = alone ? [first] : rows.filter((row) => row.strikes < ISOLATE_AFTER).slice(0, limit);
        const batch = { id: newId(), kind, lane };
        tables.batches.set(batch.id, { batch, partner, keys: chosen.map(({ key }) => key), until: renewed(clock) });
        return batch;
      }),
  };
}

function dueGroups(tables: MemoryTables, now: Date): DueGroup[] {
  const rows = candidates(tables, now);
  const waitingOf = (mine: readonly Candidate[]) => ({
    due: mine.length,
    oldestMs: now.getTime() - Math.min(...mine.map(({ dueAt }) => dueAt.getTime())),
  });
  const groups = new Map(
    rows.map(({ kind, lane, partner }) => [`${kind} ${lane} ${partner}`, { kind, lane, partner }]),
  );
  return [...groups.values()]
    .toSorted((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane))
    .map((group) => ({
      ...group,
      ...waitingOf(rows.filter(({ kind, lane, partner }) => isDeepStrictEqual({ kind, lane, partner }, group))),
      inFlight: [...tables.batches.values()].filter(
        ({ batch, partner, until }) =>
          batch.kind === group.kind && batch.lane === group.lane && partner === group.partner && holds(until, now),
      ).length,
      circuit: tables.circuits.get(group.partner) ?? { failures: 0, retryAt: undefined },
    }));
}

function candidates(tables: MemoryTables, now: Date): Candidate[] {
  const outgoing = [...tables.outbox.entries()]
    .filter(([, { state }]) => state === 'queued' || state === 'sending')
    .map(([key, row]): Candidate => {
      return { ...row, key, kind: 'deliver', partner: row.message.recipientNode };
    });
  const incoming = [...tables.inbox.entries()]
    .filter(([, { state }]) => state === 'stored' || state === 'held')
    .map(([key, row]): Candidate => {
      return { ...row, key, kind: 'ingest', partner: '', strikes: row.attempts };
    });
  const returning = [...tables.receipts.entries()]
    .filter(([, { place }]) => place === 'waiting')
    .map(([key, row]): Candidate => {
      return { ...row, key, kind: 'acknowledge', partner: row.receipt.senderNode, strikes: 0 };
    });
  const claimed = [...tables.batches.values()].filter(({ until }) => holds(until, now)).flatMap(({ keys }) => keys);
  return [...outgoing, ...incoming, ...returning].filter(({ key, dueAt }) => dueAt <= now && !claimed.includes(key));
}
