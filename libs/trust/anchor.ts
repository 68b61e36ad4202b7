import { asTraoError, TraoError } from '../errors';
import { parseStrictJson, type Directory, type Governance, type GovernanceKey } from '../schema';
import { admitKey } from './key-admission';

/** The first governance that a node is set up with, read from a file that its administrators exchanged by hand. */
export interface TrustAnchor {
  readonly trustDomain: Directory['trustDomain'];
  readonly governance: Governance;
}

const DOMAINS: readonly unknown[] = ['production', 'test', 'demo'] satisfies Directory['trustDomain'][];
const STATUSES: readonly unknown[] = ['active', 'retired', 'revoked'] satisfies GovernanceKey['status'][];
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;
const KID = /^[A-Za-z0-9._-]{1,128}$/;
const NODE = /^[a-z]{2}(-[a-z]{2})?$/;

/**
 * Reads a trust anchor. Everything that a node believes rests on it, so nothing in it is taken for granted.
 * @throws TraoError `config_invalid`
 */
export function readAnchor(text: Uint8Array): TrustAnchor {
  const { trustDomain, governance } = parse(text) as Record<string, unknown>;
  if (!DOMAINS.includes(trustDomain)) throw invalid('trustDomain must be production, test or demo');
  const { threshold, keys } = (governance ?? {}) as Record<string, unknown>;
  if (!Array.isArray(keys) || keys.length === 0)
    throw invalid('governance.keys must list the keys of the countries that sign');
  const read = keys.map(readKey);
  const countries = new Set(read.map(({ node }) => node)).size;
  if (!Number.isInteger(threshold) || Number(threshold) < 1 || Number(threshold) > countries)
    throw invalid(`governance.threshold must be a number of countries, 1 to ${countries}`);
  return {
    trustDomain: trustDomain as TrustAnchor['trustDomain'],
    governance: { threshold: Number(threshold), keys: read },
  };
}

function parse(text: Uint8Array): unknown {
  try {
    return parseStrictJson(text) ?? {};
  } catch (cause) {
    throw invalid(`not JSON as it must be: ${asTraoError(cause).message}`, cause);
  }
}

function readKey(value: unknown, at: number): GovernanceKey {
  const key = (value ?? {}) as GovernanceKey;
  const { kid, node, jwk, notBefore, notAfter, status } = key;
  const isTime = (time: unknown) => typeof time === 'string' && INSTANT.test(time) && !Number.isNaN(Date.parse(time));
  const sound =
    typeof kid === 'string' &&
    KID.test(kid) &&
    typeof node === 'string' &&
    NODE.test(node) &&
    STATUSES.includes(status) &&
    isTime(notBefore) &&
    isTime(notAfter);
  try {
    if (!sound) throw new TraoError('bad_key');
    admitKey(kid, jwk, 'governance');
    return key;
  } catch (cause) {
    throw invalid(`governance.keys[${at}] is no governance key`, cause);
  }
}

const invalid = (what: string, cause?: unknown) =>
  new TraoError('config_invalid', { detail: `The trust anchor: ${what}.`, cause });
