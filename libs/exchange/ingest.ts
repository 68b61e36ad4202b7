import { asTraoError, wireCodeOf, type Code } from '../errors';
import { digestOf, issueReceipt, type Opened, type Receipt } from '../envelope';
import { caseStateOf, belongsToReferral } from '../lifecycle';
import { searchKey, searchTokens } from '../text';
import {
  announcedFiles,
  closeCase,
  closeTombstone,
  fileMessage,
  fileOnTombstone,
  freezes,
  frozenBy,
  isErased,
  nextMarkOf,
  openCase,
  openTombstone,
  partnerFaults,
  searchableOf,
  threadOf,
  toEvent,
} from '../casework';
import type {
  Clock,
  DeadlinePorts,
  OpenCase,
  SearchEntry,
  Self,
  StorageKeys,
  StoredCase,
  StoredCaseEvent,
  StoredFile,
  Tombstone,
} from '../casework';
import { judgementOf } from './judgement';
import { openWaiting, type Read, type WaitingMessage } from './open-waiting';
import type { Alarm, DecryptionKeys, RaiseAlarm, ReceiptKeys, StoredReceipt } from './ports';
import { nextLook, type EarlierStore, type PlaceInChain } from './waiting-for-earlier';

export interface CaseRef {
  readonly unit: string;
  readonly referralId: string;
}

/** What became of the messages of a batch, written in one commit. */
export interface Filing {
  readonly cases: readonly StoredCase[];
  readonly events: readonly StoredCaseEvent[];
  /** Files that the messages announce. */
  readonly files: readonly StoredFile[];
  readonly search: readonly SearchEntry[];
  readonly receipts: readonly StoredReceipt[];
  readonly filed: readonly WaitingMessage[];
  readonly refused: readonly Refused[];
  readonly held: readonly Held[];
  /** Referrals that went on, as `threadOf` names them: held messages of theirs are due at once. */
  readonly threads: readonly string[];
  readonly alarms: readonly Alarm[];
}

/** A message that was refused. Its sealed bytes stay until the case that it meant is erased. */
export interface Refused {
  readonly message: WaitingMessage;
  /** The referral, as `threadOf` names it; undefined when it did not open. */
  readonly thread: string | undefined;
}

/** A message that waits for an earlier one of its referral, or for the directory that lists its signer. Waiting is no failure: its attempts count anew. */
export interface Held {
  readonly message: WaitingMessage;
  /** Undefined when it waits for no earlier message. */
  readonly place: PlaceInChain | undefined;
  readonly retryAt: Date;
}

export interface IngestStore extends EarlierStore {
  /**
   * The messages of the batch that still wait, locked until the commit. A worker that stood still may find that its claim has run
   * out and that another one has filed them: a second verdict would contradict the first.
   */
  lockWaiting(batchId: string): Promise<Pick<WaitingMessage, 'senderNode' | 'id'>[]>;
  /** The cases, locked in a fixed order until the commit. Unknown ones are left out. */
  lockCases(refs: readonly CaseRef[]): Promise<StoredCase[]>;
  file(batchId: string, filing: Filing): Promise<void>;
}

export interface IngestPorts extends DeadlinePorts {
  readonly self: Self;
  readonly keys: DecryptionKeys & StorageKeys & ReceiptKeys;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly raiseAlarm: RaiseAlarm;
  /** The messages of a batch that still wait. Empty when another worker has taken the batch over. */
  readonly begin: (batchId: string) => Promise<WaitingMessage[]>;
  readonly transaction: <T>(work: (store: IngestStore) => Promise<T>) => Promise<T>;
}

/** Tries after which a message that cannot be filed for reasons of this machine raises an alarm. */
const STUCK_AFTER = 20;

/**
 * Opens the messages of one batch, checks everything, files what holds into the cases of their units, and signs `delivered` or
 * `refused`; cases, receipts, alarms and the state of each message in one commit.
 */
