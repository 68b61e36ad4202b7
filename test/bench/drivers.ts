import { setTimeout as pause } from 'node:timers/promises';
import { nowMs, type OfficeLoad } from './office-load';
import type { SenderDatabase } from './sender-database';
import { dueAtMs, dueCount, totalCount, type Schedule } from './schedule';

/** Something that hands in referrals until it is stopped. */
export interface Driver {
  /** Stops and waits for the answers that are due. */
  stop(): Promise<void>;
}

/** Submitters that each wait for their answer. */
const SUBMITTERS = 32;
/**
 * Messages that may be handed in and not yet delivered: more than fit into all batches under way (3 kinds of work, 2 batches of 64
 * each), so that every stage is busy; bounded, because an office that outruns delivery takes the processor from it, and what is
 * measured would be a growing backlog, not what the system sustains.
 */
export const MAX_UNDER_WAY = 512;
const PROBE_MS = 50;
const PROBES = 16;

/** A closed loop: as much as the system sustains. */
export function driveAtMaximum(load: OfficeLoad, database: SenderDatabase): Driver {
  let stopped = false;
  let deliveredUpTo = 0;
  let reserved = 0;
  let waiting: (() => void)[] = [];
  const submitter = async () => {
    while (!stopped) {
      if (reserved - deliveredUpTo >= MAX_UNDER_WAY) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        continue;
      }
      reserved += 1;
      const isSpent = load.isSpent;
      await load.submit(nowMs());
      // What could not be handed in is counted as not taken, so the figures are void.
      if (isSpent) return;
    }
  };
  // Messages are delivered nearly in their order: some of those under way are looked up, and the last that is delivered counts.
  const probe = async () => {
    while (!stopped) {
      await pause(PROBE_MS);
      const under = load.submitted.slice(deliveredUpTo);
      const step = Math.max(1, Math.floor(under.length / PROBES));
      const probed = under.flatMap(({ id }, index) => (index % step === 0 ? [{ id, index }] : []));
      const delivered = await database.deliveredAmong(probed.map(({ id }) => id));
      const last = probed.findLast(({ id }) => delivered.has(id));
      if (last) deliveredUpTo += last.index + 1;
      wakeAll();
    }
  };
  const wakeAll = () => {
    const all = waiting;
    waiting = [];
    for (const wake of all) wake();
  };
  const running = Promise.all([probe(), ...Array.from({ length: SUBMITTERS }, submitter)]);
  running.catch(() => undefined); // told by `stop`
  return {
    async stop() {
      stopped = true;
      wakeAll();
      await running;
    },
  };
}

/** An open loop: each referral is handed in when it is due, and its latency counts from then, however late we are. */
export function driveAtRate(load: OfficeLoad, schedule: Schedule): Driver {
  const begun = nowMs();
  let stopped = false;
  const run = async () => {
    for (let index = 0; index < totalCount(schedule) && !stopped;) {
      const due = dueCount(schedule, nowMs() - begun);
      // Not awaited: an answer that is late must not hold up what is due.
      for (; index < due; index += 1) void load.submit(begun + dueAtMs(schedule, index));
      await pause(Math.max(0, begun + dueAtMs(schedule, index) - nowMs()));
    }
  };
  const running = run();
  running.catch(() => undefined); // told by `stop`
  return {
    async stop() {
      stopped = true;
      await running;
    },
  };
}
