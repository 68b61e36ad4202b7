import type { Role } from '../schema';
import { wallClock, type Language } from '../text';

/** What an officer can be told of. The mail says none of it: only that there is something new. */
export const NOTICE_EVENTS = [
  'new_referral',
  'new_message',
  'approval_wanted',
  'deadline_near',
  'delivery_failed',
  'alert',
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** What an officer has chosen, and where they are written to. */
export interface OfficerSettings {
  /** As the identity provider says; undefined where it says none, and then nothing is sent. */
  readonly email?: string | undefined;
  readonly language: Language;
  /** IANA name of the zone in which the quiet hours are meant. */
  readonly timeZone: string;
  /** Events of which they want to hear nothing. */
  readonly off: readonly NoticeEvent[];
  /** `HH:mm`, from the first to before the second, which may be on the next day; undefined where no hours are quiet. */
  readonly quiet?: { readonly from: string; readonly to: string } | undefined;
}

/** Who can do something about an event. Who approves follows from the draft. Nobody who may not read content hears of anything. */
const CONCERNED: Readonly<Record<Exclude<NoticeEvent, 'approval_wanted'>, readonly Role[]>> = {
  new_referral: ['receiving_desk', 'caseworker'],
  new_message: ['receiving_desk', 'caseworker', 'case_officer'],
  deadline_near: ['receiving_desk', 'caseworker', 'case_officer'],
  delivery_failed: ['case_officer', 'liaison_officer'],
  alert: ['receiving_desk', 'caseworker', 'case_officer', 'liaison_officer', 'child_protection_officer'],
};

export const concernedBy = (event: Exclude<NoticeEvent, 'approval_wanted'>): readonly Role[] => CONCERNED[event];

/** However much happens, an officer gets one mail in this time. */
export const DIGEST_MS = 10 * 60_000;
/** The same where a life may depend on it. */
export const URGENT_MS = 60_000;
const MINUTE_MS = 60_000;
const DAY_MIN = 24 * 60;

/** True within the quiet hours of an officer. */
export function isQuiet({ quiet, timeZone }: Pick<OfficerSettings, 'quiet' | 'timeZone'>, at: Date): boolean {
  if (!quiet) return false;
  const [from, to, now] = [minuteOf(quiet.from), minuteOf(quiet.to), minuteAt(at, timeZone)];
  return from <= to ? from <= now && now < to : from <= now || now < to;
}

/** The instant itself, or the end of the quiet hours in which it lies. */
export function afterQuiet(settings: Pick<OfficerSettings, 'quiet' | 'timeZone'>, at: Date): Date {
  const { quiet, timeZone } = settings;
  if (!quiet || !isQuiet(settings, at)) return at;
  const wait = (minuteOf(quiet.to) - minuteAt(at, timeZone) + DAY_MIN) % DAY_MIN;
  const plain = new Date((Math.floor(at.getTime() / MINUTE_MS) + wait) * MINUTE_MS);
  // Clocks may be put forward or back in between; where they skip the end itself, the quiet hours end a little later.
  const change = wallClock(plain, timeZone).offset - wallClock(at, timeZone).offset;
  const shifted = new Date(plain.getTime() - change * MINUTE_MS);
  return isQuiet(settings, shifted) ? plain : shifted;
}

/** When an officer is written to. @param sentAt when they were written to last */
export function noticeDueAt(
  settings: Pick<OfficerSettings, 'quiet' | 'timeZone'>,
  { urgent, now, sentAt }: { readonly urgent: boolean; readonly now: Date; readonly sentAt: Date | undefined },
): Date {
  const pause = urgent ? URGENT_MS : DIGEST_MS;
  const at = new Date(Math.max(now.getTime(), (sentAt?.getTime() ?? 0) + pause));
  return urgent ? at : afterQuiet(settings, at);
}

function minuteOf(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return hour! * 60 + minute!;
}

function minuteAt(at: Date, timeZone: string): number {
  const { hour, minute } = wallClock(at, timeZone);
  return hour * 60 + minute;
}
