import { manifests } from '../envelope';
import { TraoError } from '../errors';
import type { ManifestClaims } from '../schema';
import type { Clock, Self } from '../casework';
import { dayBefore, dayOf, idsOf, isDay } from './manifest-days';
import type { ManifestRows, SignedManifest, Way } from './manifest-ports';
import type { ReceiptKeys } from './ports';

export interface ManifestPorts {
  readonly self: Self;
  readonly keys: ReceiptKeys;
  readonly clock: Clock;
  readonly rows: ManifestRows;
}

/** Rows read at once: a day of any size takes the memory of one page. */
const ROWS_AT_ONCE = 5_000;

/** Counts the messages between this node and a partner that got their ids on a day, and signs it. */
export async function makeManifest(partner: string, day: string, ports: ManifestPorts): Promise<SignedManifest> {
  const { self, keys, clock, rows } = ports;
  const before = await rows.before(partner, day);
  const claims: ManifestClaims = {
    iss: self.node,
    aud: partner,
    iat: Math.floor(clock.now().getTime() / 1000),
    day,
    sent: await sumOf(partner, day, 'sent', before.sent, rows),
    received: await sumOf(partner, day, 'received', before.received, rows),
  };
  return { claims, token: await manifests.issueManifest(claims, await keys.receiptKey()) };
}

async function sumOf(partner: string, day: string, way: Way, before: number, rows: ManifestRows) {
  const { after, to } = idsOf(day);
  const tree = new manifests.MerkleTree();
  for (let above = after; ;) {
    const page = await rows.entries(partner, way, above, to, ROWS_AT_ONCE);
    for (const entry of page) tree.add(manifests.manifestLeaf(entry));
    if (page.length < ROWS_AT_ONCE) break;
    above = page.at(-1)!.id;
  }
  return { count: tree.count, root: tree.root(), total: before + tree.count };
}

/**
 * Reads the manifest of a partner: its signature, and that it is from it, for us and about a day that has begun.
 * @throws TraoError `manifest_malformed`, `unknown_sender`, `bad_signature`, `identity_mismatch`, `manifest_refused`
 */
export async function readTheirs(
  token: string,
  partner: string,
  { self, clock }: Pick<ManifestPorts, 'self' | 'clock'>,
): Promise<ManifestClaims> {
  const claims = await manifests.readManifest(token, (node, kid, at) => self.partners().receiptKey(node, kid, at));
  if (claims.iss !== partner) throw new TraoError('identity_mismatch');
  // The clock of the partner may be a little ahead.
  const tomorrow = dayBefore(dayOf(clock.now()), -1);
  if (claims.aud !== self.node || !isDay(claims.day) || claims.day > tomorrow) throw new TraoError('manifest_refused');
  return claims;
}
