import { asTraoError } from '../../libs/errors';
import { reconciling } from '../../libs/exchange';
import type { Clock } from '../../libs/casework';
import type { Logger } from '../../libs/platform';
import type { manifestWork } from '../../libs/storage';

export interface ManifestWorkPorts {
  readonly rounds: manifestWork.RoundStore;
  readonly comparing: Omit<reconciling.RoundPorts, 'compared'>;
  readonly partners: () => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** So far back each comparison looks: the longest that a message may travel, and a day. Older days do not change any more. */
const WINDOW_DAYS = 31;
/** After a start the neighbours are given time to start too. */
const START_MS = 20_000;
const PLAN_MS = 60_000;

/**
 * Plans comparisons: each day one with each partner, one more when the database has failed over, and one after a start, as what was started
 * may have been restored from a backup.
 */
export function manifestPlanner({ rounds, partners, clock, logger }: ManifestWorkPorts): () => Promise<void> {
  const begun = clock.now().getTime();
  let started = false;
  let plannedAt = 0;
  return async () => {
    const now = clock.now().getTime();
    if (now - begun < START_MS || now - plannedAt < PLAN_MS) return;
    plannedAt = now;
    const until = reconciling.dayOf(new Date(now));
    const since = reconciling.dayBefore(until, WINDOW_DAYS);
    try {
      await rounds.plan(partners(), since, until);
      if (!started) await rounds.planStart(partners(), since, until);
      started = true;
    } catch (error) {
      logger.log('step_failed', { err: error });
    }
  };
}

/**
 * Makes one comparison that waits. A partner that does not answer is asked again in some minutes, unless an operator waits for the answer.
 * @returns how many it made; call again until it is 0
 */
export async function compareManifests(ports: ManifestWorkPorts): Promise<number> {
  const { rounds, comparing, logger } = ports;
  const round = await rounds.take();
  if (!round) return 0;
  const { id, partner, since, until, reason } = round;
  const days: reconciling.DayReport[] = [];
  try {
    await reconciling.reconcile(partner, since, until, {
      ...comparing,
      async compared(day) {
        days.push(day);
        await rounds.note(id, days);
      },
    });
    await rounds.finish(id, days.every(allHealed));
    logger.log('manifests_compared', { partner, ...totalsOf(days) });
  } catch (error) {
    const fault = asTraoError(error);
    logger.log('manifests_not_compared', { partner, err: fault });
    // A partner that left the directory is none to ask.
    if (fault.code === 'unknown_sender' || reason === 'operator') await rounds.finish(id, false, fault.code);
    else if (reconciling.isPartnerFault(fault) || fault.code === 'manifest_unread') await rounds.putOff(id, fault.code);
    else throw error;
  }
  return 1;
}

const HEALED: readonly string[] = reconciling.HEALING;

/** True where nothing was found that only people can explain. */
const allHealed = (day: reconciling.DayReport): boolean =>
  reconciling.WAYS.every((way) => Object.keys(day[way].found ?? {}).every((kind) => HEALED.includes(kind)));

function totalsOf(days: readonly reconciling.DayReport[]) {
  const ways = days.flatMap((day) => reconciling.WAYS.map((way) => day[way]));
  const sum = (count: (way: reconciling.WayReport) => number) => ways.reduce((all, way) => all + count(way), 0);
  return {
    count: days.length,
    agree: days.filter((day) => reconciling.WAYS.every((way) => day[way].agrees)).length,
    sentAgain: sum(({ found }) => found?.lost_there ?? 0),
    brought: sum(({ receipts }) => receipts ?? 0),
    open: sum(({ found }) =>
      Object.entries(found ?? {}).reduce((all, [kind, many]) => all + (HEALED.includes(kind) ? 0 : many), 0),
    ),
  };
}
