import { decryptAtRest, digestOf, encryptAtRest, newCaseKey } from '../envelope';
import type { Side, Step } from '../lifecycle';
import type { Approval, Decision } from '../protection';
import type { ConsentRecord, Message, OverrideRecord } from '../schema';
import type { StoredFile } from './file-record';

/** One direction of a referral's messages: the last number and the digest that the next one must name. */
export interface Chain {
  readonly seq: number;
  readonly digest: string | undefined;
}

/** What a unit knows of a referral besides its messages. Stored encrypted: purpose, state and partner are case content. */
export interface CaseSummary {
  /** The side of this unit. */
  readonly side: Side;
  readonly partnerUnit: string;
  readonly sent: Chain;
  readonly filed: Chain;
  /** The message that opened the referral. */
  readonly openedBy: string;
  /** What the lifecycle needs of every message of both sides; the state follows from them. */
  readonly steps: readonly Step[];
  /** What this unit alone knows. It never leaves the node. */
  readonly local: LocalNotes;
}

/** Why nothing may leave: the asylum firewall and the like (domain §1, fact 5). The reason stays with the people who know it. */
export interface Hold {
  readonly by: string;
  readonly at: string;
}

export interface LocalNotes {
  /** The consent that the sender's unit took; the other side has only what the referral says of it. */
  readonly record?: ConsentRecord | undefined;
  readonly override?: OverrideRecord | undefined;
  readonly hold?: Hold | undefined;
  /**
   * The message that freezes the case although it cannot be filed yet, because an earlier one is missing: what the person has
   * withdrawn must not wait for that.
   */
  readonly frozenBy?: string | undefined;
  /** Who works on the case: its first author, or whoever took it or was given it. Absent while nobody has answered. */
  readonly assigned?: { readonly to: string; readonly at: string } | undefined;
  /** Who agreed to what was sent, message by message. */
  readonly approvals: readonly (Approval & { readonly messageId: string })[];
  /** What officers decided about findings in free texts. */
  readonly decisions: readonly (Decision & { readonly messageId: string })[];
  /** Names by which the person is known in the case: free texts are searched for them. */
  readonly names: readonly string[];
  /** When the referral was filed here; absent at its sender. */
  readonly filedAt?: string | undefined;
  /** Duties that were done without a message (libs/deadlines, `dutyKey`). */
  readonly done: readonly string[];
  /** Marks of deadlines that were raised (libs/deadlines). */
  readonly raised: readonly string[];
  /** Messages with fields of a newer schema version, each with the fields that this node does not know. */
  readonly unknownFields: readonly { readonly messageId: string; readonly fields: readonly string[] }[];
}

export const NO_NOTES: LocalNotes = {
  names: [],
  approvals: [],
  decisions: [],
  done: [],
  raised: [],
  unknownFields: [],
};

/** A case as stored: nothing readable but whose it is. */
export interface StoredCase {
  readonly unit: string;
  readonly referralId: string;
  /** The case key, wrapped to the unit's storage key. */
  readonly wrappedKey: Uint8Array;
  readonly summary: Uint8Array;
  /** When the next deadline of the case passes; undefined when none runs. */
  readonly nextMarkAt?: Date | undefined;
}

/** What a message may be about: the cases of the unit that sends. */
export interface CaseSource {
  /** The case, locked until the commit, or undefined. */
  lockCase(unit: string, referralId: string): Promise<StoredCase | undefined>;
  /** The referral that a message of the unit's cases belongs to. */
  referralOf(unit: string, messageId: string): Promise<string | undefined>;
  /** Files of the unit; unknown ones are left out. */
  files(unit: string, ids: readonly string[]): Promise<StoredFile[]>;
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

/** A name for a referral of a unit that says neither: rows that operators may see can carry it. */
export const threadOf = ({ unit, referralId }: Pick<StoredCase, 'unit' | 'referralId'>): string =>
  digestOf(`${unit} ${referralId}`);

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

export function closeCase({ unit, referralId, key, wrappedKey, summary }: OpenCase, nextMarkAt?: Date): StoredCase {
  const sealed = encryptAtRest(key, Buffer.from(JSON.stringify(summary)), summaryRow(unit, referralId));
  return { unit, referralId, wrappedKey, summary: sealed, nextMarkAt };
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

/** First byte of an event of which a part was erased: its payload as JSON, no longer the signed original. A compact JWS begins with `e`. */
const REDACTED = '{';

/**
 * The message of a stored event. Its signature was verified before it was filed; the row's encryption keeps it from change.
 * @throws TraoError `case_unreadable`
 */
export function readEvent(record: OpenCase, event: StoredCaseEvent): Message {
  const row = eventRow(event.unit, event.referralId, event.messageId, event.direction);
  const original = Buffer.from(decryptAtRest(record.key, event.original, row));
  if (original.toString('latin1', 0, 1) === REDACTED) return JSON.parse(original.toString()) as Message;
  const [, payload] = original.toString('latin1').split('.') as [string, string, string];
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Message;
}

/** The signed original of a stored event; undefined when a part of it was erased. @throws TraoError `case_unreadable` */
export function originalOf(record: OpenCase, event: StoredCaseEvent): string | undefined {
  const row = eventRow(event.unit, event.referralId, event.messageId, event.direction);
  const original = Buffer.from(decryptAtRest(record.key, event.original, row)).toString('latin1');
  return original.startsWith(REDACTED) ? undefined : original;
}

/** The event with a part of its message erased for good: without the signed original nobody can bring that part back. */
export function redactEvent(record: OpenCase, event: StoredCaseEvent, message: Message): StoredCaseEvent {
  const { unit, referralId, messageId, direction } = event;
  const row = eventRow(unit, referralId, messageId, direction);
  return { ...event, original: encryptAtRest(record.key, Buffer.from(JSON.stringify(message)), row) };
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
