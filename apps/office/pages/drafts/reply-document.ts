import { referenceOf, type ListedNow } from '../../../../libs/caseload';
import { readMessage, type ReadPorts, type ShownCase } from '../../../../libs/casework';
import { factsOf, type CaseState, type Side } from '../../../../libs/lifecycle';
import type { MessageType, Role } from '../../../../libs/schema';
import { wallClock } from '../../../../libs/text';
import { focalOf, type Author } from './new-document';

/** A case in which something is written. */
export interface ReplyCase extends Pick<ListedNow, 'referralId' | 'partnerUnit' | 'purpose' | 'priority' | 'duties'> {
  readonly state: CaseState;
  readonly side: Side;
  /** Messages in the order that both sides agree on. */
  readonly timeline: readonly Pick<ShownCase['timeline'][number], 'messageId' | 'type' | 'by'>[];
}

interface Desk {
  readonly reading: ReadPorts;
  readonly timeZone: string;
  readonly now: Date;
}

const SCHEMA_VERSION = '1.0';
/** Days until a decision where no deadline of the case says it. */
const DECISION_DAYS = 14;
const HOUR_MS = 3_600_000;
/** For a child these are signed by child protection too (domain §3.2, §6). */
const COSIGNED_FOR_CHILD: readonly MessageType[] = ['accept', 'handover_plan', 'handover_accept'];
const CHILD_PROTECTION: Role = 'child_protection_officer';
const DAY_MS = 86_400_000;

/** A message of a case before its first answer: what the case knows is filled in, so that nobody types it and nobody gets it wrong. */
export async function replyDocument(type: MessageType, role: Role, author: Author, about: ReplyCase, desk: Desk) {
  const { referralId, partnerUnit, purpose, priority = 'normal' } = about;
  const inReplyTo = ANSWERED[type]?.(about);
  const known = { ...desk, officer: author.officer, about, today: dayIn(desk.now, desk.timeZone), inReplyTo };
  return {
    header: {
      schemaVersion: SCHEMA_VERSION,
      messageType: type,
      referralId,
      ...(inReplyTo !== undefined && { inReplyTo }),
      recipientUnit: partnerUnit,
      authorRole: role,
      // The lifecycle looks for the second signature in the head.
      ...(about.state.child && COSIGNED_FOR_CHILD.includes(type) && { approverRole: CHILD_PROTECTION }),
      ...(purpose !== undefined && { purpose }),
      priority: type === 'alert' ? 'emergency' : priority,
    },
    ...(await BODIES[type]?.(known)),
    ...(await contactOf(type, role, author, about, desk)),
  };
}

/** Messages that name who answers for them; in every other an unfinished contact would only be in the way. */
const NAMES_CONTACT: readonly MessageType[] = ['ack', 'accept'];

/** Who answered for the unit last; else, where somebody must, the author as far as the sign-in knows them. */
async function contactOf(type: MessageType, role: Role, author: Author, about: ReplyCase, desk: Desk): Promise<object> {
  const last = await lastContact(author, about, desk);
  if (last) return { contact: last };
  return NAMES_CONTACT.includes(type) ? { contact: focalOf(author, role) } : {};
}

/** The newest message of the other side of a type. */
const newest = ({ timeline, side }: ReplyCase, wanted: MessageType): string | undefined =>
  timeline.findLast(({ type, by }) => type === wanted && by !== side)?.messageId;
const opening = ({ state }: ReplyCase) => state.opening?.id;

/** The message that a reply answers; the head of other messages names the referral alone. */
const ANSWERED: { readonly [type in MessageType]?: (about: ReplyCase) => string | undefined } = {
  ack: opening,
  accept: opening,
  decline: opening,
  redirect: opening,
  rfi_response: ({ state }) => state.openRequests[0]?.id,
  cancel_confirm: (about) => newest(about, 'cancel_request') ?? opening(about),
  handover_accept: ({ state }) => state.handover.plan?.id,
  erasure_confirm: (about) => newest(about, 'erasure_confirm') ?? newest(about, 'consent_withdrawal') ?? opening(about),
  // What is put right is the unit's own last word.
  correction: (about) => about.timeline.findLast(({ by }) => by === about.side)?.messageId ?? opening(about),
};

