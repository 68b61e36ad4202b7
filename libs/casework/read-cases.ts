import { TraoError } from '../errors';
import { closedBySilence, type Duty } from '../deadlines';
import {
  caseStateOf,
  withDelivery,
  type CaseState,
  type DeliveryState,
  type ReferralState,
  type Side,
} from '../lifecycle';
import { withoutExpired } from '../protection';
import type { Message } from '../schema';
import { queryTokens, searchKey } from '../text';
import { dutiesIn, type DeadlinePorts } from './case-deadlines';
import { openCase, readEvent, type Hold, type OpenCase, type StoredCase, type StoredCaseEvent } from './case-record';
import { assertReadable } from './frozen';
import { withoutTransfers } from './transfers';
import type { Actor, Clock, StorageKeys } from './ports';
import { isErased, openTombstone, type Tombstone } from './tombstone';

/** Where a page ended: the next one begins behind it. */
export interface PageMark {
  readonly at: Date;
  readonly id: string;
}

export interface CaseRow {
  readonly stored: StoredCase;
  /** The last message; a case whose content was erased has none. */
  readonly last: StoredCaseEvent | undefined;
  readonly changedAt: Date;
  /** How far the unit's own first message has come; undefined when the partner opened the referral. */
  readonly delivery: DeliveryState | undefined;
}

/** Which cases a query asks for: all folded tokens must be there; those with all exact ones come first. */
export type CaseQuery = ReturnType<typeof queryTokens>;

export interface ReadStore {
  /** The unit's cases, newest change first, with their last message. */
  cases(unit: string, limit: number, after: PageMark | undefined): Promise<CaseRow[]>;
  /** One case of the unit. */
  case(unit: string, referralId: string): Promise<CaseRow | undefined>;
  /** The cases that have the tokens, best match first. */
  search(unit: string, query: CaseQuery, limit: number): Promise<CaseRow[]>;
  /** The ids of the same cases in the same order. */
  searchIds(unit: string, query: CaseQuery, limit: number): Promise<string[]>;
  /** One message of the unit's cases, with its case. */
  message(
    unit: string,
    messageId: string,
  ): Promise<{ readonly stored: StoredCase; readonly event: StoredCaseEvent } | undefined>;
  /** Notes that an officer has seen a message of the partner; the first view is what counts. */
  noteOpened(senderNode: string, messageId: string, at: Date): Promise<void>;
}

export interface ReadPorts extends DeadlinePorts {
  readonly keys: StorageKeys;
  readonly clock: Clock;
  /** Runs work for one unit, seeing that unit's cases only. */
  readonly read: <T>(unit: string, work: (store: ReadStore) => Promise<T>) => Promise<T>;
}

/** A case whose row or key was changed: shown as what it is, so that it hides neither itself nor the others. */
export interface UnreadableCase {
  readonly referralId: string;
  readonly state: 'unreadable';
  readonly changedAt: Date;
}

/** A case whose content was erased: digests and dates are all there is. */
export interface ErasedCase {
  readonly referralId: string;
  readonly state: 'erased';
  readonly side: Side;
  readonly partnerUnit: string;
  /** Of the messages that were erased. */
  readonly digests: readonly string[];
  readonly erasedAt: string;
  readonly partnerErasedAt?: string | undefined;
  readonly changedAt: Date;
}

/** A line of a unit's inbox. */
export interface InboxLine {
  readonly referralId: string;
  readonly state: ReferralState;
  readonly side: Side;
  readonly partnerUnit: string;
  /** How far the unit's own first message has come; absent when the partner opened the referral. */
  readonly delivery?: DeliveryState;
  readonly openedBy: string;
  readonly lastMessage: { readonly id: string; readonly type: string; readonly direction: string; readonly at: Date };
  readonly changedAt: Date;
}

export type CaseLine = InboxLine | ErasedCase | UnreadableCase;

/** A case with everything that follows from its messages. */
export interface ShownCase extends Pick<
  InboxLine,
  'referralId' | 'state' | 'side' | 'partnerUnit' | 'openedBy' | 'delivery'
> {
  readonly handover: CaseState['handover']['state'];
  readonly problems: readonly string[];
  readonly consent: Pick<CaseState['consent'], 'state' | 'scopes' | 'expiresAt'>;
  readonly duties: readonly Pick<Duty, 'id' | 'by' | 'due' | 'stepId'>[];
  readonly hold: Hold | undefined;
  readonly unknownFields: OpenCase['summary']['local']['unknownFields'];
  readonly timeline: readonly TimelineEntry[];
}

/** One message in the order that both sides agree on. */
export interface TimelineEntry {
  readonly messageId: string;
  readonly type: string;
  readonly by: Side;
  /** Of the signed original: what a hand-over plan is agreed by. */
  readonly digest: string;
  readonly at: string;
  readonly state: string;
  readonly handover: string;
  /** `overtaken`: it crossed a message that came first and left it no effect. */
  readonly effect: string;
}

/** The referrals of a unit, newest change first. */
export async function listInbox(
  unit: string,
  limit: number,
  after: PageMark | undefined,
  ports: ReadPorts,
): Promise<CaseLine[]> {
  const rows = await ports.read(unit, (store) => store.cases(unit, limit, after));
  return linesOf(unit, rows, ports);
}

