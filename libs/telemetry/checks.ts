import { asTraoError } from '../errors';
import type { Expiry } from '../trust';

/** What a check found: numbers and codes, and no other text. */
export interface CheckResult {
  /** `degraded` is for people to look at: the process works, and load balancers keep it. */
  readonly state: 'up' | 'degraded' | 'down';
  readonly facts?: Readonly<Record<string, number | string | boolean>>;
}
export type Check = () => CheckResult | Promise<CheckResult>;

/** A check that takes longer has failed. */
const LIMIT_MS = 5_000;
const DAY_MS = 86_400_000;
/** Ages in seconds and days above or below which a check says `degraded`: the first levels at which the monitor raises an alert. */
const OLD_S = 900;
const NEAR_DAYS = 14;

/** Whether something answers. @param ask throws when it does not */
export const answers =
  (ask: () => Promise<unknown>): Check =>
  async () => {
    await ask();
    return { state: 'up' };
  };

/** How long messages wait. A partner that is away is no reason to take this process out of service. */
export const outboxWaits =
  (ask: () => Promise<{ readonly waiting: number; readonly oldestS: number }>): Check =>
  async () => {
    const { waiting, oldestS } = await ask();
    return { state: oldestS > OLD_S ? 'degraded' : 'up', facts: { waiting, oldestS } };
  };

/** A node works on with an expired directory; whoever watches it has to know. */
export const directoryFresh =
  (directory: () => { readonly version: number; readonly expiresAt: string }, now = () => new Date()): Check =>
  () => {
    const { version, expiresAt } = directory();
    const daysLeft = Math.floor((Date.parse(expiresAt) - now().getTime()) / DAY_MS);
    return { state: daysLeft < NEAR_DAYS ? 'degraded' : 'up', facts: { version, daysLeft } };
  };

/** Uses that are not this node's keys for messages: they have checks of their own. */
const ELSEWHERE = ['directory', 'governance'];

/**
 * Our own TLS certificate and the keys of our node and units. Without a valid certificate no partner can be reached, so the process is
 * `down`; a key of one unit that has ended is for people to look at, because the other units work on.
 * @param ending what ends within 60 days
 */
export const keysValid =
  (ending: () => Promise<readonly Expiry[]>): Check =>
  async () => {
    const own = (await ending()).filter(({ use }) => !ELSEWHERE.includes(use));
    const least = Math.min(...own.map(({ daysLeft }) => daysLeft));
    const over = own.filter(({ level }) => level === 0);
    const facts = { ended: over.length, ending: own.length - over.length, ...(own.length > 0 && { daysLeft: least }) };
    if (over.some(({ use }) => use === 'certificate')) return { state: 'down', facts };
    return { state: least < NEAR_DAYS ? 'degraded' : 'up', facts };
  };

/** Makes a check. One that throws or takes too long is `down`, with a code and without what the error says. */
export async function judge(check: Check): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'down', facts: { code: 'no_answer' } }), LIMIT_MS);
  });
  const checked = Promise.resolve()
    .then(check)
    .catch((error: unknown): CheckResult => ({ state: 'down', facts: { code: asTraoError(error).code } }));
  return Promise.race([checked, limit]).finally(() => clearTimeout(timer));
}