export async function ingest(batchId: string, ports: IngestPorts): Promise<void> {
  const waiting = await ports.begin(batchId);
  if (waiting.length === 0) return;
  // It goes on being tried, alone and ever more rarely; people have to look why.
  for (const { id } of waiting.filter(({ attempts }) => attempts === STUCK_AFTER))
    await ports.raiseAlarm('message_stuck', id);
  const read = await Promise.all(waiting.map((message) => openWaiting(message, ports)));
  // fail-point R5: opened
  await ports.transaction((store) => fileAll(batchId, read, store, ports));
  // fail-point R7: filed, receipt not sent
}

/** The working copy of a batch: several messages of one referral build on each other before anything is written. */
class Desk {
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
}

async function fileAll(batchId: string, all: readonly Read[], store: IngestStore, ports: IngestPorts) {
  const waiting = new Set((await store.lockWaiting(batchId)).map(nameOf));
  const read = all.filter(({ message }) => waiting.has(nameOf(message)));
  const desk = new Desk();
  const opened = read.flatMap((item) => ('opened' in item ? [item.opened] : []));
  const refs = opened.filter(({ message }) => belongsToReferral(message)).map(({ message }) => refOf(message));
  for (const stored of await store.lockCases(refs)) {
    const storageKey = await ports.keys.storageKey(stored.unit);
    if (isErased(stored)) desk.tombstones.set(keyOf(stored), openTombstone(stored, storageKey));
    else desk.cases.set(keyOf(stored), openCase(stored, storageKey));
  }
  // In the order of their numbers, so that a batch that arrives shuffled needs no second look.
  const inOrder = [...read].sort((a, b) => seqOf(a) - seqOf(b));
  for (const item of inOrder) await place(item, desk, store, ports);

  const at = ports.clock.now();
  const receipts = await Promise.all([
    ...desk.filed.map((message) => signReceipt(message, undefined, at, ports)),
    ...desk.refused.map(({ message, code }) => signReceipt(message, code, at, ports)),
  ]);
  const { events, files, search, filed, held } = desk;
  await store.file(batchId, {
    cases: await changedCases(desk, ports),
    events,
    files,
    search,
    receipts,
    filed,
    refused: desk.refused.map(({ message, thread }) => ({ message, thread })),
    held,
    threads: [...desk.touched].map((key) => digestOf(key)),
    alarms: [
      // A retired key is no fault of anybody: the sender seals anew.
      ...desk.refused
        .filter(({ code }) => code !== 'stale_key')
        .map(({ message, code }) => ({ kind: 'integrity_failure' as const, subject: message.id, code })),
      ...desk.alarms,
    ],
  });
  // fail-point R6: filed, not committed
}

async function changedCases(desk: Desk, ports: IngestPorts): Promise<StoredCase[]> {
  const cases = [...desk.cases.entries()]
    .filter(([key]) => desk.touched.has(key) || desk.frozen.has(key))
    .map(([, record]) => record);
  const stones = [...desk.tombstones.entries()].filter(([key]) => desk.touched.has(key)).map(([, stone]) => stone);
  return [
    ...cases.map((record) => closeCase(record, nextMarkOf(record, caseStateOf(record.summary.steps), ports))),
    ...(await Promise.all(stones.map(async (stone) => closeTombstone(stone, await ports.keys.storageKey(stone.unit))))),
  ];
}

async function place(item: Read, desk: Desk, store: EarlierStore, ports: IngestPorts): Promise<void> {
  const { message } = item;
  if (!('opened' in item)) {
    if (item.early) return hold(message, undefined, item.code, desk, store, ports);
    return void desk.refused.push({ message, thread: undefined, code: item.code });
  }
  const { opened } = item;
  if (!belongsToReferral(opened.message)) return void desk.filed.push(message);
  const ref = refOf(opened.message);
  const key = keyOf(ref);
  try {
    const stone = desk.tombstones.get(key);
    if (stone) bury(item.message, opened, stone, desk);
    else await fileInCase(item.message, opened, desk, ports);
    desk.touched.add(key);
  } catch (error) {
    const { code } = asTraoError(error);
    if (code !== 'seq_gap') return void desk.refused.push({ message, thread: threadOf(ref), code: judgementOf(error) });
    freeze(message, opened, desk);
    const inChain = { thread: threadOf(ref), seq: opened.message.header.seq };
    await hold(message, inChain, 'seq_gap_timeout', desk, store, ports);
  }
}

