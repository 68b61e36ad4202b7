import { TraoError } from '../errors';
import { machineDeadlines } from '../deadlines';
import { digestOf } from '../envelope';
import { caseStateOf, toStep } from '../lifecycle';
import type { Message } from '../schema';
import { searchKey, searchTokens } from '../text';
import { nextMarkOf, type DeadlinePorts } from './case-deadlines';
import {
  closeCase,
  EMPTY_CHAIN,
  newCase,
  NO_NOTES,
  threadOf,
  toEvent,
  type LocalNotes,
  type OpenCase,
  type StoredCase,
  type StoredCaseEvent,
} from './case-record';
import { draftHeader } from './compose';
import { openDraft, readableDraft, submissionDigest, type StoredDraft, type Submission } from './draft';
import { keepOriginal } from './kept-original';
import type { Actor, OutgoingMessage, SigningKeys, StorageKeys } from './ports';
import { prepare, type Agreed, type Prepared, type PreparePorts } from './prepare';
import type { CaseSource } from './case-record';
import { sealFor, type Outgoing } from './seal-for';
import { namesIn, searchableOf } from './searchable';
import { closeTombstone, tombstoneOf } from './tombstone';

export interface SendRequest {
  readonly unit: string;
  readonly actor: Actor;
  /** A message that needs no second officer, or the draft of one. */
  readonly handIn: Submission | DraftToSend;
  /** Chosen by the caller: the same key and document again gives the same message, not another one. */
  readonly idempotencyKey: string;
  readonly clientId: string;
}

/** A draft, in the version that its sender saw where they say which. */
export interface DraftToSend {
  readonly draftId: string;
  readonly digest?: string;
}

/** The answer to a request that was made before with the same idempotency key. */
export interface EarlierSend {
  readonly requestDigest: string;
  readonly messageId: string;
}

/** The words by which a case is found again, as keyed tokens. */
export interface SearchEntry {
  readonly unit: string;
  readonly referralId: string;
  readonly tokens: readonly Uint8Array[];
}

export interface SendStore extends CaseSource {
  earlier(clientId: string, idempotencyKey: string): Promise<EarlierSend | undefined>;
  /** The draft, locked until the commit, or undefined. */
  lockDraft(unit: string, id: string): Promise<StoredDraft | undefined>;
  /** The unit's drafts, newest change first. */
  drafts(unit: string, limit: number): Promise<StoredDraft[]>;
  /** Writes case, event, outbox row, search tokens and idempotency record together, and removes drafts. */
  save(sent: {
    readonly message: OutgoingMessage & { readonly recipientKid: string };
    /** When the message should have been received: the first look at how far it is. */
    readonly lookAt: Date;
    readonly record: StoredCase | undefined;
    readonly event: StoredCaseEvent | undefined;
    /** The signed original, encrypted, where no case keeps it (`keepOriginal`). */
    readonly kept: Uint8Array | undefined;
    readonly search: SearchEntry | undefined;
    readonly request: EarlierSend & {
      readonly unit: string;
      readonly clientId: string;
      readonly idempotencyKey: string;
    };
    /** When nothing but the tombstone `record` may remain of the case: its name among refused messages (`threadOf`). */
    readonly erases: string | undefined;
    /** The draft whose complete files go into the case of `event`, and with the message to the partner. */
    readonly filesOf: string | undefined;
    /** Drafts of the unit that are gone with it: the one that was sent, those about an erased case. */
    readonly forgotten: readonly string[];
  }): Promise<void>;
}

export interface SendPorts extends PreparePorts, DeadlinePorts {
  readonly keys: SigningKeys & StorageKeys;
  /** Runs work for one unit in one transaction, seeing that unit's cases only. */
  readonly transaction: <T>(unit: string, work: (store: SendStore) => Promise<T>) => Promise<T>;
}

/**
 * Composes, checks, seals and queues a message: once this returns, the message is durable and will be delivered or accounted
 * for.
 * @throws TraoError `forbidden`, `protection_refused` with every rule that is broken, what `prepare` throws,
 *   `idempotency_conflict`, `not_found` for a draft that is not there, `draft_changed` for one that is not what its sender saw
 */
export async function send(
  request: SendRequest,
  ports: SendPorts,
): Promise<{ readonly messageId: string; readonly replayed: boolean }> {
  const { unit, actor, handIn, clientId, idempotencyKey } = request;
  if (actor.unit !== unit) throw new TraoError('forbidden');
  // The version is what must be so now, not what is asked for: a second press of the same button is the same request.
  const asked = 'draftId' in handIn ? { draftId: handIn.draftId } : handIn;
  const requestDigest = digestOf(JSON.stringify([unit, asked]));
  const result = await ports.transaction(unit, async (store) => {
    const earlier = await store.earlier(clientId, idempotencyKey);
    if (earlier && earlier.requestDigest !== requestDigest) throw new TraoError('idempotency_conflict');
    if (earlier) return { messageId: earlier.messageId, replayed: true };

    const agreed = await agreedOf(request, store, ports);
    const prepared = await prepare(unit, agreed, store, ports);
    if (prepared.faults.length > 0) throw new TraoError('protection_refused', { faults: prepared.faults });
    const outgoing = await sealFor(prepared.message, ports);
    // fail-point S7: sealed, nothing written
    const { messageId } = prepared.message.header;
    const filed = await file(prepared, agreed, outgoing, ports);
    const asking = { unit, requestDigest, messageId, clientId, idempotencyKey };
    const sent = 'draftId' in handIn ? [handIn.draftId] : [];
    const about = filed.erases && prepared.record ? await draftsAbout(prepared.record, store, ports) : [];
    const { message } = outgoing;
    const terms = machineDeadlines(message.priority, ports.deadlinesFor(message.recipientNode));
    const lookAt = new Date(message.createdAt.getTime() + terms.not_received);
    const kept = filed.event ? undefined : await keptFor(unit, outgoing, ports);
    const filesOf = filed.event && sent[0];
    await store.save({ message, lookAt, ...filed, kept, filesOf, forgotten: [...sent, ...about], request: asking });
    return { messageId, replayed: false };
  });
  // fail-point S3: committed, the officer not answered
  return result;
}

