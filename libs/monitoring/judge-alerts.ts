import { judgeClock, sayOff } from '../exchange';
import { judgeExpiry } from './alert-expiry';
import type { AlertFacts, Condition } from './alert-facts';
import { ALERT_KINDS, type AlertKind, type App } from './alert-kinds';
import type { Thresholds } from './thresholds';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A partner that falls silent has not put its clock right; after so long nobody asks any more. */
const CLOCK_READING_MS = 7 * DAY_MS;
/** A certificate is new for as long; a directory adopted so long before has announced it. */
const CHANGED_WITHIN_MS = 7 * DAY_MS;
const ANNOUNCED_MS = DAY_MS;
/** Pings that fail one after the other until it is alarming. */
const PINGS_IN_ROW = 3;
/** With so little of a disk left, a database stops writing soon. */
const DISK_CRITICAL = 0.05;

/** The conditions that hold now. A pure function: what it says twice of the same facts is the same, whichever monitor asks. */
export function judgeAlerts(facts: AlertFacts, thresholds: Thresholds, now: Date): Condition[] {
  return [
    ...unsent(facts, thresholds, now),
    ...processesGone(facts),
    ...machines(facts, thresholds),
    ...clocks(facts, thresholds, now),
    ...changedCertificates(facts, now),
    ...failedPings(facts),
    ...holds(facts),
    ...judgeExpiry(facts, now),
    ...backups(facts, thresholds, now),
  ];
}

function condition(kind: AlertKind, subject: string, more: Partial<Condition> = {}): Condition {
  return { kind, subject, level: ALERT_KINDS[kind].level, ...more };
}

/** Per partner: a partner that is down must not hide that another one is, too. */
function unsent({ unsent: groups }: AlertFacts, thresholds: Thresholds, now: Date): Condition[] {
  const partners = [...new Set(groups.map(({ partner }) => partner))];
  return partners.flatMap((partner) => {
    const own = groups.filter((group) => group.partner === partner);
    const oldest = ageOf(own, now);
    const emergency = ageOf(
      own.filter(({ lane }) => lane === 'emergency'),
      now,
    );
    const waiting = own.reduce((sum, group) => sum + group.waiting, 0);
    const detail = `${waiting} wait; the oldest for ${minutes(oldest)} min.`;
    return [
      ...(oldest > thresholds.unsentHighMs
        ? [condition('oldest_unsent', partner, { level: 'high', detail })]
        : oldest > thresholds.unsentWarnMs
          ? [condition('oldest_unsent', partner, { detail })]
          : []),
      ...(emergency > thresholds.emergencyMs
        ? [condition('emergency_unsent', partner, { detail: `The oldest waits for ${minutes(emergency)} min.` })]
        : []),
    ];
  });
}

const ageOf = (groups: AlertFacts['unsent'], now: Date) =>
  Math.max(0, ...groups.map(({ oldestAt }) => now.getTime() - oldestAt.getTime()));
const minutes = (ms: number) => Math.floor(ms / 60_000);

const GONE: readonly (readonly [App, AlertKind])[] = [
  ['worker', 'no_workers'],
  ['gateway', 'no_gateway'],
  ['office', 'no_office'],
];

function processesGone({ node, processes }: AlertFacts): Condition[] {
  return GONE.filter(([app]) => !processes.some((process) => process.app === app)).map(([, kind]) =>
    condition(kind, node),
  );
}

function machines({ processes }: AlertFacts, { diskFree, signInFailures }: Thresholds): Condition[] {
  const disks = new Map<string, number>();
  const refused = new Map<string, number>();
  for (const { app, host, facts } of processes) {
    if (facts.diskFree !== undefined) disks.set(host, Math.min(facts.diskFree, disks.get(host) ?? 1));
    refused.set(app, (refused.get(app) ?? 0) + (facts.signInFailures ?? 0));
  }
  return [
    ...[...disks]
      .filter(([, free]) => free < diskFree)
      .map(([host, free]) =>
        condition('disk_low', host, {
          ...(free < DISK_CRITICAL && { level: 'critical' }),
          detail: `${Math.floor(free * 100)} % free.`,
        }),
      ),
    ...[...refused]
      .filter(([, count]) => count >= signInFailures)
      .map(([app, count]) => condition('sign_in_failures', app, { detail: `${count} in 15 min.` })),
  ];
}

/** Whose clock is wrong is judged by the majority, as the worker does; here from less on. */
function clocks({ node, watches, databaseClock }: AlertFacts, { clockSkewMs }: Thresholds, now: Date): Condition[] {
  const readings = watches.flatMap(({ partner, clock, answeredAt }) =>
    clock && answeredAt && now.getTime() - answeredAt.getTime() < CLOCK_READING_MS ? [{ partner, ...clock }] : [],
  );
  const { ours, theirs } = judgeClock(readings, clockSkewMs);
  const { offsetMs, doubtMs } = databaseClock;
  return [
    ...(Math.abs(offsetMs) - doubtMs > clockSkewMs ? [{ subject: 'database', offMs: offsetMs }] : []),
    ...(ours ? [{ subject: node, offMs: ours.offMs }] : []),
    ...theirs.map(({ partner, offMs }) => ({ subject: partner, offMs })),
  ].map(({ subject, offMs }) => condition('clock_skew', subject, { code: 'clock_skew', detail: sayOff(offMs) }));
}

/**
 * A certificate that a partner shows for the first time while it has shown another one within a week, and that no new directory has
 * announced. It may be a renewal that nobody spoke of; it may be somebody in between.
 */
function changedCertificates({ links, adoptedAt }: AlertFacts, now: Date): Condition[] {
  return links.flatMap(({ partner, side, fingerprint, firstSeen }) => {
    const since = firstSeen.getTime();
    const former = links.some(
      (other) =>
        other.partner === partner &&
        other.side === side &&
        other.firstSeen < firstSeen &&
        since - other.lastSeen.getTime() <= CHANGED_WITHIN_MS,
    );
    const announced = adoptedAt.some((at) => at.getTime() <= since && since - at.getTime() <= ANNOUNCED_MS);
    if (!former || announced || now.getTime() - since > CHANGED_WITHIN_MS) return [];
    return [condition('partner_certificate_changed', `${partner} ${side} ${fingerprint.slice(0, 16)}`)];
  });
}

function failedPings({ pings }: AlertFacts): Condition[] {
  const partners = [...new Set(pings.map(({ partner }) => partner))];
  return partners.flatMap((partner) => {
    const last = pings.filter((ping) => ping.partner === partner).slice(0, PINGS_IN_ROW);
    if (last.length < PINGS_IN_ROW || last.some(({ ok }) => ok)) return [];
    return [condition('ping_failed', partner, { code: last[0]!.code, detail: `${PINGS_IN_ROW} in a row.` })];
  });
}

function holds({ heldPartners, heldQueues }: AlertFacts): Condition[] {
  return [
    ...heldPartners.map((partner) => condition('partner_held', partner)),
    ...heldQueues.map((queue) => condition('queue_held', queue)),
  ];
}

function backups({ node, backup }: AlertFacts, { backupMs }: Thresholds, now: Date): Condition[] {
  if (!backup) return [];
  const { newestAt } = backup;
  if (!newestAt) return [condition('backup_old', node, { detail: 'None has succeeded.' })];
  const age = now.getTime() - newestAt.getTime();
  return age > backupMs ? [condition('backup_old', node, { detail: `${Math.floor(age / HOUR_MS)} h old.` })] : [];
}
