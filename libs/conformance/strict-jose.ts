import { TraoError } from '../errors';
import {
  admitHeader,
  decryptCompact,
  exactly,
  importEncryptionKey,
  importVerificationKey,
  parseHeader,
  publicPoint,
  SIGNATURE_ALGORITHMS,
  SUITE_NAMES,
  SUITES,
  splitCompact,
  verifySegments,
  type Header,
  type HeaderMember,
  type Jwk,
  type Segment,
} from '../envelope';
import { admitKey, type KeyUse } from '../trust';
import { type Members } from './recognise';
import { decline, type Outcome } from './verdict';

/**
 * Tokens of others through Trao's own strict front: canonical segments, strict header, the allow-list of its members, key
 * admission, then the one algorithm of the key. Only what is Trao's own business is left out: its `typ`, `iss`, `aud`, `crit`.
 */

/** A step that declines: what Trao takes from nobody is told apart from what it found wrong. */
class Declined extends Error {}

/** Runs a strict opening. A refusal is thrown on; see `outcomeOf`. */
export async function declining(open: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Declined) return decline(error.message);
    throw error;
  }
}

/**
 * The signed bytes of a compact JWS.
 * @param keys public keys, all of which must be admitted, as in a directory; the header names one by `kid`, or there is just one
 * @throws Declined, TraoError
 */
export async function verifyStrictly(token: unknown, keys: readonly Members[]): Promise<Uint8Array> {
  for (const key of keys) admit(key, 'signing');
  const segments = splitCompact(compactOf(token), 3);
  const header = strictHeader(segments[0]!);
  const jwk = keyOf(keys, header);
  if (!Object.hasOwn(SIGNATURE_ALGORITHMS, String(header['alg']))) throw new Declined('bad_algorithm');
  const key = await importVerificationKey(kidOf(jwk), jwk);
  if (header['alg'] !== key.algorithm) throw new TraoError('bad_algorithm');
  admitMembers(header, { alg: exactly(key.algorithm) });
  return verifySegments(segments, key);
}

/**
 * The plaintext of a compact JWE.
 * @param keys private keys, all of which must be admitted by their public part
 * @throws Declined, TraoError
 */
export async function decryptStrictly(token: unknown, keys: readonly Members[]): Promise<Uint8Array> {
  for (const key of keys) admit(publicPart(key), 'encryption');
  const text = compactOf(token);
  const header = strictHeader(splitCompact(text.slice(0, Math.max(text.indexOf('.'), 0)), 1)[0]!);
  const suite = SUITE_NAMES.find((name) => SUITES[name].alg === header['alg'] && SUITES[name].enc === header['enc']);
  if (!suite) throw new Declined('bad_algorithm');
  const segments = splitCompact(text, 5, SUITES[suite].empty);
  const jwk = keyOf(keys, header);
  const { alg, enc } = SUITES[suite];
  admitMembers(header, {
    alg: exactly(alg),
    ...(enc !== undefined && { enc: exactly(enc), epk: publicPoint }),
  });
  return decryptCompact(segments, await importEncryptionKey(kidOf(jwk), jwk));
}

/** The parts of a JWK that may be public. A secret key has none that are not secret: it stays what it is, and is not admitted. */
export function publicPart(jwk: Members): Members {
  const secret = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv'];
  return Object.fromEntries(Object.entries(jwk).filter(([member]) => !secret.includes(member)));
}

/** @throws Declined when Trao admits no such key */
export function admit(jwk: Members, use: KeyUse): Jwk {
  const key = jwk as unknown as Jwk;
  try {
    // As for a country that has nothing else: that is the widest door there is.
    admitKey(kidOf(jwk), key, use, key.kty === 'RSA' ? 'national_hsm_rsa_only' : undefined);
  } catch (error) {
    throw new Declined((error as TraoError).code);
  }
  return key;
}

const kidOf = ({ kid }: { readonly kid?: unknown }) => (typeof kid === 'string' ? kid : '');

/** A token in JSON serialisation is declined; any other text is for the strict front to take apart. */
function compactOf(token: unknown): string {
  if (typeof token !== 'string' || token.trimStart().startsWith('{')) throw new Declined('not_canonical');
  return token;
}

/** Faults that are strictness, not mistakes: JSON that is valid, and refused because readers differ in what they make of it. */
const STRICTNESS = ['duplicate_key', 'forbidden_key', 'too_deep', 'too_large', 'number_out_of_range'];

function strictHeader(segment: Segment): Header {
  try {
    return parseHeader(segment.bytes);
  } catch (error) {
    const { cause, code } = error as TraoError;
    if (cause instanceof TraoError && STRICTNESS.includes(cause.code)) throw new Declined(code);
    throw error;
  }
}

function keyOf(keys: readonly Members[], header: Header): Jwk & { readonly kid?: unknown } {
  const named = header['kid'] === undefined ? keys : keys.filter(({ kid }) => kid === header['kid']);
  if (named.length !== 1) throw new TraoError('unknown_sender');
  return named[0] as unknown as Jwk;
}

/** The header has exactly these members, and may name the key: the one that was found by that name. */
function admitMembers(header: Header, members: Readonly<Record<string, HeaderMember>>): void {
  try {
    admitHeader(header, { ...members, ...(header['kid'] !== undefined && { kid: () => true }) });
  } catch (error) {
    throw new Declined((error as TraoError).code);
  }
}
