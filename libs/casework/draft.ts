import { decryptAtRest, digestOf, encryptAtRest, newCaseKey } from '../envelope';
import type { Approval, Decision } from '../protection';
import type { Attachment, ConsentRecord, Handling, OverrideRecord } from '../schema';
import type { Hold } from './case-record';

/** What an officer hands in: the message, and what only this node keeps of the person's agreement. */
export interface Submission {
  /** A document as `parseStrictJson` gave it. */
  readonly document: unknown;
  readonly record?: ConsentRecord | undefined;
  readonly override?: OverrideRecord | undefined;
}

/** A complete file of a draft, as the message will name it; what opens it is added when the message is made. */
export interface DraftFile extends Omit<Attachment, 'transfer'> {
  readonly id: string;
  readonly bytes: number;
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
  /** Who has asked a second officer to look at it; a change takes that back. */
  readonly asked?: { readonly by: string; readonly at: string } | undefined;
  /** How far its writers have come. No part of what is agreed to. */
  readonly progress?: DraftProgress | undefined;
  /** Files that go with it; absent when there never was one. */
  readonly files?: readonly DraftFile[] | undefined;
  /** The case that the content was taken from, where it came from another one: what binds that case binds the draft. */
  readonly origin?: Origin | undefined;
}

/** What writers have said about their own work. */
export interface DraftProgress {
  /** Sections that a writer has marked as completed. */
  readonly done: readonly string[];
  /** Questions that were answered with "not known": paths of the field matrix. */
  readonly notKnown: readonly string[];
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

/** The digest that approvals name: any change of the submission or of its files gives another. */
export function submissionDigest({ document, record, override }: Submission, files: readonly DraftFile[] = []): string {
  // Without files it is what it was before drafts could have any: approvals that were given then still hold.
  return digestOf(JSON.stringify([document, record ?? null, override ?? null, ...(files.length > 0 ? [files] : [])]));
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
