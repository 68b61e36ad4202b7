import { asTraoError, TraoError } from '../../libs/errors';
import {
  assertConsentRecord,
  assertOverrideRecord,
  type ConsentRecord,
  type JsonValue,
  type OverrideRecord,
} from '../../libs/schema';
import { optional, readMembers, something } from './request-parts';

/** What an officer hands in as a draft. */
export interface HandedIn {
  readonly document: unknown;
  readonly record?: ConsentRecord | undefined;
  readonly override?: OverrideRecord | undefined;
}

/**
 * `{ document, consent?, override? }`. The records are checked now; the document when it is looked at as a message, because a
 * draft may be unfinished.
 * @throws TraoError `bad_request`, `schema_invalid` with pointers into the body
 */
export function readSubmission(body: JsonValue): HandedIn {
  const { document, consent, override } = readMembers(body, {
    document: something,
    consent: optional(something),
    override: optional(something),
  });
  return { document, record: asConsent(consent), override: asOverride(override) };
}

/** @throws TraoError `schema_invalid` with pointers below `/consent` */
export function asConsent(value: unknown): ConsentRecord | undefined {
  if (value === undefined) return undefined;
  below('/consent', () => assertConsentRecord(value));
  return value as ConsentRecord;
}

function asOverride(value: unknown): OverrideRecord | undefined {
  if (value === undefined) return undefined;
  below('/override', () => assertOverrideRecord(value));
  return value as OverrideRecord;
}

function below(place: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    const { code, detail, faults } = asTraoError(error);
    const placed = faults.map((fault) => ({ ...fault, pointer: place + fault.pointer }));
    throw new TraoError(code, { ...(detail !== undefined && { detail }), faults: placed, cause: error });
  }
}
