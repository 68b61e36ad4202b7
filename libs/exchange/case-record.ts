import { decryptAtRest, encryptAtRest, newCaseKey } from '../envelope';
import type { ReferralState, Side } from '../lifecycle';

/** One direction of a referral's messages: the last number and the digest that the next one must name. */
export interface Chain {
  readonly seq: number;
  readonly digest: string | undefined;
}

/** What a unit knows of a referral besides its messages. Stored encrypted: purpose, state and partner are case content. */
export interface CaseSummary {
  readonly state: ReferralState;
  /** The side of this unit. */
  readonly side: Side;
  readonly partnerUnit: string;
  readonly sent: Chain;
  readonly filed: Chain;
  /** The message that opened the referral. */
  readonly openedBy: string;
}

/** A case as stored: nothing readable but whose it is. */
export interface StoredCase {
  readonly unit: string;
  readonly referralId: string;
  /** The case key, wrapped to the unit's storage key. */
  readonly wrappedKey: Uint8Array;
  readonly summary: Uint8Array;
}

/** One message of a case as stored: the signed original, encrypted. */
export interface StoredCaseEvent {
  readonly unit: string;
  readonly referralId: string;
  readonly messageId: string;
  readonly direction: 'sent' | 'filed';
  readonly at: Date;
  readonly original: Uint8Array;
}

export const EMPTY_CHAIN: Chain = { seq: 0, digest: undefined };

/** A case in clear, for as long as a use case works on it. */
export interface OpenCase {
  readonly unit: string;
  readonly referralId: string;
  readonly key: Uint8Array;
  readonly wrappedKey: Uint8Array;
  readonly summary: CaseSummary;
}

/** Opens a new case of a unit under a key of its own. */
export function newCase(unit: string, referralId: string, summary: CaseSummary, storageKey: Uint8Array): OpenCase {
  const key = newCaseKey();
  const wrappedKey = encryptAtRest(storageKey, key, keyRow(unit, referralId));
  return { unit, referralId, key, wrappedKey, summary };
}

/** @throws TraoError `case_unreadable` when the row was tampered with or the storage key is another */
export function openCase(stored: StoredCase, storageKey: Uint8Array): OpenCase {
  const { unit, referralId, wrappedKey } = stored;
  const key = decryptAtRest(storageKey, wrappedKey, keyRow(unit, referralId));
  const summary = decryptAtRest(key, stored.summary, summaryRow(unit, referralId));
  return { unit, referralId, key, wrappedKey, summary: JSON.parse(Buffer.from(summary).toString()) as CaseSummary };
}

export function closeCase({ unit, referralId, key, wrappedKey, summary }: OpenCase): StoredCase {
  const sealed = encryptAtRest(key, Buffer.from(JSON.stringify(summary)), summaryRow(unit, referralId));
  return { unit, referralId, wrappedKey, summary: sealed };
}

/** The signed original of a message, encrypted for its place in the case. */
export function toEvent(
  record: OpenCase,
  messageId: string,
  direction: StoredCaseEvent['direction'],
  original: string,
  at: Date,
): StoredCaseEvent {
  const { unit, referralId } = record;
  const sealed = encryptAtRest(
    record.key,
    Buffer.from(original, 'latin1'),
    eventRow(unit, referralId, messageId, direction),
  );
  return { unit, referralId, messageId, direction, at, original: sealed };
}

/**
 * The message of a stored event. Its signature was verified before it was filed; the row's encryption keeps it from change.
 * @throws TraoError `case_unreadable`
 */
export function readEvent(record: OpenCase, event: StoredCaseEvent): unknown {
  const row = eventRow(event.unit, event.referralId, event.messageId, event.direction);
  const original = Buffer.from(decryptAtRest(record.key, event.original, row)).toString('latin1');
  const [, payload] = original.split('.') as [string, string, string];
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

const keyRow = (unit: string, referralId: string) => ['unit_case', unit, referralId, 'key'];
const summaryRow = (unit: string, referralId: string) => ['unit_case', unit, referralId, 'summary'];
const eventRow = (unit: string, referralId: string, messageId: string, direction: string) => [
  'case_event',
  unit,
  referralId,
  messageId,
  direction,
];
