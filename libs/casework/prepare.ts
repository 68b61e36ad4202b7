import { faultAt, TraoError, type Fault } from '../errors';
import { digestOf } from '../envelope';
import {
  actorsOf,
  assertAllowed,
  belongsToReferral,
  caseStateOf,
  toStep,
  type CaseState,
  type Side,
} from '../lifecycle';
import {
  approvalFaults,
  approvalsNeeded,
  clearanceFaults,
  undecided,
  type Approval,
  type Decision,
  type Need,
} from '../protection';
import type { Message, MessageType } from '../schema';
import { openCase, type CaseSource, type Hold, type OpenCase } from './case-record';
import { assertRecords } from './checked-records';
import { compose, draftHeader } from './compose';
import type { DraftFile, Origin, Submission } from './draft';
import { withFiles } from './draft-files';
import { boundBy } from './origin';
import type { Clock, Self, StorageKeys } from './ports';
import { isErased } from './tombstone';

/** A submission with everything that was agreed to about it. */
export interface Agreed extends Submission {
  readonly digest: string;
  readonly drafters: readonly string[];
  readonly approvals: readonly Approval[];
  readonly decisions: readonly Decision[];
  readonly hold?: Hold | undefined;
  /** Files that go with it. */
  readonly files?: readonly DraftFile[] | undefined;
  /** The case that the content was taken from, where it came from another one. */
  readonly origin?: Origin | undefined;
}

export interface PreparePorts {
  readonly self: Self;
  readonly keys: StorageKeys;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** A message that could be sealed, if there were no faults. */
export interface Prepared {
  readonly message: Message;
  /** The case before the message; absent when the message opens one, or belongs to none. */
  readonly record?: OpenCase | undefined;
  readonly state?: CaseState | undefined;
  readonly side: Side;
  readonly needs: readonly Need[];
  /** Rules that protect the person and that are broken as things stand: nothing is sealed while there is one. */
  readonly faults: readonly Fault[];
}

/**
 * Composes a message and holds it against every rule: schema, machine, roles, consent, second officers, free texts. The one
 * way to `seal`, for every caller.
 * @throws TraoError `schema_invalid` and its like, `unknown_referral`, `foreign_thread`, `transition_refused`
 */
export async function prepare(
  unit: string,
  agreed: Agreed,
  source: CaseSource,
  ports: PreparePorts,
): Promise<Prepared> {
  const { document, faults } = await withFiles(unit, agreed, source, ports);
  const prepared = await prepareWhole(unit, { ...agreed, document }, source, ports);
  return { ...prepared, faults: [...prepared.faults, ...faults] };
}

/** With the files in the document. */
async function prepareWhole(unit: string, agreed: Agreed, source: CaseSource, ports: PreparePorts): Promise<Prepared> {
  const createdAt = ports.clock.now();
  ports.self.partners().activeUnit(unit, createdAt);
  const base = { messageId: ports.newId(), senderUnit: unit, createdAt };
  const type = draftHeader(agreed.document)['messageType'];
  if (opensSomething(type)) {
    const first = { ...base, seq: 1, seen: undefined, prevDigest: undefined, inReplyTo: undefined };
    const message = compose(agreed.document, { ...first, referralId: ports.newId() });
    const { hold, faults } = await boundBy(agreed.origin, message, source, ports);
    const prepared = judged({ message, side: 'sender' }, { ...agreed, hold: agreed.hold ?? hold }, ports);
    return { ...prepared, faults: [...prepared.faults, ...faults] };
  }
  const record = await threadOf(unit, agreed.document, source, ports);
  const { summary } = record;
  const inReplyTo = draftHeader(agreed.document)['inReplyTo'];
  const message = compose(completed(agreed.document, record, createdAt), {
    ...base,
    referralId: record.referralId,
    seq: summary.sent.seq + 1,
    seen: summary.filed.seq,
    prevDigest: summary.sent.digest,
    inReplyTo: typeof inReplyTo === 'string' ? inReplyTo : undefined,
  });
  const state = caseStateOf(summary.steps);
  assertAllowed(state, toStep(message, summary.side, '', summary.steps));
  return judged({ message, record, state, side: summary.side }, agreed, ports);
}

/** What begins something new; also what is no type at all, so that its schema says so. */
const opensSomething = (type: unknown): boolean =>
  type === 'referral' || !SIDES.some((side) => actorsOf(type as MessageType, side));
const SIDES: readonly Side[] = ['sender', 'recipient'];

/** What only the node knows of an erasure: when, and the digests of what was erased. */
function completed(document: unknown, { summary }: OpenCase, now: Date): unknown {
  const { erasureConfirm: body } = document as { readonly erasureConfirm?: unknown };
  if (typeof body !== 'object' || body === null) return document;
  const digests = summary.steps.map(({ digest }) => digest);
  return { ...(document as object), erasureConfirm: { ...body, erasedAt: now.toISOString(), digests } };
}

async function threadOf(
  unit: string,
  document: unknown,
  source: CaseSource,
  { keys }: PreparePorts,
): Promise<OpenCase> {
  const header = draftHeader(document);
  const { inReplyTo, referralId: named, recipientUnit } = header;
  const answered = isUuid(inReplyTo) ? await source.referralOf(unit, inReplyTo) : undefined;
  const pointer = inReplyTo === undefined ? '/header/referralId' : '/header/inReplyTo';
  const referralId = inReplyTo === undefined && isUuid(named) ? named : answered;
  const stored = referralId === undefined ? undefined : await source.lockCase(unit, referralId);
  if (!stored) throw new TraoError('unknown_referral', { faults: [faultAt(pointer, 'not_our_referral')] });
  if (isErased(stored)) throw new TraoError('case_erased');
  const record = openCase(stored, await keys.storageKey(unit));
  if (recipientUnit !== record.summary.partnerUnit) throw new TraoError('foreign_thread');
  return record;
}

const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

type Unjudged = Omit<Prepared, 'needs' | 'faults'>;

function judged(prepared: Unjudged, agreed: Agreed, { self, clock }: PreparePorts): Prepared {
  const { message, record, state, side } = prepared;
  assertRecords(agreed);
  const { header } = message;
  const now = clock.now();
  const { node, unit } = self.partners().activeUnit(header.recipientUnit, now);
  const local = record?.summary.local;
  const cleared = clearanceFaults({
    message,
    sender: { unit: header.senderUnit },
    recipient: { unit: unit.id, node: node.id, unitClass: unit.class },
    now,
    state,
    side,
    record: agreed.record ?? local?.record,
    override: agreed.override ?? local?.override,
    hold: agreed.hold !== undefined || local?.hold !== undefined || local?.frozenBy !== undefined,
  });
  // What belongs to no case has no turn and no second officer; the rules on totals still hold.
  if (!belongsToReferral(message)) return { ...prepared, needs: [], faults: cleared };
  const needs = approvalsNeeded(message, state, side);
  const faults = [
    ...roleFaults(message, side),
    ...cleared,
    ...approvalFaults({ message, needs, ...agreed }),
    ...undecided(message, agreed.decisions, digestOf, local?.names),
  ];
  return { ...prepared, needs, faults };
}

function roleFaults({ header }: Message, side: Side): Fault[] {
  // The machine has let this type through for this side, so somebody writes it.
  const actors = actorsOf(header.messageType, side)!;
  return actors.includes(header.authorRole) ? [] : [faultAt('/header/authorRole', 'role_not_for_message')];
}
