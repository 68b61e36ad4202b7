import type { Directory } from '../../../../libs/schema';
import { expiryNotice, listedKeys } from '../../../../libs/trust';

/** A private key as a process says that it holds it (libs/platform, process facts). */
export interface HeldKey {
  readonly kid: string;
  readonly use: string;
  readonly unit?: string;
  readonly fingerprint?: string;
  readonly where?: string;
  readonly validTo?: string;
  readonly state?: string;
}

export interface Holder {
  readonly app: string;
  readonly host: string;
  readonly keys: readonly HeldKey[];
}

/** A key of the node, as the directory lists it or a process holds it. */
export interface KeyLine {
  readonly use: string;
  /** A unit, or the node. */
  readonly owner: string;
  readonly kid: string;
  /** Of an encryption key; empty for others. */
  readonly suite: string;
  /** Of the public key, in groups of digits; undefined where nobody says it. */
  readonly fingerprint: string | undefined;
  readonly validFrom: string | undefined;
  readonly validTo: string | undefined;
  /** `active`, `retired` or `revoked` in the directory; `local` where it stands in none by its nature, `not_listed` where it should. */
  readonly status: string;
  readonly daysLeft: number | undefined;
  /** The step of days that was reached, where nothing follows this key; 0 once it has ended. */
  readonly alarm: number | undefined;
  /** Days for which it and its successor are both valid; negative is a gap. Undefined without a successor. */
  readonly overlapDays: number | undefined;
  /** Processes that hold it. */
  readonly heldBy: readonly string[];
}

const DAY_MS = 86_400_000;
/** Kinds of keys that stand in no directory: nobody but their owner uses them. */
const LOCAL_USES = ['storage', 'tls'];
const IN_USE = ['active', 'local'];

interface Dated {
  readonly use: string;
  readonly owner: string;
  readonly suite: string;
  readonly kid: string;
  readonly notBefore: string | undefined;
  readonly notAfter: string | undefined;
  readonly status: string;
  readonly fingerprint: string | undefined;
}

/**
 * All keys of one node with their times, the next to end first among those of one use and owner.
 * @param fingerprints of public keys, by `use kid`
 * @param holders processes of this node; empty for a partner
 */
export function keyLines(
  directory: Directory,
  node: string,
  holders: readonly Holder[],
  fingerprints: ReadonlyMap<string, string>,
  now: Date,
): KeyLine[] {
  const listed = listedKeys(directory)
    .filter(({ holder }) => holder === node || holder.startsWith(`${node}.`))
    .map(({ key, use, holder }): Dated => ({
      use,
      owner: holder,
      suite: 'suite' in key ? String(key.suite) : '',
      kid: key.kid,
      notBefore: key.notBefore,
      notAfter: key.notAfter,
      status: key.status,
      fingerprint: fingerprints.get(`${use} ${key.kid}`),
    }));
  const all = [...listed, ...unlisted(listed, node, holders)];
  return all
    .map((key) => lineOf(key, all, holders, now))
    .toSorted(
      (a, b) =>
        a.use.localeCompare(b.use) ||
        a.owner.localeCompare(b.owner) ||
        (a.validTo ?? '').localeCompare(b.validTo ?? '') ||
        a.kid.localeCompare(b.kid),
    );
}

/** Keys that processes hold and the directory does not list: of this node only, or not published yet. */
function unlisted(listed: readonly Dated[], node: string, holders: readonly Holder[]): Dated[] {
  const known = new Set(listed.map(({ use, kid }) => `${use} ${kid}`));
  const found = new Map<string, Dated>();
  for (const { keys } of holders) {
    for (const { kid, use, unit, fingerprint, validTo, state } of keys) {
      if (known.has(`${use} ${kid}`)) continue;
      const status = LOCAL_USES.includes(use) ? (state === 'retired' ? 'retired' : 'local') : 'not_listed';
      found.set(`${use} ${kid}`, {
        use,
        kid,
        status,
        fingerprint,
        owner: unit ?? node,
        suite: '',
        notBefore: undefined,
        notAfter: validTo,
      });
    }
  }
  return [...found.values()];
}

function lineOf(key: Dated, all: readonly Dated[], holders: readonly Holder[], now: Date): KeyLine {
  const { use, owner, kid, suite, fingerprint, notBefore, notAfter, status } = key;
  const next = successorOf(key, all);
  const notice = notAfter === undefined ? undefined : expiryNotice(notAfter, now);
  const counts = IN_USE.includes(status) && next === undefined;
  return {
    use,
    owner,
    kid,
    suite,
    fingerprint,
    status,
    validFrom: notBefore,
    validTo: notAfter,
    daysLeft: notice?.daysLeft,
    alarm: counts && notice ? (notice.expired ? 0 : notice.step) : undefined,
    overlapDays:
      next?.notBefore !== undefined && notAfter !== undefined
        ? Math.floor((Date.parse(notAfter) - Date.parse(next.notBefore)) / DAY_MS)
        : undefined,
    heldBy: holders.filter(({ keys }) => keys.some((held) => held.kid === kid && held.use === use)).map(placeOf),
  };
}

/** The key that takes over: of the same use, owner and suite, active, and the first of those that end later. */
function successorOf({ use, owner, suite, notAfter }: Dated, all: readonly Dated[]): Dated | undefined {
  return all
    .filter((one) => one.use === use && one.owner === owner && one.suite === suite)
    .filter((one) => IN_USE.includes(one.status))
    .filter((one) => notAfter !== undefined && one.notAfter !== undefined && one.notAfter > notAfter)
    .toSorted((a, b) => a.notAfter!.localeCompare(b.notAfter!))[0];
}

const placeOf = ({ app, host }: Holder) => `${app} @ ${host}`;
