import type { Directory, DirectoryKey, DirectoryUnit } from '../schema';
import { expiryNotice, EXPIRY_STEPS } from './expiry-notice';
import { finding, type Finding, type FindingCode } from './findings';
import { isValidAt } from './validity';

const LONG_LIFE_DAYS = 400;
/** Keys are followed by others long before their directory ends; what ends within this time needs them now. */
const SOON_MS = EXPIRY_STEPS[0] * 86_400_000;
const CLOCK_MS = 60_000;

/**
 * What a directory would bring about if it came into force at `at`: mistakes that a quorum can make without any rule being broken, and
 * that would keep messages from travelling or the next version from being signed.
 */
export function directoryConcerns(directory: Directory, at: Date): Finding[] {
  return [...lifeConcerns(directory, at), ...quorumConcerns(directory, at), ...keyConcerns(directory, at)];
}

function lifeConcerns({ issuedAt, expiresAt }: Directory, at: Date): Finding[] {
  const { daysLeft } = expiryNotice(expiresAt, at);
  const concerns: Finding[] = [];
  if (daysLeft < EXPIRY_STEPS[0]) concerns.push(finding('expires_soon', '', { after: expiresAt }));
  if (daysLeft >= LONG_LIFE_DAYS) concerns.push(finding('lives_long', '', { after: expiresAt }));
  if (Date.parse(issuedAt) > at.getTime() + CLOCK_MS) concerns.push(finding('issued_ahead', '', { after: issuedAt }));
  return concerns;
}

function quorumConcerns({ governance: { threshold, keys }, expiresAt }: Directory, at: Date): Finding[] {
  const about = (code: FindingCode, after?: string) =>
    finding(code, 'governance', { before: String(threshold), ...(after !== undefined && { after }) });
  const countries = (time: Date) => new Set(keys.filter((key) => isValidAt(key, time)).map(({ node }) => node)).size;
  const now = countries(at);
  if (now < threshold) return [about('quorum_unreachable', String(now))];
  const concerns: Finding[] = [];
  if (threshold === 1) concerns.push(about('one_country_decides'));
  if (now === threshold) concerns.push(about('quorum_without_spare', String(now)));
  const ends = keys.map(({ notAfter }) => Date.parse(notAfter)).filter((end) => end > at.getTime());
  const early = ends.toSorted((a, b) => a - b).find((end) => countries(new Date(end)) < threshold);
  if (early !== undefined && early < Date.parse(expiresAt))
    concerns.push(about('quorum_ends_early', new Date(early).toISOString()));
  return concerns;
}

function keyConcerns({ nodes, expiresAt }: Directory, at: Date): Finding[] {
  const horizon = new Date(Math.min(Date.parse(expiresAt), at.getTime() + SOON_MS));
  const until = (place: string, keys: readonly DirectoryKey[], code: FindingCode, later: FindingCode) => {
    const end = coveredUntil(keys, at);
    if (end <= at) return [finding(code, place)];
    return end < horizon ? [finding(later, place, { after: end.toISOString() })] : [];
  };
  return nodes.flatMap(({ id, receiptKeys, suites, units }) => [
    ...until(id, receiptKeys, 'node_cannot_vouch', 'node_cannot_vouch_from'),
    ...units
      .filter((unit) => isOpen(unit, at))
      .flatMap(({ id: unit, signingKeys, encryptionKeys }) => {
        const sealedTo = encryptionKeys.filter(({ suite }) => suite === suites[0]);
        return [
          ...until(unit, signingKeys, 'unit_cannot_send', 'unit_cannot_send_from'),
          ...until(unit, sealedTo, 'unit_cannot_receive', 'unit_cannot_receive_from'),
        ];
      }),
  ]);
}

const isOpen = ({ status, notAfter }: DirectoryUnit, at: Date) =>
  status === 'active' && (notAfter === undefined || new Date(notAfter) > at);

/** Until when, from `at` on, there is always an active key. `at` itself when there is none. */
function coveredUntil(keys: readonly DirectoryKey[], at: Date): Date {
  const active = keys.filter(({ status }) => status === 'active');
  let end = at;
  for (;;) {
    const reach = Math.max(...active.filter((key) => isValidAt(key, end)).map(({ notAfter }) => Date.parse(notAfter)));
    if (!(reach > end.getTime())) return end;
    end = new Date(reach);
  }
}