/** The cases of a unit in which every word of `query` occurs, with or without diacritics; exact spelling first. */
export async function searchCases(unit: string, query: string, limit: number, ports: ReadPorts): Promise<CaseLine[]> {
  const tokens = queryTokens(searchKey(await ports.keys.storageKey(unit)), query);
  if (tokens.folded.length === 0) return [];
  const rows = await ports.read(unit, (store) => store.search(unit, tokens, limit));
  return linesOf(unit, rows, ports);
}

/** The ids of the cases that `searchCases` finds, best first, without opening any. */
export async function findCases(unit: string, query: string, limit: number, ports: ReadPorts): Promise<string[]> {
  const tokens = queryTokens(searchKey(await ports.keys.storageKey(unit)), query);
  if (tokens.folded.length === 0) return [];
  return ports.read(unit, (store) => store.searchIds(unit, tokens, limit));
}

async function linesOf(unit: string, rows: readonly CaseRow[], ports: ReadPorts): Promise<CaseLine[]> {
  const storageKey = await ports.keys.storageKey(unit);
  return rows.map((row) => {
    try {
      return isErased(row.stored) ? erased(openTombstone(row.stored, storageKey), row) : lineOf(row, storageKey, ports);
    } catch {
      return { referralId: row.stored.referralId, state: 'unreadable', changedAt: row.changedAt };
    }
  });
}

/** Everything about one case but the content of its messages. @throws TraoError `not_found`, `case_unreadable` */
export async function showCase(unit: string, referralId: string, ports: ReadPorts): Promise<ShownCase | ErasedCase> {
  const storageKey = await ports.keys.storageKey(unit);
  const row = await ports.read(unit, (store) => store.case(unit, referralId));
  if (!row) throw new TraoError('not_found');
  if (isErased(row.stored)) return erased(openTombstone(row.stored, storageKey), row);
  const record = openCase(row.stored, storageKey);
  const { side, partnerUnit, openedBy, steps, local } = record.summary;
  const state = caseStateOf(steps);
  const { state: consent, scopes, expiresAt } = state.consent;
  return {
    referralId,
    state: stateNow(state, side, row.delivery, ports),
    side,
    partnerUnit,
    openedBy,
    ...(side === 'sender' && row.delivery && { delivery: row.delivery }),
    handover: state.handover.state,
    problems: state.handover.problems,
    consent: { state: consent, scopes, expiresAt },
    duties: dutiesIn(record, state, ports).map(({ id, by, due, stepId }) => ({ id, by, due, stepId })),
    hold: local.hold,
    unknownFields: local.unknownFields,
    timeline: state.history.map(({ step, referral, handover, effect }) => {
      const { id, type, by, digest, at } = step;
      return { messageId: id, type, by, digest, at, state: referral, handover, effect };
    }),
  };
}

function lineOf({ stored, last, changedAt, delivery }: CaseRow, storageKey: Uint8Array, ports: ReadPorts): InboxLine {
  const record = openCase(stored, storageKey);
  const { side, partnerUnit, openedBy, steps } = record.summary;
  const { header } = readEvent(record, last!);
  return {
    referralId: stored.referralId,
    state: stateNow(caseStateOf(steps), side, delivery, ports),
    side,
    ...(side === 'sender' && delivery !== undefined && { delivery }),
    partnerUnit,
    openedBy,
    lastMessage: { id: last!.messageId, type: header.messageType, direction: last!.direction, at: last!.at },
    changedAt,
  };
}

/** The state with what no message says: whether it arrived, and whether silence has closed it. */
function stateNow(
  state: CaseState,
  side: Side,
  delivery: DeliveryState | undefined,
  { clock }: ReadPorts,
): ReferralState {
  if (closedBySilence(state, clock.now())) return 'closed';
  // What was filed here has arrived.
  return withDelivery(state.referral, side === 'recipient' ? 'delivered' : (delivery ?? 'queued'));
}

function erased(tombstone: Tombstone, { changedAt }: CaseRow): ErasedCase {
  const { referralId, side, partnerUnit, digests, erasedAt, partnerErasedAt } = tombstone;
  return { referralId, state: 'erased', side, partnerUnit, digests, erasedAt, partnerErasedAt, changedAt };
}

/**
 * One message in clear, for an officer of the unit; undefined when it is not in one of the unit's cases. A frozen case opens
 * for data protection only. What has run out is no longer shown, even before the sweep has erased it.
 * @throws TraoError `case_frozen`
 */
export async function readMessage(actor: Actor, messageId: string, ports: ReadPorts): Promise<Message | undefined> {
  const { unit } = actor;
  const storageKey = await ports.keys.storageKey(unit);
  return ports.read(unit, async (store) => {
    const found = await store.message(unit, messageId);
    if (!found) return undefined;
    const record = openCase(found.stored, storageKey);
    const message = readEvent(record, found.event);
    // An alert may save a life: it is read whatever has happened to the case since.
    if (message.header.messageType !== 'alert') assertReadable(record, caseStateOf(record.summary.steps), actor);
    const now = ports.clock.now();
    const senderNode = ports.self.partners().nodeOf(record.summary.partnerUnit);
    if (found.event.direction === 'filed' && senderNode !== undefined)
      await store.noteOpened(senderNode, messageId, now);
    return withoutTransfers(withoutExpired(message, now));
  });
}
