import { destroyEndedKeys, type DestroyPorts } from '../../libs/exchange';
import type { Logger } from '../../libs/platform';
import { dropExpiredDrafts, dropOrphanedFiles, forgetArrived, waitingKids, type Database } from '../../libs/storage';

const EVERY_MS = 3_600_000;

export interface HousekeepingParts extends Omit<DestroyPorts, 'inHand'> {
  readonly database: Database;
  readonly logger: Logger;
}

/**
 * What must go, goes: drafts whose time is over, copies that have arrived, decryption keys after their grace. At the start and every
 * hour; what fails is done again in an hour.
 * @returns ends it
 */
export function keepHouse({ database, logger, ...ports }: HousekeepingParts): () => void {
  const jobs = {
    drafts: () => dropExpiredDrafts(database, ports.clock.now()),
    files: () => dropOrphanedFiles(database, ports.clock.now()),
    copies: () => forgetArrived(database),
    keys: async () => {
      for (const kid of await destroyEndedKeys({ ...ports, inHand: () => waitingKids(database) }))
        logger.log('key_destroyed', { kid });
    },
  };
  const run = () => {
    for (const [job, work] of Object.entries(jobs)) {
      work().catch((error: unknown) => logger.log('tidying_failed', { err: error, job }));
    }
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  return () => clearInterval(timer);
}
