import { TraoError } from '../errors';
import type { ManifestClaims } from '../schema';
import { compareDay, type Comparison, type ComparePorts } from './manifest-compare';
import { dayBefore, daysDown } from './manifest-days';
import { makeManifest, readTheirs, type ManifestPorts } from './manifest-make';
import { otherWay, WAYS, type SignedManifest, type Way } from './manifest-ports';

export interface RoundPorts extends ComparePorts, ManifestPorts {
  readonly keys: ComparePorts['keys'] & ManifestPorts['keys'];
  /** Keeps the sums of a day, of which the running counts are made, and the manifests of both sides. */
  readonly keep: (partner: string, own: SignedManifest, theirs: SignedManifest) => Promise<void>;
  /** Days before one that had messages and were never counted, the oldest first. */
  readonly uncounted: (partner: string, before: string) => Promise<readonly string[]>;
  readonly count: (partner: string, own: SignedManifest) => Promise<void>;
  /** Findings of days before one that are not healed, by which the running counts of the two sides differ. */
  readonly explained: (partner: string, before: string) => Promise<Readonly<Record<Way, number>>>;
  /** Hears of each day that was compared. */
  readonly compared: (day: DayReport) => Promise<void>;
}

/** A day and way as the two sides count it. */
export interface WayReport extends Partial<Comparison> {
  readonly mine: number;
  readonly theirs: number;
  readonly agrees: boolean;
}

export type DayReport = Readonly<Record<Way, WayReport>> & { readonly day: string };

/** So far back running counts that differ are followed in one round; the next one goes on from there. */
const FARTHEST_DAYS = 400;

/**
 * Compares the manifests of days with a partner, the newest first. Where the running counts still differ before the oldest of them, an old
 * backup was restored on one side: then it goes further back, day by day, until they agree.
 * @throws TraoError of the transport; whatever was found until then is mended and written down
 */
export async function reconcile(partner: string, since: string, until: string, ports: RoundPorts): Promise<void> {
  for (const day of await ports.uncounted(partner, since))
    await ports.count(partner, await makeManifest(partner, day, ports));
  let farther = true;
  for (const day of daysDown(since, until)) farther = await reconcileDay(partner, day, ports);
  const farthest = dayBefore(since, FARTHEST_DAYS);
  for (let day = dayBefore(since); farther && day > farthest; day = dayBefore(day))
    farther = await reconcileDay(partner, day, ports);
}

/** @returns whether the two sides also differ on what was before the day */
async function reconcileDay(partner: string, day: string, ports: RoundPorts): Promise<boolean> {
  const own = await makeManifest(partner, day, ports);
  const token = await ports.link.exchange(partner, own.token);
  const claims = await readTheirs(token, partner, ports).catch((cause: unknown) => {
    throw new TraoError('manifest_unread', { cause });
  });
  if (claims.day !== day) throw new TraoError('manifest_unread', { detail: claims.day });
  await ports.keep(partner, own, { claims, token });
  const explained = await ports.explained(partner, day);
  await ports.compared({
    day,
    sent: await reconcileWay(partner, 'sent', own.claims, claims, ports),
    received: await reconcileWay(partner, 'received', own.claims, claims, ports),
  });
  return WAYS.some((way) => before(own.claims, way) - before(claims, otherWay(way)) !== explained[way]);
}

const before = (claims: ManifestClaims, way: Way) => claims[way].total - claims[way].count;

async function reconcileWay(
  partner: string,
  way: Way,
  own: ManifestClaims,
  theirs: ManifestClaims,
  ports: RoundPorts,
): Promise<WayReport> {
  const [mine, other] = [own[way], theirs[otherWay(way)]];
  const counts = { mine: mine.count, theirs: other.count };
  if (mine.root !== other.root)
    return { ...counts, agrees: false, ...(await compareDay(partner, own.day, way, ports)) };
  await ports.heal(partner, await ports.open(partner, own.day, way));
  return { ...counts, agrees: true };
}
