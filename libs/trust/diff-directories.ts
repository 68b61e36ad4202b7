import { digestOf } from '../envelope';
import type { Directory, DirectoryNode, DirectoryUnit, Governance } from '../schema';
import { diffKeys } from './diff-keys';
import { finding, type Finding } from './findings';

/**
 * What changes from one directory to the next, for people who have to decide whether to sign it. Versions and the day of issue change
 * every time and are not listed.
 */
export async function diffDirectories(before: Directory, after: Directory): Promise<Finding[]> {
  const findings = [
    ...diffDocument(before, after),
    ...diffThreshold(before.governance, after.governance),
    ...pairs(before.nodes, after.nodes).flatMap(diffPresence),
    ...(await diffKeys(before, after)),
  ];
  const { version: _1, issuedAt: _2, ...old } = before;
  const { version: _3, issuedAt: _4, ...next } = after;
  const otherOrder = findings.length === 0 && JSON.stringify(old) !== JSON.stringify(next);
  return otherOrder ? [finding('order_changed', '')] : findings;
}

function diffDocument(before: Directory, after: Directory): Finding[] {
  const findings: Finding[] = [];
  if (before.trustDomain !== after.trustDomain)
    findings.push(finding('domain_changed', '', { before: before.trustDomain, after: after.trustDomain }));
  const change = { before: before.expiresAt, after: after.expiresAt };
  const [old, next] = [Date.parse(before.expiresAt), Date.parse(after.expiresAt)];
  if (next < old) findings.push(finding('expiry_earlier', '', change));
  if (next > old) findings.push(finding('expiry_later', '', change));
  return findings;
}

function diffThreshold({ threshold: old }: Governance, { threshold: next }: Governance): Finding[] {
  if (old === next) return [];
  const code = next < old ? 'threshold_lowered' : 'threshold_raised';
  return [finding(code, 'governance', { before: String(old), after: String(next) })];
}

interface Pair<T> {
  readonly id: string;
  readonly old: T | undefined;
  readonly next: T | undefined;
}

/** What has an id, before and after. */
function pairs<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): Pair<T>[] {
  const ids = new Set([...after, ...before].map(({ id }) => id));
  const named = (list: readonly T[], id: string) => list.find((each) => each.id === id);
  return [...ids].map((id) => ({ id, old: named(before, id), next: named(after, id) }));
}

function diffPresence({ id, old, next }: Pair<DirectoryNode>): Finding[] {
  if (!old) return [finding('node_added', id, { after: next!.endpoint })];
  if (!next) return [finding('node_removed', id, { before: old.endpoint })];
  return [
    ...diffNode(id, old, next),
    ...diffTls(id, 'authority', old.tls.ca.map(digestOf), next.tls.ca.map(digestOf)),
    ...diffTls(id, 'pin', old.tls.spki, next.tls.spki),
    ...diffSuites(id, old.suites, next.suites),
    ...diffLimits(id, old.limits, next.limits),
    ...pairs(old.units, next.units).flatMap(diffUnit),
  ];
}

function diffNode(id: string, old: DirectoryNode, next: DirectoryNode): Finding[] {
  const when = ({ calendar, workingHours }: DirectoryNode) => JSON.stringify({ calendar, ...workingHours });
  return [
    ...changed('endpoint_changed', id, old.endpoint, next.endpoint),
    ...changed('name_changed', id, JSON.stringify(old.name), JSON.stringify(next.name)),
    ...changed('hours_changed', id, when(old), when(next)),
    ...changed('contacts_changed', id, JSON.stringify(old.contacts), JSON.stringify(next.contacts)),
  ];
}

const changed = (code: Finding['code'], place: string, before: string, after: string): Finding[] =>
  before === after ? [] : [finding(code, place, { before, after })];

const REPLACED = { authority: 'authorities_replaced', pin: 'pins_replaced' } as const;

/** While a certificate is changed, the old one and the new one are both at work for a time. */
function diffTls(id: string, what: 'authority' | 'pin', old: readonly string[], next: readonly string[]): Finding[] {
  const gone = old.filter((each) => !next.includes(each));
  const replaced = gone.length === old.length ? [finding(REPLACED[what], id)] : [];
  return [
    ...next.filter((each) => !old.includes(each)).map((after) => finding(`${what}_added`, id, { after })),
    ...gone.map((before) => finding(`${what}_removed`, id, { before })),
    ...replaced,
  ];
}

type Suites = DirectoryNode['suites'];

function diffSuites(id: string, old: Suites, next: Suites): Finding[] {
  const change = { before: old.join(', '), after: next.join(', ') };
  if (change.before === change.after) return [];
  const weakened =
    (next.includes('classic') && !old.includes('classic')) || (old[0] === 'hybrid' && next[0] !== 'hybrid');
  const removed = old.some((suite) => !next.includes(suite));
  return [
    finding(weakened ? 'suite_weakened' : 'suites_changed', id, change),
    ...(removed ? [finding('suite_removed', id, change)] : []),
  ];
}

function diffLimits(id: string, old: DirectoryNode['limits'], next: DirectoryNode['limits']): Finding[] {
  const names = Object.keys(next) as (keyof DirectoryNode['limits'])[];
  return names
    .filter((name) => old[name] !== next[name])
    .map((name) =>
      finding(next[name] < old[name] ? 'limits_lowered' : 'limits_raised', id, {
        before: `${name} ${old[name]}`,
        after: `${name} ${next[name]}`,
      }),
    );
}

function diffUnit({ id, old, next }: Pair<DirectoryUnit>): Finding[] {
  if (!old) return [finding('unit_added', id, { after: next!.class })];
  if (!next) return [finding('unit_removed', id, { before: old.class })];
  return [
    ...changed('unit_class_changed', id, old.class, next.class),
    ...changed('name_changed', id, JSON.stringify(old.name), JSON.stringify(next.name)),
    ...changed(endsEarlier(old, next) ? 'unit_ended' : 'unit_reopened', id, endOf(old), endOf(next)),
  ];
}

const endOf = ({ status, notAfter }: DirectoryUnit) =>
  [status, ...(notAfter === undefined ? [] : [notAfter])].join(' until ');

function endsEarlier(old: DirectoryUnit, next: DirectoryUnit): boolean {
  if (old.status !== next.status) return next.status === 'historical';
  const end = ({ notAfter }: DirectoryUnit) => (notAfter === undefined ? Infinity : Date.parse(notAfter));
  return end(next) < end(old);
}