interface Known extends Desk {
  readonly officer: Author['officer'];
  readonly about: ReplyCase;
  /** YYYY-MM-DD on the clocks of the office. */
  readonly today: string;
  readonly inReplyTo: string | undefined;
}

/** What the case knows of the body of a message. */
const BODIES: { readonly [type in MessageType]?: (known: Known) => object | Promise<object> } = {
  ack: ({ about, now, timeZone }) => {
    const decision = about.duties.find(({ id }) => id === 'decision')?.due;
    const due = decision ?? new Date(now.getTime() + DECISION_DAYS * DAY_MS);
    return { ack: { localReference: referenceOf(about.referralId), dueDate: dayIn(due, timeZone) } };
  },
  rfi_response: async ({ officer, inReplyTo, reading }) => {
    const request = inReplyTo === undefined ? undefined : await readMessage(officer, inReplyTo, reading);
    const questions = request && 'rfi' in request ? request.rfi.questions : [];
    return { rfiResponse: { answers: questions.map(({ id }) => ({ question: id })) } };
  },
  handover_plan: async ({ about, officer, reading }) => ({
    handoverPlan: { ...(await planBefore(about, officer, reading)), ...planAfter(about.state) },
  }),
  handover_accept: ({ about }) => {
    const { plan } = about.state.handover;
    return { handoverAccept: { planDigest: plan?.digest, version: factsOf('handover_plan', plan)?.version } };
  },
  departure_notice: ({ about }) => ({ departureNotice: { planDigest: about.state.handover.agreedPlan } }),
  consent_withdrawal: ({ officer, today }) => ({
    consentWithdrawal: { withdrawnAt: today, receivedByUnit: officer.unit },
  }),
  // When, and what: the node says that itself when it sends.
  erasure_confirm: () => ({ erasureConfirm: { copies: 0 } }),
  outcome: ({ today }) => ({ outcome: { date: today } }),
  followup: ({ today }) => ({ followup: { at: today } }),
  alert: ({ now }) => ({ ackBy: new Date(now.getTime() + HOUR_MS).toISOString() }),
  closure: ({ about }) => {
    const { closing } = about.state;
    return { closure: { action: closing && closing.by !== about.side ? 'confirm' : 'propose' } };
  },
};

/** What the plan said before: a new version changes it and does not begin again. When the person agreed is asked anew. */
async function planBefore({ state }: ReplyCase, officer: Author['officer'], reading: ReadPorts): Promise<object> {
  const { plan } = state.handover;
  const message = plan && (await readMessage(officer, plan.id, reading));
  if (!message || !('handoverPlan' in message)) return {};
  const { personConfirmedAt: _asked, flight: _named, ...body } = message.handoverPlan;
  return body;
}

/** The number of the next version of the plan, and the one that it takes the place of. */
function planAfter({ handover }: CaseState): object {
  const { plan } = handover;
  const version = factsOf('handover_plan', plan)?.version ?? 0;
  return { version: version + 1, ...(plan && { replaces: plan.digest }) };
}

/** Who answered for the unit in its last message of the case. */
async function lastContact(
  { officer }: Author,
  { timeline, side }: ReplyCase,
  { reading }: Desk,
): Promise<object | undefined> {
  for (const { messageId } of timeline.filter(({ by }) => by === side).toReversed()) {
    // A case that is frozen is no reason to ask for nothing: the contact is typed then.
    const message = await readMessage(officer, messageId, reading).catch(() => undefined);
    if (message && 'contact' in message && message.contact) return message.contact;
  }
  return undefined;
}

/** The day on the clocks of a zone, YYYY-MM-DD. */
export function dayIn(at: Date, zone: string): string {
  const { year, month, day } = wallClock(at, zone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
