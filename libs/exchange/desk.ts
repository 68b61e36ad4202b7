import { asTraoError, type Code } from '../errors';
import type { Opened } from '../envelope';
import { belongsToReferral } from '../lifecycle';
import { searchKey, searchTokens } from '../text';
import {
  announcedFiles,
  fileMessage,
  fileOnTombstone,
  freezes,
  frozenBy,
  isErased,
  openCase,
  openTombstone,
  partnerFaults,
  searchableOf,
  threadOf,
  toEvent,
} from '../casework';
import type { OpenCase, SearchEntry, StoredCase, StoredCaseEvent, StoredFile, Tombstone } from '../casework';
import type { CaseRef, Held, IngestPorts, Refused } from './ingest-ports';
import { judgementOf } from './judgement';
import type { Read, WaitingMessage } from './open-waiting';
import type { Alarm } from './ports';
import { nextLook, type EarlierStore, type PlaceInChain } from './waiting-for-earlier';

/**
 * The working copy of a batch: several messages of one referral build on each other before anything is written. Each message that is placed
 * ends as filed, refused or held.
 */
export class Desk {
  readonly cases = new Map<string, OpenCase>();
  readonly tombstones = new Map<string, Tombstone>();
  /** Cases and tombstones that a message has changed. */
  readonly touched = new Set<string>();
  /** Cases that were frozen by a message which still waits: changed, but nothing in them went on. */
  readonly frozen = new Set<string>();
  readonly events: StoredCaseEvent[] = [];
  readonly files: StoredFile[] = [];
  readonly search: SearchEntry[] = [];
  readonly alarms: Alarm[] = [];
  readonly filed: WaitingMessage[] = [];
  readonly refused: (Refused & { readonly code: Code })[] = [];
  readonly held: Held[] = [];

  constructor(
    private readonly store: EarlierStore,
    private readonly ports: IngestPorts,
  ) {}

  /** Lays out the cases that messages of the batch belong to. */
  async lay(cases: readonly StoredCase[]): Promise<void> {
    for (const stored of cases) {
      const storageKey = await this.ports.keys.storageKey(stored.unit);
      if (isErased(stored)) this.tombstones.set(keyOf(stored), openTombstone(stored, storageKey));
      else this.cases.set(keyOf(stored), openCase(stored, storageKey));
    }
  }

  /** Files, refuses or holds one message. @throws what is no judgement about it, such as a fault of this machine */
  async place(item: Read): Promise<void> {
    const { message } = item;
    if (!('opened' in item)) {
      if (item.early) return this.hold(message, undefined, item.code);
      return void this.refused.push({ message, thread: undefined, code: item.code });
    }
    const { opened } = item;
    if (!belongsToReferral(opened.message)) return void this.filed.push(message);
    const ref = refOf(opened.message);
    const key = keyOf(ref);
    try {
      const stone = this.tombstones.get(key);
      if (stone) this.bury(message, opened, stone);
      else await this.fileInCase(message, opened);
      this.touched.add(key);
    } catch (error) {
      const { code } = asTraoError(error);
      if (code !== 'seq_gap')
        return void this.refused.push({ message, thread: threadOf(ref), code: judgementOf(error) });
      this.freeze(message, opened);
      await this.hold(message, { thread: threadOf(ref), seq: opened.message.header.seq }, 'seq_gap_timeout');
    }
  }

  private async fileInCase(message: WaitingMessage, opened: Opened): Promise<void> {
    const { header } = opened.message;
    const ref = refOf(opened.message);
    const before = this.cases.get(keyOf(ref));
    const storageKey = await this.ports.keys.storageKey(header.recipientUnit);
    const record = fileMessage(opened, before, storageKey, message.receivedAt);
    this.cases.set(keyOf(ref), record);
    this.events.push(toEvent(record, message.id, 'filed', opened.original, message.receivedAt));
    this.files.push(...announcedFiles(opened.message, message.senderNode, storageKey));
    this.filed.push(message);
    const words = searchableOf(opened.message);
    if (words.length > 0) this.search.push({ ...ref, tokens: searchTokens(searchKey(storageKey), words) });
    // The partner's breach is for people to settle; what it says is filed, because a person waits behind it.
    if (partnerFaults(opened.message, record, this.ports).length > 0)
      this.alarms.push({ kind: 'protection_rule_broken', subject: message.id });
    if ('correction' in opened.message && opened.message.correction.kind === 'entered_in_error')
      this.alarms.push({ kind: 'entered_in_error', subject: message.id });
  }

  /** An erased case takes the partner's own erasure and nothing else; whatever crossed it is refused, and keeps its place in the chain. */
  private bury(message: WaitingMessage, opened: Opened, stone: Tombstone): void {
    this.tombstones.set(keyOf(stone), fileOnTombstone(opened, stone));
    if (opened.message.header.messageType === 'erasure_confirm') this.filed.push(message);
    else this.refused.push({ message, thread: threadOf(stone), code: 'case_erased' });
  }

  /** What the person has withdrawn does not wait for a message that may never come: the case stands still at once. */
  private freeze(message: WaitingMessage, opened: Opened): void {
    const key = keyOf(refOf(opened.message));
    const record = this.cases.get(key);
    const frozen = record && freezes(opened.message) ? frozenBy(record, message.id) : undefined;
    if (!frozen) return;
    this.cases.set(key, frozen);
    this.frozen.add(key);
  }

  /** Waiting has an end: then the message is refused with `code`. */
  private async hold(message: WaitingMessage, inChain: PlaceInChain | undefined, code: Code): Promise<void> {
    const retryAt = await nextLook(message, inChain, this.store, this.ports);
    if (retryAt) this.held.push({ message, place: inChain, retryAt });
    else this.refused.push({ message, thread: inChain?.thread, code });
  }
}

/** The case that a message belongs to. */
export const refOf = ({ header }: Opened['message']): CaseRef => ({
  unit: header.recipientUnit,
  referralId: header.referralId,
});

const keyOf = ({ unit, referralId }: CaseRef) => `${unit} ${referralId}`;
