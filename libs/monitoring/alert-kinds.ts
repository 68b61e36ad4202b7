import type { AlarmKind } from '../casework';

/** How bad it is. `warn`: look today; `high`: look now; `critical`: somebody may come to harm, or somebody attacks. */
export const ALERT_LEVELS = ['warn', 'high', 'critical'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** How often an alert is told again while nobody has taken it. `steps`: 60, 30, 14, 7 and 1 days before an end, then weekly. */
export type Cadence = 'once' | 'hourly' | 'daily' | 'steps';

/** The processes of a node. */
export type App = 'gateway' | 'worker' | 'office' | 'monitor';

/** What an alert is made of: rows that processes raise (`alarm`), or facts that the monitor judges again and again. */
type Source = 'alarm' | 'facts';

export interface AlertKindEntry {
  /** The lowest level; facts may raise it. */
  readonly level: AlertLevel;
  readonly again: Cadence;
  /**
   * Who ends it: the alert itself when its condition has ended; an operator who has looked; or whichever comes first, as for a message
   * that nobody sends again.
   */
  readonly ends: 'itself' | 'operator' | 'either';
  readonly source: Source;
  /** The processes whose rows or facts it is made of. */
  readonly from: readonly App[];
  /** For so long a condition must hold before it is raised, in milliseconds: a restart is no outage. */
  readonly patienceMs: number;
}

const kind = (
  source: Source,
  level: AlertLevel,
  again: Cadence,
  ends: AlertKindEntry['ends'],
  from: readonly App[],
  patienceMs = 0,
): AlertKindEntry => ({ source, level, again, ends, from, patienceMs });

/** A process that is restarted is back by then. */
const RESTART_MS = 60_000;

/**
 * The closed catalogue of alert kinds. Their ids are part of the contract: runbooks (docs/runbooks/<id>.md), webhooks and rules of others
 * name them, so they may be added, never renamed.
 */
export const ALERT_KINDS = {
  // Messages on their way
  message_undeliverable: kind('alarm', 'high', 'daily', 'either', ['worker']),
  message_refused: kind('alarm', 'high', 'daily', 'operator', ['gateway', 'worker']),
  message_stuck: kind('alarm', 'high', 'daily', 'either', ['worker']),
  not_received: kind('alarm', 'high', 'daily', 'either', ['worker']),
  not_delivered: kind('alarm', 'warn', 'daily', 'either', ['worker']),
  oldest_unsent: kind('facts', 'warn', 'daily', 'itself', ['worker']),
  emergency_unsent: kind('facts', 'high', 'hourly', 'itself', ['worker']),
  file_stuck: kind('alarm', 'high', 'daily', 'either', ['worker']),
  // What nobody answered
  no_acknowledgement: kind('alarm', 'warn', 'daily', 'operator', ['worker']),
  deadline_passed: kind('alarm', 'warn', 'once', 'operator', ['worker']),
  // Evidence and content that are wrong
  id_reused: kind('alarm', 'high', 'daily', 'operator', ['gateway']),
  receipt_contradictory: kind('alarm', 'critical', 'daily', 'operator', ['gateway', 'worker']),
  receipt_refused: kind('alarm', 'warn', 'daily', 'operator', ['worker']),
  integrity_failure: kind('alarm', 'critical', 'hourly', 'operator', ['worker', 'office']),
  manifest_unexplained: kind('alarm', 'critical', 'daily', 'operator', ['worker']),
  manifest_differs: kind('alarm', 'warn', 'daily', 'operator', ['worker']),
  file_damaged: kind('alarm', 'high', 'daily', 'operator', ['worker']),
  file_infected: kind('alarm', 'high', 'daily', 'operator', ['worker']),
  entered_in_error: kind('alarm', 'high', 'daily', 'operator', ['worker']),
  protection_rule_broken: kind('alarm', 'high', 'daily', 'operator', ['worker']),
  canary_found: kind('alarm', 'critical', 'hourly', 'operator', ['gateway', 'worker', 'office', 'monitor']),
  // Partners
  partner_tls: kind('alarm', 'high', 'daily', 'either', ['gateway']),
  partner_certificate_changed: kind('facts', 'critical', 'hourly', 'operator', ['gateway', 'worker']),
  partner_certificate_expiring: kind('facts', 'warn', 'steps', 'itself', ['gateway', 'worker']),
  ping_failed: kind('facts', 'high', 'daily', 'itself', ['office']),
  clock_skew: kind('facts', 'high', 'daily', 'itself', ['worker']),
  directory_behind: kind('alarm', 'warn', 'daily', 'either', ['worker']),
  directory_refused: kind('alarm', 'critical', 'daily', 'operator', ['gateway', 'worker', 'office']),
  partner_held: kind('facts', 'warn', 'daily', 'itself', ['monitor']),
  queue_held: kind('facts', 'warn', 'daily', 'itself', ['monitor']),
  // What ends
  directory_expiring: kind('facts', 'warn', 'steps', 'itself', ['gateway', 'worker', 'office']),
  directory_expired: kind('facts', 'critical', 'daily', 'itself', ['gateway', 'worker', 'office']),
  key_expiring: kind('facts', 'warn', 'steps', 'itself', ['gateway', 'worker', 'office']),
  certificate_expiring: kind('facts', 'warn', 'steps', 'itself', ['gateway', 'worker']),
  certificate_refused: kind('alarm', 'high', 'daily', 'operator', ['gateway', 'worker']),
  // This node
  no_workers: kind('facts', 'critical', 'hourly', 'itself', ['worker'], RESTART_MS),
  no_gateway: kind('facts', 'critical', 'hourly', 'itself', ['gateway'], RESTART_MS),
  no_office: kind('facts', 'high', 'hourly', 'itself', ['office'], RESTART_MS),
  disk_low: kind('facts', 'warn', 'daily', 'itself', ['gateway', 'worker', 'office', 'monitor']),
  backup_old: kind('facts', 'high', 'daily', 'itself', ['monitor']),
  sign_in_failures: kind('facts', 'high', 'daily', 'itself', ['office', 'monitor']),
} as const satisfies Record<string, AlertKindEntry>;

export type AlertKind = keyof typeof ALERT_KINDS;

export const isAlertKind = (name: string): name is AlertKind => Object.hasOwn(ALERT_KINDS, name);

/** The catalogue row of a kind. */
export const alertKind = (name: AlertKind): AlertKindEntry => ALERT_KINDS[name];

/** Which kind of alert each kind of alarm becomes. An alarm that is added without one does not compile. */
export const ALERT_OF_ALARM: Readonly<Record<AlarmKind, AlertKind>> = {
  id_reused: 'id_reused',
  receipt_contradictory: 'receipt_contradictory',
  receipt_refused: 'receipt_refused',
  undeliverable: 'message_undeliverable',
  message_refused: 'message_refused',
  integrity_failure: 'integrity_failure',
  directory_refused: 'directory_refused',
  directory_expiring: 'directory_expiring',
  directory_expired: 'directory_expired',
  directory_behind: 'directory_behind',
  clock_skew: 'clock_skew',
  partner_tls: 'partner_tls',
  certificate_refused: 'certificate_refused',
  message_stuck: 'message_stuck',
  not_received: 'not_received',
  not_delivered: 'not_delivered',
  deadline_passed: 'deadline_passed',
  no_acknowledgement: 'no_acknowledgement',
  entered_in_error: 'entered_in_error',
  file_stuck: 'file_stuck',
  manifest_unexplained: 'manifest_unexplained',
  manifest_differs: 'manifest_differs',
  file_damaged: 'file_damaged',
  file_infected: 'file_infected',
  protection_rule_broken: 'protection_rule_broken',
  canary_found: 'canary_found',
};

/** The level of an alarm that was raised for the n-th time about one thing: silence of 3, 9 and 14 days is told with growing weight. */
export function levelOfAlarm(name: AlertKind, times: number): AlertLevel {
  if (name !== 'no_acknowledgement') return ALERT_KINDS[name].level;
  return ALERT_LEVELS[Math.min(times, ALERT_LEVELS.length) - 1]!;
}
