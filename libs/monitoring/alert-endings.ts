import type { AlertFacts } from './alert-facts';
import { alertKind, type AlertKind } from './alert-kinds';
import type { Alert } from './alert-state';

/** A condition that was seen so long ago has ended: one look that misses it is not enough. */
const CALM_MS = 60_000;

type About = Pick<Alert, 'kind' | 'subject' | 'lastAt'>;
type Ended = (alert: About, facts: AlertFacts) => boolean;

const cameThrough: Ended = ({ subject }, { outgoing }) =>
  ['received', 'delivered', 'opened'].includes(outgoing.get(subject) ?? '');

/** When an alarm, which tells of a moment, is over. Kinds that are missing end by an operator alone. */
const ALARM_ENDED: Partial<Readonly<Record<AlertKind, Ended>>> = {
  message_undeliverable: cameThrough,
  not_received: cameThrough,
  not_delivered: ({ subject }, { outgoing }) =>
    ['delivered', 'opened', 'refused'].includes(outgoing.get(subject) ?? ''),
  message_stuck: ({ subject }, { incoming }) => ['filed', 'refused'].includes(incoming.get(subject) ?? ''),
  file_stuck: ({ subject }, { files }) => ['received', 'withheld'].includes(files.get(subject) ?? ''),
  directory_behind: ({ subject }, { watches }) =>
    watches.some(({ partner, behindSince, answeredAt }) => partner === subject && answeredAt && !behindSince),
  // It called us since, with a certificate that was taken.
  partner_tls: ({ subject, lastAt }, { links }) =>
    links.some(({ partner, side, lastSeen }) => partner === subject && side === 'in' && lastSeen > lastAt),
};

/**
 * Whether an open alert, whose condition is not seen now, has ended by itself.
 * What cannot be judged for want of facts has not ended: silence is no recovery.
 */
export function hasEnded(alert: About, facts: AlertFacts, now: Date): boolean {
  const { source, ends } = alertKind(alert.kind);
  if (ends === 'operator') return false;
  if (source === 'alarm') return ALARM_ENDED[alert.kind]?.(alert, facts) === true;
  if (['directory_expiring', 'directory_expired'].includes(alert.kind) && !facts.directory) return false;
  return now.getTime() - alert.lastAt.getTime() >= CALM_MS;
}
