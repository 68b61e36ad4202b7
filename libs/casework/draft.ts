import { decryptAtRest, digestOf, encryptAtRest, newCaseKey } from '../envelope';
import type { Approval, Decision } from '../protection';
import type { ConsentRecord, Handling, OverrideRecord } from '../schema';
import type { Hold } from './case-record';

/** What an officer hands in: the message, and what only this node keeps of the person's agreement. */
export interface Submission {
  /** A document as `parseStrictJson` gave it. */
  readonly document: unknown;
  readonly record?: ConsentRecord | undefined;
  readonly override?: OverrideRecord | undefined;
}

/** A message that waits for its second officer. */
export interface Draft extends Submission {
  /** Everybody who wrote it: none of them can approve it. */
  readonly drafters: readonly string[];
  /** Of the submission: what an approval is of. */
  readonly digest: string;
  readonly approvals: readonly Approval[];
  readonly decisions: readonly Decision[];
  readonly hold?: Hold | undefined;
  /** The case that the content was taken from, where it came from another one: what binds that case binds the draft. */
  readonly origin?: Origin | undefined;
}

/** Where content was taken from. */
export interface Origin {
  readonly referralId: string;
  /** What the unit that the content came from allows; absent where it is the unit's own. */
  readonly handling?: Handling | undefined;
}

/** A draft as stored: nothing readable but whose it is and until when. */
export interface StoredDraft {
  readonly unit: string;
  readonly id: string;
  /** The draft's own key, wrapped to the unit's storage key. */
  readonly wrappedKey: Uint8Array;
  readonly body: Uint8Array;
  readonly expiresAt: Date;
}

/** How long a draft is kept after its last change. Our own choice: four weeks. */
const LIFETIME_MS = 28 * 86_400_000;

/** The digest that approvals name: any change of the submission gives another. */
export function submissionDigest({ document, record, override }: Submission): string {
  return digestOf(JSON.stringify([document, record ?? null, override ?? null]));
}

/** Encrypts a draft under a new key. */
export function closeDraft(unit: string, id: string, draft: Draft, storageKey: Uint8Array, now: Date): StoredDraft {
  const key = newCaseKey();
  return {
    unit,
    id,
    wrappedKey: encryptAtRest(storageKey, key, ['draft', unit, id, 'key']),
    body: encryptAtRest(key, Buffer.from(JSON.stringify(draft)), ['draft', unit, id, 'body']),
    expiresAt: new Date(now.getTime() + LIFETIME_MS),
  };
}

/** @throws TraoError `case_unreadable` */
export function openDraft({ unit, id, wrappedKey, body }: StoredDraft, storageKey: Uint8Array): Draft {
  const key = decryptAtRest(storageKey, wrappedKey, ['draft', unit, id, 'key']);
  return JSON.parse(Buffer.from(decryptAtRest(key, body, ['draft', unit, id, 'body'])).toString()) as Draft;
}

/** The draft, or undefined when its row was changed. */
export function readableDraft(stored: StoredDraft, storageKey: Uint8Array): Draft | undefined {
  try {
    return openDraft(stored, storageKey);
  } catch {
    return undefined;
  }
}
