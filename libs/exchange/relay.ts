import { PRIORITIES } from '../envelope';
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
  /** Rows of the group that no batch has; those beyond `ENOUGH_FOR_A_BATCH` are not counted. */
  readonly due: number;
  /** How long the oldest of them has been due, in milliseconds. */
  readonly oldestMs: number;
  /** Batches of the group that are claimed and not finished. */
  readonly inFlight: number;
  readonly circuit: Circuit;
}

export interface RelayStore {
  dueGroups(): Promise<DueGroup[]>;
  /**
   * Claims up to `limit` due rows of a group that no other batch names, for a bounded time: rows of a batch that nobody finishes become
   * due again, whatever the queue forgot. Answers undefined when nothing was left, or another relay claims of the group right now.
   */
  claim(group: Pick<DueGroup, 'kind' | 'lane' | 'partner'>, limit: number): Promise<Batch | undefined>;
}

export interface RelayPorts {
  readonly store: RelayStore;
  readonly enqueue: (batches: readonly Batch[]) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Open batches per group. While one is under way the rows that arrive gather, as bytes do on a connection (RFC 896): batches grow by
 * themselves under load, and a single message goes out at once when there is none. The second goes when there is enough for it, or when
 * the first takes long: a message that hangs the partner must not hold up its lane.
 */
const MAX_IN_FLIGHT = 2;
/** Rows that are worth a batch of their own while another one is under way. */
export const ENOUGH_FOR_A_BATCH = 32;
const LONG_ENOUGH_MS = 250;

/**
 * Batches and rows of a lane that gives way. A worker has one thread, of which each lane with batches under way gets the same part: beside a
 * backlog of all lanes an emergency would wait three times as long. Not nothing: however many emergencies come, the others go on.
 */
const ASIDE = { inFlight: 1, rows: 8 };
const FULL = { inFlight: MAX_IN_FLIGHT, rows: MAX_BATCH_MESSAGES };

/** More waits in a more pressing lane of that kind and partner than its next batch is sure to take. */
const givesWay = ({ kind, partner, lane }: DueGroup, groups: readonly DueGroup[]) =>
  groups.some(
    (other) =>
      other.kind === kind &&
      other.partner === partner &&
      PRIORITIES.indexOf(other.lane) < PRIORITIES.indexOf(lane) &&
      other.due >= ENOUGH_FOR_A_BATCH,
  );

const isRipe = ({ inFlight, due, oldestMs }: DueGroup) =>
  inFlight === 0 || due >= ENOUGH_FOR_A_BATCH || oldestMs >= LONG_ENOUGH_MS;

/**
 * Has due rows worked on, in batches: by the queue or by whoever claims them. The queue gets ids only; it may be flushed at any moment.
 * @returns the number of batches, and whether another look may find more at once: what comes later tells of itself
 */
export async function relay({ store, enqueue, clock }: RelayPorts): Promise<{ batches: number; more: boolean }> {
  const batches: Batch[] = [];
  let more = false;
  const groups = await store.dueGroups();
  for (const group of groups.filter(isRipe)) {
    const { rows, inFlight } = givesWay(group, groups) ? ASIDE : FULL;
    const limit = newBatchLimit(group.circuit, clock.now(), rows, group.inFlight, inFlight);
    const batch = limit > 0 ? await store.claim(group, limit) : undefined;
    if (!batch) continue;
    batches.push(batch);
    more ||= group.due >= ENOUGH_FOR_A_BATCH;
  }
  if (batches.length > 0) {
    // fail-point S4: rows claimed, not enqueued
    await enqueue(batches);
    // fail-point S5: enqueued, not told
  }
  return { batches: batches.length, more };
}
