import { hasEnded } from './alert-endings';
import type { AlertFacts, Condition, RaisedAlarm } from './alert-facts';
import { ALERT_OF_ALARM, alertKind, levelOfAlarm, type AlertKind } from './alert-kinds';
import { raise, step, type Alert, type AlertEvent, type Sighting, type Stepped, type TellEvent } from './alert-state';

/** What one look at the node begins with. */
export interface Round {
  readonly now: Date;
  readonly facts: AlertFacts;
  /** Alerts that are not resolved. */
  readonly open: readonly Alert[];
  /** Alarms that were raised since, oldest first. */
  readonly alarms: readonly RaisedAlarm[];
  /** Conditions that hold now, and have for long enough. */
  readonly holding: readonly Condition[];
  /** What operators have settled before of kinds that they end: it is not raised again for as long as it can be seen. */
  readonly settled: readonly Pick<Alert, 'kind' | 'subject'>[];
  readonly newId: () => string;
}

/** What is to be kept, and what people are to be told. */
export interface RoundResult {
  /** Alerts that are new or have changed. */
  readonly alerts: readonly Alert[];
  readonly tells: readonly { readonly alert: Alert; readonly event: TellEvent }[];
}

const keyOf = ({ kind, subject }: { readonly kind: AlertKind; readonly subject: string }) => `${kind} ${subject}`;

/** One look at the node: what happened, what holds, what has ended, whom to remind. Pure: the same round twice is the same result. */
export function playRound(round: Round): RoundResult {
  const { now, facts, open, newId } = round;
  const alerts = new Map(open.map((alert) => [keyOf(alert), alert]));
  const settled = new Set(round.settled.map(keyOf));
  const changed = new Map<string, Alert>();
  const tells: { alert: Alert; event: TellEvent }[] = [];
  const seen = new Set<string>();

  const keep = (key: string, { alert, tell }: Stepped) => {
    if (alert !== alerts.get(key)) changed.set(key, alert);
    alerts.set(key, alert);
    if (tell) tells.push({ alert, event: tell });
  };
  const sight = (kind: AlertKind, subject: string, event: 'happened' | 'holds', sighting: Sighting) => {
    const key = keyOf({ kind, subject });
    const known = alerts.get(key);
    seen.add(key);
    if (known) keep(key, step(known, { event, ...sighting }));
    else if (event === 'happened' || !settled.has(key)) keep(key, raise(newId(), kind, subject, sighting));
  };

  for (const { kind: alarm, subject, code, detail, times } of round.alarms) {
    const kind = ALERT_OF_ALARM[alarm];
    // Where facts are judged as well, the alarm is another sight of the same.
    const event = alertKind(kind).source === 'facts' ? 'holds' : 'happened';
    sight(kind, subject, event, { at: now, level: levelOfAlarm(kind, times), code, detail });
  }
  for (const { kind, subject, ...found } of round.holding) sight(kind, subject, 'holds', { at: now, ...found });
  for (const [key, alert] of alerts) {
    if (seen.has(key)) continue;
    const event: AlertEvent['event'] = hasEnded(alert, facts, now) ? 'resolved' : 'waits';
    keep(key, step(alert, { event, at: now }));
  }
  return { alerts: [...changed.values()], tells };
}

/** Conditions that were seen and are not old enough to be raised, with since when. */
export type Pending = ReadonlyMap<string, Date>;

/**
 * Those of the conditions that have held for long enough, and what is to be remembered for the next look. One that has an open alert is
 * old enough: a monitor that was restarted must not take an outage for over.
 */
export function ripen(
  holding: readonly Condition[],
  open: readonly Pick<Alert, 'kind' | 'subject'>[],
  pending: Pending,
  now: Date,
): { readonly ripe: readonly Condition[]; readonly pending: Pending } {
  const known = new Set(open.map(keyOf));
  const since = new Map(holding.map((condition) => [keyOf(condition), pending.get(keyOf(condition)) ?? now]));
  const ripe = holding.filter((condition) => {
    const heldMs = now.getTime() - since.get(keyOf(condition))!.getTime();
    return known.has(keyOf(condition)) || heldMs >= alertKind(condition.kind).patienceMs;
  });
  return { ripe, pending: since };
}
