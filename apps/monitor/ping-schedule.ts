import type { Logger } from '../../libs/platform';
import type { partnerWork } from '../../libs/storage';

/** A ping to each partner every so often, in seconds. */
const EVERY_S = 15 * 60;
/** After a start the others of the node start too, and perhaps the partners: what fails then says nothing. */
const FIRST_MS = 10 * 60_000;
const PLAN_MS = 60_000;
const FOLLOW_MS = 2_000;

/**
 * Plans pings to partners and notes how they end, for as long as the monitor runs. Several monitors of a node may do so: the database
 * lets one plan at a time.
 * @returns stops it, once what is at work has ended
 */
export function startPings(pings: partnerWork.PartnerPings, logger: Logger): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let planAt = Date.now() + FIRST_MS;
  const look = async (): Promise<void> => {
    try {
      await pings.follow();
      if (Date.now() < planAt) return;
      planAt = Date.now() + PLAN_MS;
      await pings.plan(EVERY_S);
    } catch (error) {
      logger.log('pings_not_followed', { err: error });
    }
  };
  let working = Promise.resolve();
  const again = () => {
    working = look().then(() => {
      if (!stopped) timer = setTimeout(again, FOLLOW_MS);
    });
  };
  again();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await working;
  };
}
