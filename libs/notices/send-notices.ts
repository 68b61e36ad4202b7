import type { Actor, Clock } from '../casework';
import type { Language } from '../text';
import { afterQuiet, isQuiet, noticeDueAt, type OfficerSettings } from './notice-rules';

/** A mail that is due, taken by this process for a while. */
export interface ClaimedNotice {
  readonly officer: string;
  readonly urgent: boolean;
  /** How often it was tried before, and since when. */
  readonly attempts: number;
  readonly wantedAt: Date;
  readonly settings: OfficerSettings;
}

/** What becomes of a mail. */
export type NoticeEnd =
  /** It went; the next one, where something has happened meanwhile, comes not before these times. */
  | { readonly end: 'sent'; readonly at: Date; readonly next: Date; readonly nextUrgent: Date }
  | { readonly end: 'later'; readonly at: Date; readonly failed: boolean }
  | { readonly end: 'dropped' };

export interface SendNoticeStore {
  /**
   * Takes what is due, skipping what other processes have; it is due again at `until` when they have not ended it by then. What
   * happens meanwhile asks for a mail of its own.
   */
  claimDue(unit: string, now: Date, until: Date, limit: number): Promise<readonly ClaimedNotice[]>;
  endNotice(unit: string, claimed: ClaimedNotice, end: NoticeEnd): Promise<void>;
}

export interface SendNoticePorts {
  readonly clock: Clock;
  readonly transaction: <T>(unit: string, work: (store: SendNoticeStore) => Promise<T>) => Promise<T>;
  /** Sends the one text there is. @throws when the mail server does not take it */
  readonly mail: (to: string, language: Language) => Promise<void>;
  /** Told what failed: a code, never an address. */
  readonly onFailure: (error: unknown) => void;
}

const AT_ONCE = 20;
/** Longer than a mail server may take. */
const CLAIM_MS = 120_000;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** After a day nobody needs to be told that something is new. */
const GIVE_UP_MS = 86_400_000;

/**
 * Writes to the officers of a unit who are to be told. Each mail goes at least once: a process that ends between sending and noting it
 * lets another send it again.
 * @param officers everybody who works for the unit now
 * @returns how many went
 */
export async function sendNotices(unit: string, officers: readonly Actor[], ports: SendNoticePorts): Promise<number> {
  const now = ports.clock.now();
  const until = new Date(now.getTime() + CLAIM_MS);
  const claimed = await ports.transaction(unit, (store) => store.claimDue(unit, now, until, AT_ONCE));
  let sent = 0;
  for (const notice of claimed) {
    const end = await attempt(notice, officers, ports);
    await ports.transaction(unit, (store) => store.endNotice(unit, notice, end));
    if (end.end === 'sent') sent += 1;
  }
  return sent;
}

async function attempt(
  { officer, urgent, attempts, wantedAt, settings }: ClaimedNotice,
  officers: readonly Actor[],
  { clock, mail, onFailure }: SendNoticePorts,
): Promise<NoticeEnd> {
  const now = clock.now();
  const to = settings.email;
  if (to === undefined || !officers.some(({ id }) => id === officer)) return { end: 'dropped' };
  // It may have waited since before they began, or the officer has chosen others meanwhile.
  if (!urgent && isQuiet(settings, now)) return { end: 'later', at: afterQuiet(settings, now), failed: false };
  try {
    await mail(to, settings.language);
  } catch (error) {
    onFailure(error);
    if (now.getTime() - wantedAt.getTime() > GIVE_UP_MS) return { end: 'dropped' };
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** attempts, LONGEST_PAUSE_MS);
    return { end: 'later', at: new Date(now.getTime() + pause), failed: true };
  }
  const at = clock.now();
  const [next, nextUrgent] = [false, true].map((hurry) =>
    noticeDueAt(settings, { urgent: hurry, now: at, sentAt: at }),
  );
  return { end: 'sent', at, next: next!, nextUrgent: nextUrgent! };
}
