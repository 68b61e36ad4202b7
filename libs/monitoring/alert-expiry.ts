import { expiries, EXPIRY_STEPS, expiryNotice, type Ending } from '../trust';
import type { AlertFacts, Condition } from './alert-facts';
import type { AlertKind, AlertLevel } from './alert-kinds';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** What ends soon, or has ended: keys, certificates and the directory. */
export function judgeExpiry(facts: AlertFacts, now: Date): Condition[] {
  return [...directoryEnds(facts, now), ...keysEnd(facts, now), ...certificatesEnd(facts, now)];
}

function directoryEnds({ directory }: AlertFacts, now: Date): Condition[] {
  if (!directory) return [];
  const [ending] = endings('directory_expiring', 'directory', directory.expiresAt, now);
  if (!ending || !expiryNotice(directory.expiresAt, now).expired) return ending ? [ending] : [];
  // A kind of its own: nothing can be started any more.
  return [{ ...ending, kind: 'directory_expired', code: 'directory_expired', tellAgainAt: undefined }];
}

/**
 * Of keys that can stand in for each other only the last counts, and of a series how many lie ahead. What processes hold and what the
 * directory publishes may end at different times.
 */
function keysEnd({ processes, directory, node }: AlertFacts, now: Date): Condition[] {
  const keys = processes.flatMap((process) => (process.facts.keys ?? []).flatMap(heldKey));
  return expiries({ keys, node, ...(directory && { directory }) }, now)
    .filter(({ use }) => use !== 'directory')
    .flatMap(({ subject, use, where, notAfter }) =>
      // A series is told of weeks before its last key ends: until then its condition has no step of its own.
      endings('key_expiring', `${subject || node} ${use} ${where}`, notAfter, now, use === 'rotation'),
    );
}

type HeldKey = NonNullable<AlertFacts['processes'][number]['facts']['keys']>[number];

function heldKey({ use, unit, validTo, state }: HeldKey): NonNullable<Ending['keys']> {
  if (validTo === undefined || state !== 'active') return [];
  return [{ use, kind: '', notAfter: validTo, ...(unit !== undefined && { unit }) }];
}

function certificatesEnd({ processes, links }: AlertFacts, now: Date): Condition[] {
  const own = new Map(
    processes.flatMap(({ facts: { tls } }) => (tls ? [[tls.fingerprint, tls.validTo] as const] : [])),
  );
  const shown = new Map<string, (typeof links)[number]>();
  for (const link of links) {
    const subject = `${link.partner} ${link.side}`;
    const known = shown.get(subject);
    if (!known || known.lastSeen < link.lastSeen) shown.set(subject, link);
  }
  return [
    ...[...own].flatMap(([fingerprint, until]) =>
      endings('certificate_expiring', fingerprint.slice(0, 16), until, now),
    ),
    ...[...shown].flatMap(([subject, { validTo }]) =>
      endings('partner_certificate_expiring', subject, validTo.toISOString(), now),
    ),
  ];
}

function endings(kind: AlertKind, subject: string, until: string, now: Date, always = false): Condition[] {
  const { daysLeft, expired, step } = expiryNotice(until, now);
  if (step === undefined && !always) return [];
  const detail = expired ? `Ended ${-daysLeft} days ago.` : `Ends in ${daysLeft} days.`;
  return [{ kind, subject, level: levelAt(expired, step), detail, tellAgainAt: nextStepAt(until, now) }];
}

function levelAt(expired: boolean, step: number | undefined): AlertLevel {
  if (expired || step === 1) return 'critical';
  return step !== undefined && step <= 14 ? 'high' : 'warn';
}

/** When people are told of an end again: at the next step before it, at the end itself, and weekly after it. */
export function nextStepAt(until: string, now: Date): Date {
  const end = Date.parse(until);
  const steps = [...EXPIRY_STEPS, 0].map((days) => end - days * DAY_MS);
  const next = steps.find((at) => at > now.getTime());
  const weeks = Math.floor((now.getTime() - end) / WEEK_MS) + 1;
  return new Date(next ?? end + weeks * WEEK_MS);
}
