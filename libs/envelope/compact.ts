import { TraoError } from '../errors';
import { parseStrictJson } from '../schema';
import { decodeBase64url } from './base64url';

/** A protected header is small; anything larger is an attack (RFC 8725bis, attack A-11). */
const MAX_HEADER_BYTES = 4096;
const HEADER_DEPTH = 2;

export type Header = Readonly<Record<string, unknown>>;

/** One segment of a compact token: as it stands on the wire, and decoded. */
export interface Segment {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/**
 * Splits a compact token into `count` segments, each canonical base64url; those listed in `empty` must be empty.
 * @throws TraoError `not_canonical`
 */
export function splitCompact(token: string, count: number, empty: readonly number[] = []): Segment[] {
  const texts = token.split('.', count + 1);
  if (texts.length !== count) throw new TraoError('not_canonical');
  return texts.map((text, index) => {
    if (!empty.includes(index)) return { text, bytes: decodeBase64url(text) };
    if (text !== '') throw new TraoError('not_canonical');
    return { text, bytes: NOTHING };
  });
}

/**
 * Parses a protected header: strict JSON, a small object.
 * @throws TraoError `bad_header`
 */
export function parseHeader(bytes: Uint8Array): Header {
  let header: unknown;
  try {
    header = parseStrictJson(bytes, { maxBytes: MAX_HEADER_BYTES, maxDepth: HEADER_DEPTH });
  } catch (cause) {
    throw new TraoError('bad_header', { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw new TraoError('bad_header');
  return header as Header;
}

/**
 * Checks that a header has exactly the members of `members`, each right. Everything else (`jwk`, `jku`, `x5u`, `zip`,
 * `p2c`, `b64` ...) is thereby refused.
 * @throws TraoError `bad_header`
 */
export function admitHeader(header: Header, members: Readonly<Record<string, HeaderMember>>): void {
  const wanted = Object.entries(members);
  const complete = wanted.every(([member, right]) => right(header[member]));
  if (!complete || Object.keys(header).length !== wanted.length) throw new TraoError('bad_header');
}

/** True when the value is right for the member of a header. */
export type HeaderMember = (value: unknown) => boolean;

export const exactly =
  (wanted: string): HeaderMember =>
  (value) =>
    value === wanted;

/** A name of bounded length out of letters, digits and a few marks: kids, unit and node ids, message ids. */
export const name: HeaderMember = (value) => typeof value === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(value);

/** Seconds since 1970 (RFC 7519 NumericDate, whole seconds). */
export const seconds: HeaderMember = (value) => Number.isSafeInteger(value) && (value as number) > 0;

/** A list with exactly these names in this order. */
export const exactList =
  (wanted: readonly string[]): HeaderMember =>
  (value) =>
    Array.isArray(value) && value.length === wanted.length && wanted.every((item, index) => value[index] === item);
