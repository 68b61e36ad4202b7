import { X509Certificate } from 'node:crypto';
import type { Directory, DirectoryEncryptionKey, DirectoryKey } from '../schema';
import { expiryNotice, type EXPIRY_STEPS } from './expiry-notice';

/** A private key, as far as its end is concerned. */
export interface HeldKeyDates {
  readonly use: string;
  /** None for keys of the node. */
  readonly unit?: string;
  /** Kinds of one use that cannot stand in for each other, as suites, are looked at one by one. */
  readonly kind: string;
  readonly notAfter: string;
  readonly retiredAt?: string;
}

/** What may end. */
export interface Ending {
  /** Private keys that are held here. */
  readonly keys?: readonly HeldKeyDates[];
  /** TLS certificates, as PEM, by what they are called. */
  readonly certificates?: Readonly<Record<string, string>>;
  readonly directory?: Directory;
  /** Whose keys in the directory are looked at. */
  readonly node?: string;
}

/** Something that ends soon, or has ended: one line for an operator. */
export interface Expiry {
  /** `directory`, a certificate's name, a node or a unit. */
  readonly subject: string;
  /** `directory`, `certificate`, the use of a key, or `rotation`. */
  readonly use: string;
  /** Where the end was read: the same key may end in one place and not in the other. */
  readonly where: 'held' | 'published';
  /** RFC 3339. */
  readonly notAfter: string;
  /** Whole days; negative once it is over. */
  readonly daysLeft: number;
  /** The step of days that was reached last; 0 once it is over. */
  readonly level: (typeof EXPIRY_STEPS)[number] | 0;
}

/** A key for a week or two is one of a series that is published ahead. */
const SERIES_MS = 31 * 86_400_000;
/** How many keys of a series must lie ahead: as many weeks are left for the next ceremony. */
const MIN_AHEAD = 3;

/**
 * What ends within 60 days, the soonest first. Of several keys that can stand in for each other only the last counts: that the others
 * end is what rotation is.
 */
export function expiries({ keys = [], certificates = {}, directory, node }: Ending, now: Date): Expiry[] {
  const held = keys
    .filter(({ retiredAt }) => retiredAt === undefined)
    .map((key) => ({ ...key, subject: key.unit ?? '' }));
  const dated = [
    ...lastOf(held).map((key) => ({ ...key, where: 'held' as const })),
    ...Object.entries(certificates).map(([subject, pem]) => certificateDates(subject, pem)),
    ...(directory
      ? [{ subject: 'directory', use: 'directory', where: 'published' as const, notAfter: directory.expiresAt }]
      : []),
    ...(directory
      ? lastOf(publishedKeys(directory, node)).map((key) => ({ ...key, where: 'published' as const }))
      : []),
  ];
  const soon = dated.flatMap(({ subject, use, where, notAfter }): Expiry[] => {
    const { daysLeft, expired, step } = expiryNotice(notAfter, now);
    const level = expired ? 0 : step;
    return level === undefined ? [] : [{ subject, use, where, notAfter, daysLeft, level }];
  });
  const series = directory ? seriesThatEnd(directory, node, now) : [];
  return [...soon, ...series].toSorted((a, b) => a.daysLeft - b.daysLeft);
}

interface Dated {
  readonly subject: string;
  readonly use: string;
  readonly kind: string;
  readonly notAfter: string;
}

/** Of the keys that can stand in for each other the one that ends last. */
function lastOf(keys: readonly Dated[]): Dated[] {
  const last = new Map<string, Dated>();
  for (const key of keys) {
    const group = [key.subject, key.use, key.use === 'encryption' ? key.kind : ''].join(' ');
    const known = last.get(group);
    if (!known || Date.parse(known.notAfter) < Date.parse(key.notAfter)) last.set(group, key);
  }
  return [...last.values()];
}

function publishedKeys({ governance, nodes }: Directory, id?: string): Dated[] {
  const dated = (subject: string, use: string, keys: readonly DirectoryKey[], kind = '') =>
    keys.filter(({ status }) => status === 'active').map(({ notAfter }) => ({ subject, use, kind, notAfter }));
  return [
    ...dated(
      id ?? '',
      'governance',
      governance.keys.filter((key) => key.node === id),
    ),
    ...nodes
      .filter((node) => node.id === id)
      .flatMap((node) => [
        ...dated(node.id, 'receipt', node.receiptKeys),
        ...node.units.flatMap((unit) => [
          ...dated(unit.id, 'signing', unit.signingKeys),
          ...unit.encryptionKeys.flatMap((key) => dated(unit.id, 'encryption', [key], key.suite)),
        ]),
      ]),
  ];
}

function certificateDates(subject: string, pem: string) {
  const notAfter = new X509Certificate(pem).validToDate.toISOString();
  return { subject, use: 'certificate', where: 'held' as const, notAfter };
}

/** Units whose series of encryption keys has too few ahead; days are left until nobody can seal to the unit. */
function seriesThatEnd({ nodes }: Directory, id: string | undefined, now: Date): Expiry[] {
  const units = nodes.filter((node) => node.id === id).flatMap((node) => node.units);
  return units.flatMap((unit): Expiry[] => {
    const series = unit.encryptionKeys.filter((key) => key.status === 'active' && isOfSeries(key));
    const ahead = series.filter(({ notBefore }) => new Date(notBefore) > now);
    const last = series.toSorted((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter)).at(-1);
    if (!last || ahead.length >= MIN_AHEAD) return [];
    const { daysLeft, expired, step = 60 } = expiryNotice(last.notAfter, now);
    const level = expired ? 0 : step;
    return [{ subject: unit.id, use: 'rotation', where: 'published', notAfter: last.notAfter, daysLeft, level }];
  });
}

const isOfSeries = ({ notBefore, notAfter }: DirectoryEncryptionKey) =>
  Date.parse(notAfter) - Date.parse(notBefore) <= SERIES_MS;
