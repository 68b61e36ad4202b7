import { newBatchLimit, type Circuit } from './circuit';
import type { Batch, Lane, WorkKind } from './ports';
import type { Clock } from '../casework';
import { MAX_BATCH_MESSAGES } from './wire';

/** Rows of one kind that are due: to one partner (deliver, acknowledge) or for this node (ingest). */
export interface DueGroup {
  readonly kind: WorkKind;
  readonly lane: Lane;
  /** Empty for `ingest`. */
  readonly partner: string;
  /** Batches of the group that are claimed and not finished. */
  readonly inFlight: number;
  readonly circuit: Circuit;
}

export interface RelayStore {
  dueGroups(): Promise<DueGroup[]>;
  /**
   * Claims up to `limit` due rows of a group with `FOR UPDATE SKIP LOCKED`, for a bounded time: rows of a batch that nobody
   * finishes become due again, whatever the queue forgot. Answers undefined when nothing was left.
   */
  claim(group: DueGroup, limit: number): Promise<Batch | undefined>;
}

export interface RelayPorts {
  readonly store: RelayStore;
  readonly enqueue: (batches: readonly Batch[]) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Open batches per group. While they are under way the rows that arrive gather, so batches grow by themselves under load and a
 * single message goes out at once when there is none.
 */
const MAX_IN_FLIGHT = 2;

/**
 * Moves due rows to the queue. The queue gets ids only; it may be flushed at any moment.
 * @returns the number of batches enqueued; call again until it is 0
 */
export async function relay({ store, enqueue, clock }: RelayPorts): Promise<number> {
  const batches: Batch[] = [];
  for (const group of await store.dueGroups()) {
    const limit = newBatchLimit(group.circuit, clock.now(), MAX_BATCH_MESSAGES, group.inFlight, MAX_IN_FLIGHT);
    const batch = limit > 0 ? await store.claim(group, limit) : undefined;
    if (batch) batches.push(batch);
  }
  if (batches.length > 0) {
    // fail-point S4: rows claimed, not enqueued
    await enqueue(batches);
    // fail-point S5: enqueued, not told
  }
  return batches.length;
}
