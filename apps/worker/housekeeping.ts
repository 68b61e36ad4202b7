import { destroyEndedKeys, type DestroyPorts } from '../../libs/exchange';
import type { Logger } from '../../libs/platform';
import {
  dropExpiredDrafts,
  dropOrphanedFiles,
  forgetArrived,
  manifestWork,
  retention,
  waitingKids,
  type Database,
} from '../../libs/storage';

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** How long a client that heard nothing may ask again with its key: longer than any outage that it waits through by itself. */
const REQUEST_DAYS = 30;
/** Manifests, comparisons and findings that are healed: a year and a month. Running counts stay. */
const MANIFEST_DAYS = 400;

export interface HousekeepingParts extends Omit<DestroyPorts, 'inHand'> {
  readonly database: Database;
  readonly logger: Logger;
  /** How many days what must go is kept. */
  readonly keep: retention.KeepDays;
}

/**
 * What must go, goes, and what must be there for the months to come is made: drafts whose time is over, copies that have arrived, sealed
 * bytes that both sides have filed, old facts of operators, decryption keys after their grace. At the start and every hour, one job
 * after the other so that deliveries keep the database; what fails is done again in an hour.
 * @returns ends it, when the job in hand has ended
 */
export function keepHouse({ database, logger, keep, ...ports }: HousekeepingParts): () => Promise<void> {
  const now = () => ports.clock.now();
  const ago = (days: number) => new Date(now().getTime() - days * DAY_MS);
  const jobs: Readonly<Record<string, () => Promise<unknown>>> = {
    partitions: () => retention.preparePartitions(database),
    drafts: () => dropExpiredDrafts(database, now()),
    files: () => dropOrphanedFiles(database, now()),
    copies: () => forgetArrived(database),
    sent_bytes: () => retention.blankSent(database, ago(keep.sealed)),
    filed_bytes: () => retention.blankFiled(database, ago(keep.sealed)),
    attempts: () => retention.forgetAttempts(database, ago(keep.attempts)),
    alerts: () => retention.dropAlerts(database, ago(keep.alerts)),
    alarms: () => retention.dropAlarms(database, ago(keep.alerts)),
    requests: () => retention.dropRequests(database, ago(REQUEST_DAYS)),
    samples: () => retention.dropSamples(database, ago(keep.samples)),
    probes: () => retention.dropProbes(database, ago(keep.samples)),
    manifests: () => manifestWork.roundStore(database).forget(ago(MANIFEST_DAYS)),
    processes: () => retention.dropProcesses(database, ago(keep.processes)),
    sessions: () => retention.dropSessions(database, now()),
    keys: async () => {
      for (const kid of await destroyEndedKeys({ ...ports, inHand: () => waitingKids(database) }))
        logger.log('key_destroyed', { kid });
    },
  };
  let stopped = false;
  const run = async () => {
    for (const [job, work] of Object.entries(jobs)) {
      if (stopped) return;
      await work().then(
        (count) => {
          if (typeof count === 'number' && count > 0) logger.log('tidied', { job, count });
        },
        (error: unknown) => logger.log('tidying_failed', { err: error, job }),
      );
    }
  };
  // A round that takes longer than an hour is not overtaken by the next.
  let running: Promise<void> = run();
  const timer = setInterval(() => {
    running = running.then(run);
  }, EVERY_MS);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}
