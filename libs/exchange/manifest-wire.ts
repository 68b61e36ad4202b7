import { manifests } from '../envelope';
import { TraoError } from '../errors';
import { parseStrictJson } from '../schema';
import { LISTED_AT_ONCE } from './answer-manifest';
import { idsOf } from './manifest-days';
import type { KnownThere, ManifestEntry } from './manifest-ports';

/** The bodies of manifests between gateways (docs/protocol/manifests.md). */
export const MANIFEST_MEDIA_TYPE = 'application/jose';
/** Ids in one question. */
export const MAX_ASKED = 64;

const MAX_LIST_BYTES = 128 * 1024;
const MAX_KNOWN_BYTES = 2 * 1024 * 1024;
const MAX_RECEIPTS = 32;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const DIGEST = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

export const isMessageId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

/**
 * Reads a page of a day as a partner lists it: ids of that day in rising order above the one that was asked from, so that a partner
 * cannot keep us reading for ever.
 * @throws TraoError `bad_answer`
 */
export function decodeEntries(body: Uint8Array, day: string, after: string): ManifestEntry[] {
  const { entries } = (readJson(body, MAX_LIST_BYTES) ?? {}) as { entries?: unknown };
  if (!Array.isArray(entries) || entries.length > LISTED_AT_ONCE) throw new TraoError('bad_answer');
  const { to } = idsOf(day);
  let last = after;
  return entries.map((value: unknown) => {
    const entry = readEntry(value);
    if (entry.id <= last || entry.id >= to) throw new TraoError('bad_answer');
    last = entry.id;
    return entry;
  });
}

function readEntry(value: unknown): ManifestEntry {
  const { id, digest, standing } = (value ?? {}) as { id?: unknown; digest?: unknown; standing?: unknown };
  const known = manifests.STANDINGS.find((one) => one === standing);
  if (!isMessageId(id) || typeof digest !== 'string' || !DIGEST.test(digest) || !known)
    throw new TraoError('bad_answer');
  return { id, digest, standing: known };
}

/**
 * Reads what a partner knows of messages: one answer for each id, in order.
 * @throws TraoError `bad_answer`
 */
export function decodeKnown(body: Uint8Array, ids: readonly string[]): KnownThere[] {
  const answers = readJson(body, MAX_KNOWN_BYTES);
  if (!Array.isArray(answers) || answers.length !== ids.length) throw new TraoError('bad_answer');
  return answers.map((answer: { [K in keyof KnownThere]?: unknown } | null, index) => {
    const { id, sent, held, receipts } = answer ?? {};
    const told = typeof sent === 'boolean' && typeof held === 'boolean' && Array.isArray(receipts);
    if (id !== ids[index] || !told || receipts.length > MAX_RECEIPTS) throw new TraoError('bad_answer');
    if (!receipts.every((token): token is string => typeof token === 'string')) throw new TraoError('bad_answer');
    return { id: ids[index]!, sent, held, receipts };
  });
}

function readJson(bytes: Uint8Array, maxBytes: number): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes, maxDepth: 4 });
  } catch (cause) {
    throw new TraoError('bad_answer', { cause });
  }
}