async function fileInCase(message: WaitingMessage, opened: Opened, desk: Desk, ports: IngestPorts): Promise<void> {
  const { header } = opened.message;
  const ref = refOf(opened.message);
  const before = desk.cases.get(keyOf(ref));
  const storageKey = await ports.keys.storageKey(header.recipientUnit);
  const record = fileMessage(opened, before, storageKey, message.receivedAt);
  desk.cases.set(keyOf(ref), record);
  desk.events.push(toEvent(record, message.id, 'filed', opened.original, message.receivedAt));
  desk.files.push(...announcedFiles(opened.message, message.senderNode, storageKey));
  desk.filed.push(message);
  const words = searchableOf(opened.message);
  if (words.length > 0) desk.search.push({ ...ref, tokens: searchTokens(searchKey(storageKey), words) });
  // The partner's breach is for people to settle; what it says is filed, because a person waits behind it.
  if (partnerFaults(opened.message, record, ports).length > 0)
    desk.alarms.push({ kind: 'protection_rule_broken', subject: message.id });
  if ('correction' in opened.message && opened.message.correction.kind === 'entered_in_error')
    desk.alarms.push({ kind: 'entered_in_error', subject: message.id });
}

/** An erased case takes the partner's own erasure and nothing else; whatever crossed it is refused, and keeps its place in the chain. */
function bury(message: WaitingMessage, opened: Opened, stone: Tombstone, desk: Desk): void {
  desk.tombstones.set(keyOf(stone), fileOnTombstone(opened, stone));
  if (opened.message.header.messageType === 'erasure_confirm') desk.filed.push(message);
  else desk.refused.push({ message, thread: threadOf(stone), code: 'case_erased' });
}

/** What the person has withdrawn does not wait for a message that may never come: the case stands still at once. */
function freeze(message: WaitingMessage, opened: Opened, desk: Desk): void {
  const key = keyOf(refOf(opened.message));
  const record = desk.cases.get(key);
  const frozen = record && freezes(opened.message) ? frozenBy(record, message.id) : undefined;
  if (!frozen) return;
  desk.cases.set(key, frozen);
  desk.frozen.add(key);
}

/** Waiting has an end: then the message is refused with `code`. */
async function hold(
  message: WaitingMessage,
  inChain: PlaceInChain | undefined,
  code: Code,
  desk: Desk,
  store: EarlierStore,
  ports: IngestPorts,
): Promise<void> {
  const retryAt = await nextLook(message, inChain, store, ports);
  if (retryAt) desk.held.push({ message, place: inChain, retryAt });
  else desk.refused.push({ message, thread: inChain?.thread, code });
}

async function signReceipt(
  message: WaitingMessage,
  code: Code | undefined,
  at: Date,
  ports: IngestPorts,
): Promise<StoredReceipt> {
  const receipt: Receipt = {
    id: ports.newId(),
    issuer: ports.self.node,
    audience: message.senderNode,
    messageId: message.id,
    event: code ? 'refused' : 'delivered',
    digest: message.digest,
    seq: 2,
    at,
    ...(code && { code: wireCodeOf(code) }),
  };
  const token = await issueReceipt(receipt, await ports.keys.receiptKey());
  return { ...receipt, senderNode: message.senderNode, token, issuedAt: at };
}

const seqOf = (item: Read) => ('opened' in item ? item.opened.message.header.seq : 0);
const refOf = ({ header }: Opened['message']): CaseRef => ({
  unit: header.recipientUnit,
  referralId: header.referralId,
});
const nameOf = ({ senderNode, id }: Pick<WaitingMessage, 'senderNode' | 'id'>) => `${senderNode} ${id}`;
const keyOf = ({ unit, referralId }: CaseRef) => `${unit} ${referralId}`;
