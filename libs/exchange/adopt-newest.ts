import { asTraoError } from '../errors';
import { digestOf } from '../envelope';
import type { Comparison } from '../trust';
import type { WatchPorts } from './watch-ports';

/** A copy of the directory that a partner serves, and what it is to the one in force. */
export interface Copy {
  readonly partner: string;
  /** What leads to it from the one in force, itself last. */
  readonly links: readonly Uint8Array[];
  readonly comparison: Comparison;
}

type Newer = Copy & { readonly comparison: Extract<Comparison, { kind: 'newer' }> };
type Judge = Pick<WatchPorts, 'self' | 'directory' | 'earlier'>;

/** Versions that a partner may have adopted and we have not, at most: more than a year of weekly ones. */
const MAX_MISSED = 64;
/** All of them together: a partner must not be able to fill our memory. */
const MAX_MISSED_BYTES = 16 * 1024 * 1024;

/** Holds a partner's copy against the directory in force; asks for the versions in between where the copy needs them as proof. */
export async function holdAgainst(partner: string, signed: Uint8Array, ports: Judge): Promise<Copy> {
  const comparison = await ports.directory.compare([signed]);
  const ours = ports.self.partners().directory.version;
  const copy = { partner, links: [signed], comparison };
  // A changed governance that we missed: what it signed since proves itself through the version that brought it in.
  if (comparison.kind !== 'refused' || comparison.code !== 'directory_below_threshold') return copy;
  if (comparison.version === undefined || comparison.version <= ours + 1) return copy;
  const links: Uint8Array[] = [];
  let bytes = 0;
  for (let version = Math.max(ours + 1, comparison.version - MAX_MISSED); version < comparison.version; version += 1) {
    const link = await ports.earlier(partner, version);
    if (!link) continue;
    bytes += link.length;
    if (bytes > MAX_MISSED_BYTES) return copy;
    links.push(link);
  }
  if (links.length === 0) return copy;
  return { partner, links: [...links, signed], comparison: await ports.directory.compare([...links, signed]) };
}

/**
 * Adopts the newest of the copies that are valid. Two valid ones of one version are a fork: neither is taken, and people are told; a newer
 * version that all agree on ends it. A copy that is not valid takes nothing away from the others, so nobody can hide a version.
 * @returns the version in force afterwards
 */
export async function adoptNewest(copies: readonly Copy[], ports: WatchPorts): Promise<number> {
  for (const copy of copies) {
    if (copy.comparison.kind === 'refused') await tell(copy, copy.comparison.code, ports);
  }
  const newer = copies.filter((copy): copy is Newer => copy.comparison.kind === 'newer');
  const forked = newer.filter((one) => newer.some((other) => isFork(one, other)));
  for (const copy of forked) await tell(copy, 'directory_fork', ports);
  const [best] = newer
    .filter((copy) => !forked.includes(copy))
    .toSorted((a, b) => b.comparison.version - a.comparison.version);
  if (best) await adopt(best, ports);
  return ports.self.partners().directory.version;
}

const isFork = ({ comparison: a }: Newer, { comparison: b }: Newer) =>
  a.version === b.version && a.payloadDigest !== b.payloadDigest;

async function adopt(copy: Newer, ports: WatchPorts): Promise<void> {
  try {
    await ports.directory.adopt(copy.links, copy.partner);
  } catch (error) {
    const { code, retryable } = asTraoError(error);
    if (retryable) throw error;
    await tell(copy, code, ports);
  }
}

/** Once for each document: a partner goes on serving it, and we ask every few minutes. */
async function tell(
  { partner, links, comparison }: Copy,
  code: Parameters<WatchPorts['raiseAlarm']>[2],
  ports: WatchPorts,
) {
  const document = digestOf(links.at(-1)!);
  const detail = comparison.version === undefined ? 'It is no directory.' : `Version ${comparison.version}.`;
  await ports.raiseAlarm('directory_refused', partner, code, { detail, once: `${code} ${partner} ${document}` });
}