async function keptFor(unit: string, { message, original }: Outgoing, { keys }: SendPorts): Promise<Uint8Array> {
  return keepOriginal(message.id, original, await keys.storageKey(unit));
}

async function agreedOf({ unit, actor, handIn }: SendRequest, store: SendStore, { keys }: SendPorts): Promise<Agreed> {
  if (!('draftId' in handIn)) {
    assertWrites(actor, handIn.document);
    const alone = { digest: submissionDigest(handIn), drafters: [actor.id], approvals: [], decisions: [] };
    return { ...handIn, ...alone };
  }
  const stored = await store.lockDraft(unit, handIn.draftId);
  if (!stored) throw new TraoError('not_found');
  const draft = openDraft(stored, await keys.storageKey(unit));
  if (handIn.digest !== undefined && draft.digest !== handIn.digest) throw new TraoError('draft_changed');
  return draft;
}

/** A unit has few drafts at a time; more than this are not looked through. */
const MOST_DRAFTS = 1_000;

/** Drafts that would carry on what is being erased. */
async function draftsAbout({ unit, referralId, summary }: OpenCase, store: SendStore, { keys }: SendPorts) {
  const storageKey = await keys.storageKey(unit);
  const messages = new Set(summary.steps.map(({ id }) => id));
  const about = (stored: StoredDraft) => {
    const draft = readableDraft(stored, storageKey);
    // What nobody can read any more may be about this case; keeping it would keep its content.
    if (!draft) return true;
    const { referralId: named, inReplyTo } = draftHeader(draft.document);
    return draft.origin?.referralId === referralId || named === referralId || messages.has(String(inReplyTo));
  };
  return (await store.drafts(unit, MOST_DRAFTS)).filter(about).map(({ id }) => id);
}

/** Nobody writes in a role that is not theirs. @throws TraoError `forbidden` */
export function assertWrites(actor: Actor, document: unknown): void {
  const { authorRole } = draftHeader(document);
  if (!actor.roles.some((role) => role === authorRole)) throw new TraoError('forbidden', { detail: 'authorRole' });
}

/** The case after the message, as rows. A ping belongs to no case. */
async function file(prepared: Prepared, agreed: Agreed, outgoing: Outgoing, ports: SendPorts) {
  const { message, state, side } = prepared;
  const { header } = message;
  const nothing = { record: undefined, event: undefined, search: undefined, erases: undefined };
  const opens = header.messageType === 'referral';
  if (!opens && !prepared.record) return nothing;
  const storageKey = await ports.keys.storageKey(header.senderUnit);
  const before = prepared.record ?? openedBy(message.header, storageKey);
  const { original, message: sent } = outgoing;
  const digest = digestOf(original);
  const step = toStep(message, side, digest, before.summary.steps);
  const record: OpenCase = {
    ...before,
    summary: {
      ...before.summary,
      sent: { seq: header.seq, digest },
      steps: [...before.summary.steps, step],
      local: notesAfter(before.summary.local, agreed, message),
    },
  };
  if (header.messageType === 'erasure_confirm') {
    const partnerErased = state?.erasedBy.includes(side === 'sender' ? 'recipient' : 'sender');
    const at = ports.clock.now();
    const tombstone = tombstoneOf(record, at, partnerErased ? at.toISOString() : undefined);
    return { ...nothing, record: closeTombstone(tombstone, storageKey), erases: threadOf(record) };
  }
  const words = searchableOf(message);
  const { unit, referralId } = record;
  return {
    record: closeCase(record, nextMarkOf(record, caseStateOf(record.summary.steps), ports)),
    event: toEvent(record, header.messageId, 'sent', original, sent.createdAt),
    search: words.length > 0 ? { unit, referralId, tokens: searchTokens(searchKey(storageKey), words) } : undefined,
    erases: undefined,
  };
}

function openedBy(header: Prepared['message']['header'], storageKey: Uint8Array): OpenCase {
  const { senderUnit, recipientUnit, referralId, messageId } = header;
  const chains = { sent: EMPTY_CHAIN, filed: EMPTY_CHAIN };
  const summary = {
    side: 'sender',
    partnerUnit: recipientUnit,
    ...chains,
    openedBy: messageId,
    steps: [],
    local: NO_NOTES,
  } as const;
  return newCase(senderUnit, referralId, summary, storageKey);
}

function notesAfter(local: LocalNotes, agreed: Agreed, message: Message): LocalNotes {
  const { messageId, createdAt } = message.header;
  const { record = local.record, override = local.override, hold = local.hold } = agreed;
  return {
    ...local,
    // Whoever writes first works on the case; a draft always has an author.
    assigned: local.assigned ?? { to: agreed.drafters[0]!, at: createdAt },
    names: [...new Set([...local.names, ...namesIn(message)])],
    record,
    override,
    hold,
    approvals: [...local.approvals, ...agreed.approvals.map((approval) => ({ ...approval, messageId }))],
    decisions: [...local.decisions, ...agreed.decisions.map((decision) => ({ ...decision, messageId }))],
  };
}
