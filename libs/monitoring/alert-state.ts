import { ALERT_LEVELS, alertKind, type AlertKind, type AlertLevel } from './alert-kinds';

export const ALERT_STATES = ['new', 'acknowledged', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** An alert as it is kept. There is at most one that is not resolved of a kind and a subject. */
export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  readonly subject: string;
  /** The highest that it had: it does not fall while the alert is open. */
  readonly level: AlertLevel;
  readonly state: AlertState;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** How often it happened; a condition that goes on holding counts once. */
  readonly count: number;
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly acknowledgedBy: string | undefined;
  readonly acknowledgedAt: Date | undefined;
  readonly silencedUntil: Date | undefined;
  readonly resolvedAt: Date | undefined;
  readonly toldAt: Date | undefined;
  readonly nextTellAt: Date | undefined;
  /** How often people were told. */
  readonly tells: number;
}

/** What people are told. */
export type TellEvent = 'raised' | 'reminded' | 'recovered';

/** What was seen of a thing. */
export interface Sighting {
  readonly at: Date;
  readonly level: AlertLevel;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  /** When people are told again, where the kind has steps. */
  readonly tellAgainAt?: Date | undefined;
}

export type AlertEvent =
  /** It happened once more. */
  | ({ readonly event: 'happened' } & Sighting)
  /** The condition goes on holding. */
  | ({ readonly event: 'holds' } & Sighting)
  /** Nothing was seen of it, and it has not ended. */
  | { readonly event: 'waits'; readonly at: Date }
  /** The condition has ended, or an operator has settled it. */
  | { readonly event: 'resolved'; readonly at: Date }
  | { readonly event: 'acknowledged'; readonly at: Date; readonly by: string }
  /** `until` undefined: it is told of again. */
  | { readonly event: 'silenced'; readonly at: Date; readonly until: Date | undefined };

export interface Stepped {
  readonly alert: Alert;
  readonly tell?: TellEvent;
}

const HOUR_MS = 3_600_000;
/** What happens again and again is told at most as often. */
const AT_MOST_EVERY_MS = HOUR_MS;
/** Daily reminders of all alerts come together: one mail, not forty. */
const DIGEST_HOUR_UTC = 1;

/** The first sighting of a kind and a subject: people are told at once. */
export function raise(id: string, kind: AlertKind, subject: string, seen: Sighting): Stepped {
  const { at, level, code, detail } = seen;
  const alert: Alert = {
    id,
    kind,
    subject,
    level,
    state: 'new',
    firstAt: at,
    lastAt: at,
    count: 1,
    code,
    detail,
    acknowledgedBy: undefined,
    acknowledgedAt: undefined,
    silencedUntil: undefined,
    resolvedAt: undefined,
    toldAt: undefined,
    nextTellAt: undefined,
    tells: 0,
  };
  return told(alert, 'raised', at, seen.tellAgainAt);
}

/** The alert after an event, and what people are told. A resolved one stays as it is: what happens then is another alert. */
export function step(alert: Alert, event: AlertEvent): Stepped {
  if (alert.state === 'resolved') return { alert };
  switch (event.event) {
    case 'happened':
      return happened(alert, event);
    case 'holds':
      return holds(alert, event);
    case 'waits':
      return reminded(alert, event.at);
    case 'resolved':
      return resolved(alert, event.at);
    case 'acknowledged':
      return {
        alert: { ...alert, state: 'acknowledged', acknowledgedBy: event.by, acknowledgedAt: event.at },
      };
    case 'silenced':
      return { alert: { ...alert, silencedUntil: event.until } };
  }
}

function happened(alert: Alert, seen: Sighting): Stepped {
  const { at } = seen;
  const now: Alert = { ...sighted(alert, seen), count: alert.count + 1, state: 'new' };
  if (now.level !== alert.level) return told({ ...now, silencedUntil: undefined }, 'raised', at, seen.tellAgainAt);
  const mayAt = new Date((alert.toldAt ?? at).getTime() + AT_MOST_EVERY_MS);
  if (mayAt <= at && !isSilent(now, at)) return told(now, 'raised', at, seen.tellAgainAt);
  return reminded({ ...now, nextTellAt: earlier(now.nextTellAt, mayAt) }, at);
}

function holds(alert: Alert, seen: Sighting): Stepped {
  const now = sighted(alert, seen);
  // What gets worse is news, also to who has taken it or did not want to hear of it.
  if (now.level !== alert.level)
    return told({ ...now, state: 'new', silencedUntil: undefined }, 'raised', seen.at, seen.tellAgainAt);
  if (alertKind(alert.kind).again !== 'steps') return reminded(now, seen.at);
  const due = alert.nextTellAt !== undefined && alert.nextTellAt <= seen.at;
  // Every step is news as well.
  if (due && !isSilent(now, seen.at)) return told({ ...now, state: 'new' }, 'reminded', seen.at, seen.tellAgainAt);
  return { alert: due ? now : { ...now, nextTellAt: seen.tellAgainAt } };
}

/** Tells again what nobody has taken, when its time has come. */
function reminded(alert: Alert, at: Date): Stepped {
  const due = alert.nextTellAt !== undefined && alert.nextTellAt <= at;
  if (!due || alert.state !== 'new' || isSilent(alert, at)) return { alert };
  return told(alert, 'reminded', at, undefined);
}

function resolved(alert: Alert, at: Date): Stepped {
  const ended: Alert = { ...alert, state: 'resolved', resolvedAt: at, nextTellAt: undefined };
  if (isSilent(alert, at)) return { alert: ended };
  return { alert: { ...ended, toldAt: at, tells: alert.tells + 1 }, tell: 'recovered' };
}

function sighted(alert: Alert, { at, level, code, detail }: Sighting): Alert {
  return {
    ...alert,
    lastAt: at,
    level: higher(alert.level, level),
    code: code ?? alert.code,
    detail: detail ?? alert.detail,
  };
}

const told = (alert: Alert, tell: TellEvent, at: Date, tellAgainAt: Date | undefined): Stepped => ({
  alert: { ...alert, toldAt: at, tells: alert.tells + 1, nextTellAt: nextTell(alert.kind, at, tellAgainAt) },
  tell,
});

/** When people are told of an open alert again. */
function nextTell(kind: AlertKind, at: Date, tellAgainAt: Date | undefined): Date | undefined {
  switch (alertKind(kind).again) {
    case 'once':
      return undefined;
    case 'hourly':
      return new Date(at.getTime() + HOUR_MS);
    case 'daily':
      return nextDigest(at);
    case 'steps':
      return tellAgainAt;
  }
}

/** The next hour of the digest that is at least six hours away: who has just been told is not told again at once. */
export function nextDigest(at: Date): Date {
  const digest = new Date(at);
  digest.setUTCHours(DIGEST_HOUR_UTC, 0, 0, 0);
  while (digest.getTime() - at.getTime() < 6 * HOUR_MS) digest.setUTCDate(digest.getUTCDate() + 1);
  return digest;
}

const isSilent = ({ silencedUntil }: Alert, at: Date) => silencedUntil !== undefined && silencedUntil > at;
const earlier = (a: Date | undefined, b: Date) => (a !== undefined && a < b ? a : b);
const higher = (a: AlertLevel, b: AlertLevel) => (ALERT_LEVELS.indexOf(a) >= ALERT_LEVELS.indexOf(b) ? a : b);
