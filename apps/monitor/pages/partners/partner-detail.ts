import { CATALOGUE, meaningOf, type Code } from '../../../../libs/errors';
import { PROBE_STEPS, type ProbeStep } from '../../../../libs/exchange';
import type { Language, Translate } from '../../../../libs/pages';
import type { DirectoryNode } from '../../../../libs/schema';
import type { partnerWork } from '../../../../libs/storage';
import { formatBytes, formatDate, formatNumber } from '../../../../libs/text';
import { expiryNotice } from '../../../../libs/trust';

interface Reader {
  readonly t: Translate;
  readonly language: Language;
  readonly now: Date;
}

const isCode = (code: string | null | undefined): code is Code =>
  typeof code === 'string' && Object.hasOwn(CATALOGUE, code);

/** What a code means, where it is one of ours. */
const meaning = (code: string | null | undefined, language: Language) =>
  isCode(code) ? meaningOf(code, language) : undefined;

/** A connection test with all its steps: those that were not made say so. */
export function testLine(test: partnerWork.PartnerTest, { t, language }: Reader) {
  const { steps, finishedAt, startedAt, requestedAt, requestedBy, ok } = test;
  const made = new Map((steps ?? []).map((one) => [one.step, one]));
  const state = stateOf(test);
  return {
    requestedAt,
    requestedBy,
    startedAt,
    finishedAt,
    runs: state === 'waits' || state === 'runs',
    state,
    stateText: t(`partners:test.state.${state}`),
    // Ended without a step that failed: nobody took it, or the worker ended.
    lost:
      finishedAt && !ok && [...made.values()].every((step) => step.ok)
        ? meaningOf('test_not_run', language)
        : undefined,
    steps: PROBE_STEPS.map((step) => stepLine(step, made.get(step), { t, language })),
  };
}

function stateOf({ startedAt, finishedAt, ok }: partnerWork.PartnerTest) {
  if (finishedAt) return ok ? 'passed' : 'failed';
  return startedAt ? 'runs' : 'waits';
}

function stepLine(
  step: (typeof PROBE_STEPS)[number],
  found: ProbeStep | undefined,
  { t, language }: Omit<Reader, 'now'>,
) {
  const result = found === undefined ? 'none' : found.ok ? 'ok' : 'failed';
  return {
    name: t(`partners:test.step.${step}`),
    result,
    resultText: t(`partners:test.result.${result}`),
    ms: found?.ms,
    detail: found?.detail,
    code: found?.code,
    meaning: meaning(found?.code, language),
    fix: found?.code === undefined ? undefined : t(`partners:test.fix.${step}`),
  };
}

/** A ping and how long it took there and back. */
export function pingLine(ping: partnerWork.PartnerPing, { t, language }: Reader) {
  const { sentAt, endedAt, outcome, code, scheduled, requestedAt, messageId } = ping;
  const result = outcome ?? 'runs';
  const ms = outcome === 'ok' && sentAt && endedAt ? Math.max(0, endedAt.getTime() - sentAt.getTime()) : undefined;
  return {
    requestedAt,
    messageId,
    by: t(`partners:ping.${scheduled ? 'scheduled' : 'asked'}`),
    result,
    resultText: t(`partners:ping.result.${result}`),
    roundTrip: ms === undefined ? undefined : `${formatNumber(ms, language)} ms`,
    code,
    meaning: meaning(code, language),
  };
}

/** A certificate that the partner has shown. */
export function certificateLine(seen: partnerWork.SeenCertificate, { t, now }: Reader) {
  const { daysLeft, step, expired } = expiryNotice(seen.validTo.toISOString(), now);
  return {
    side: t(`partners:certificate.${seen.side}`),
    fingerprint: seen.fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 '),
    validFrom: dayOf(seen.validFrom),
    validTo: dayOf(seen.validTo),
    firstSeen: seen.firstSeen,
    lastSeen: seen.lastSeen,
    daysLeft,
    soon: expired || step !== undefined,
  };
}

const dayOf = (at: Date) => formatDate(at.toISOString().slice(0, 10));

/** What the directory says of a partner, besides its keys. */
export function directoryFacts({ contacts, limits, units, endpoint, workingHours }: DirectoryNode, reader: Reader) {
  const { t, language } = reader;
  return {
    endpoint,
    contacts: contacts.map(({ role, email, phone }) => ({ role, email, phone })),
    limits: [
      t('partners:limit.message', { size: formatBytes(limits.maxMessageBytes, language) }),
      t('partners:limit.batch', { count: limits.maxBatchMessages, size: formatBytes(limits.maxBatchBytes, language) }),
    ],
    hours: `${workingHours.from}–${workingHours.to} (${workingHours.timezone})`,
    units: units.map((unit) => ({ id: unit.id, name: unit.name[language], active: unit.status === 'active' })),
  };
}
