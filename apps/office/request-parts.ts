import type { Request } from 'express';
import { faultAt, TraoError, type Fault } from '../../libs/errors';
import type { Self } from '../../libs/casework';
import { readRawBody } from '../../libs/http';
import { parseStrictJson, type JsonValue } from '../../libs/schema';
import { codePoints } from '../../libs/text';

/** What may come beside a document: records of consent and of a decision to share without it. */
const RECORDS_BYTES = 65_536;

/** How much larger than the largest message a body may be. */
const BESIDE = { document: 0, document_and_records: RECORDS_BYTES } as const;

/**
 * The body of a request, parsed strictly.
 * @throws TraoError `unsupported_media_type`, `too_large`, and what `parseStrictJson` throws
 */
export async function readJson(
  request: Request,
  self: Self,
  holds: keyof typeof BESIDE = 'document',
): Promise<JsonValue> {
  if (!request.is('application/json')) throw new TraoError('unsupported_media_type');
  const maxBytes = self.partners().node(self.node).limits.maxMessageBytes + BESIDE[holds];
  return parseStrictJson(await readRawBody(request, maxBytes), { maxBytes });
}

/** @throws TraoError `bad_request` for a header of another form, and for one that is missing */
export function readIdempotencyKey(request: Request): string {
  const key = request.headers['idempotency-key'];
  if (typeof key === 'string' && /^[\w.-]{8,128}$/.test(key)) return key;
  throw new TraoError('bad_request', {
    detail: 'An Idempotency-Key header of 8 to 128 letters, digits, . _ - is needed.',
  });
}

/** The digest of `If-Match: "digest"`. @throws TraoError `bad_request` */
export function readIfMatch(request: Request): string {
  const digest = /^"([\w-]{43})"$/.exec(request.headers['if-match'] ?? '')?.[1];
  if (digest !== undefined) return digest;
  throw new TraoError('bad_request', {
    detail: 'An If-Match header with the digest of the draft in quotes is needed.',
  });
}

/** One member of a body: what it takes, and the fault of anything else. */
export interface Member<T> {
  readonly takes: (value: unknown) => value is T;
  readonly fault: (pointer: string, value: unknown) => Fault;
}

/** A text of that form. */
export const textLike = (pattern: RegExp): Member<string> => ({
  takes: (value): value is string => typeof value === 'string' && pattern.test(value),
  fault: (pointer) => faultAt(pointer, 'wrong_form'),
});

/** A text of `min` to `max` code points in normal form C, as the schemas count them. */
export const textWithin = (min: number, max: number): Member<string> => ({
  takes: (value): value is string => typeof value === 'string' && isWithin(lengthOf(value), min, max),
  fault: (pointer, value) => {
    if (typeof value !== 'string') return faultAt(pointer, 'wrong_type', { en: 'a text', vi: 'một chuỗi văn bản' });
    return lengthOf(value) < min ? faultAt(pointer, 'too_short', min) : faultAt(pointer, 'too_long', max);
  },
});

/** A whole number from `min` to `max`. */
export const numberWithin = (min: number, max: number): Member<number> => ({
  takes: (value): value is number => Number.isInteger(value) && isWithin(Number(value), min, max),
  fault: (pointer, value) => {
    if (!Number.isInteger(value)) return faultAt(pointer, 'wrong_type', { en: 'a whole number', vi: 'một số nguyên' });
    return Number(value) < min ? faultAt(pointer, 'too_small', min) : faultAt(pointer, 'too_big', max);
  },
});

const lengthOf = (text: string) => codePoints(text.normalize('NFC'));
const isWithin = (value: number, min: number, max: number) => value >= min && value <= max;

export const oneOf = <T extends string>(list: readonly T[]): Member<T> => ({
  takes: (value): value is T => list.some((code) => code === value),
  fault: (pointer) => faultAt(pointer, 'code_not_listed'),
});

export const yesOrNo: Member<boolean> = {
  takes: (value): value is boolean => typeof value === 'boolean',
  fault: (pointer) => faultAt(pointer, 'wrong_type', { en: 'true or false', vi: 'đúng hoặc sai' }),
};

/** Whatever there is; who uses it checks it. */
export const something: Member<unknown> = {
  takes: (value): value is unknown => value !== undefined,
  fault: (pointer) => faultAt(pointer, 'required'),
};

/** The same, or nothing at all. */
export function optional<T>({ takes, fault }: Member<T>): Member<T | undefined> {
  return { takes: (value): value is T | undefined => value === undefined || takes(value), fault };
}

type Members<S> = { readonly [K in keyof S]: S[K] extends Member<infer T> ? T : never };

/**
 * A body that is an object of exactly these members.
 * @throws TraoError `bad_request` with every fault
 */
export function readMembers<S extends Readonly<Record<string, Member<unknown>>>>(
  body: JsonValue,
  shape: S,
): Members<S> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new TraoError('bad_request', {
      faults: [faultAt('', 'wrong_type', { en: 'an object', vi: 'một đối tượng' })],
    });
  }
  const given = body as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).some((name) => !Object.hasOwn(shape, name));
  const wrong = Object.entries(shape)
    .filter(([name, { takes }]) => !takes(given[name]))
    .map(([name, { fault }]) =>
      given[name] === undefined ? faultAt(`/${name}`, 'required') : fault(`/${name}`, given[name]),
    );
  // The name of an unknown member may be anything, so it is not repeated.
  const faults = [...(unknown ? [faultAt('', 'has_unknown_field')] : []), ...wrong];
  if (faults.length > 0) throw new TraoError('bad_request', { faults });
  return given as Members<S>;
}
