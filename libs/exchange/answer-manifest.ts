import { makeManifest, readTheirs, type ManifestPorts } from './manifest-make';
import { idsOf, isDay } from './manifest-days';
import type { ManifestEntry, ManifestRows, SignedManifest, Way } from './manifest-ports';
import { TraoError } from '../errors';

export interface AnswerManifestPorts extends ManifestPorts {
  /** Keeps the newest manifest of each side of a day. */
  readonly keep: (partner: string, own: SignedManifest, theirs: SignedManifest) => Promise<void>;
  /** Has a worker compare a day with a partner. */
  readonly wish: (partner: string, day: string) => Promise<void>;
}

/**
 * Takes the manifest of a partner and answers with this node's own of the same day. Where the partner has not got what it proved to have
 * got, a worker of this node looks which messages these are and sends them again: each node mends the direction in which it sends.
 * @throws TraoError as `readTheirs`
 */
export async function answerManifest(token: string, peer: string, ports: AnswerManifestPorts): Promise<string> {
  const claims = await readTheirs(token, peer, ports);
  const own = await makeManifest(peer, claims.day, ports);
  await ports.keep(peer, own, { claims, token });
  if (own.claims.sent.root !== claims.received.root) await ports.wish(peer, claims.day);
  return own.token;
}

/** Messages in one answer: about 60 KiB. */
export const LISTED_AT_ONCE = 500;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Messages of a day between this node and the partner that asks, in the order of their ids.
 * @param after the last id that the partner has; undefined for the first page
 * @throws TraoError `bad_request`
 */
export async function listManifest(
  peer: string,
  day: string,
  way: Way,
  after: string | undefined,
  rows: ManifestRows,
): Promise<ManifestEntry[]> {
  if (!isDay(day) || (after !== undefined && !ID.test(after))) throw new TraoError('bad_request');
  const range = idsOf(day);
  const above = after !== undefined && after > range.after ? after : range.after;
  return rows.entries(peer, way, above, range.to, LISTED_AT_ONCE);
}
