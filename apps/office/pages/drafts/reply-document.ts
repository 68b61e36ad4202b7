import { readMessage, referenceOf, type ListedNow, type ReadPorts } from '../../../../libs/casework';
import { factsOf, type CaseState, type Side } from '../../../../libs/lifecycle';
import type { MessageType, Role } from '../../../../libs/schema';
import { wallClock } from '../../../../libs/text';
import { focalOf, type Author } from './new-document';

/** A case in which something is written. */
export interface ReplyCase extends Pick<ListedNow, 'referralId' | 'partnerUnit' | 'purpose' | 'priority' | 'duties'> {
  readonly state: CaseState;
  readonly side: Side;
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
const DAY_MS = 86_400_000;

/** A message of a case before its first answer: what the case knows is filled in, so that nobody types it and nobody gets it wrong. */
export async function replyDocument(type: MessageType, role: Role, author: Author, about: ReplyCase, desk: Desk) {
  const { referralId, partnerUnit, purpose, priority = 'normal' } = about;
  const inReplyTo = answeredBy(type, about);
  return {
    header: {
      schemaVersion: SCHEMA_VERSION,
      messageType: type,
      referralId,
      ...(inReplyTo !== undefined && { inReplyTo }),
      recipientUnit: partnerUnit,
      authorRole: role,
      ...(purpose !== undefined && { purpose }),
      priority: type === 'alert' ? 'emergency' : priority,
    },
    ...(await bodyOf(type, author, about, desk, inReplyTo)),
    ...(WITHOUT_CONTACT.includes(type)
      ? {}
      : { contact: (await lastContact(author, about, desk)) ?? focalOf(author, role) }),
  };
}

/** Where the focal person is optional, an empty one would only be in the way. */
const WITHOUT_CONTACT: readonly MessageType[] = [
  'consent_withdrawal',
  'erasure_confirm',
  'handover_accept',
  'cancel_request',
  'closure',
];

/** The message that a reply answers; the head of other messages names the referral alone. */
function answeredBy(type: MessageType, { state, side }: ReplyCase): string | undefined {
  const { opening, openRequests, handover, history } = state;
  const newest = (wanted: MessageType) =>
    history.findLast(({ step }) => step.type === wanted && step.by !== side)?.step.id;
  switch (type) {
    case 'ack':
    case 'accept':
    case 'decline':
    case 'redirect':
      return opening?.id;
    case 'rfi_response':
      return openRequests[0]?.id;
    case 'cancel_confirm':
      return newest('cancel_request') ?? opening?.id;
    case 'handover_accept':
      return handover.plan?.id;
    case 'erasure_confirm':
      return newest('erasure_confirm') ?? newest('consent_withdrawal') ?? opening?.id;
    case 'correction':
      return history.findLast(({ step }) => step.by === side)?.step.id ?? opening?.id;
    default:
      return undefined;
  }
}

async function bodyOf(
  type: MessageType,
  { officer }: Author,
  about: ReplyCase,
  desk: Desk,
  inReplyTo: string | undefined,
): Promise<object> {
  const { state, referralId, duties } = about;
  const { now, timeZone } = desk;
  const today = dayIn(now, timeZone);
  switch (type) {
    case 'ack': {
      const due = duties.find(({ id }) => id === 'decision')?.due ?? new Date(now.getTime() + DECISION_DAYS * DAY_MS);
      return { ack: { localReference: referenceOf(referralId), dueDate: dayIn(due, timeZone) } };
    }
    case 'rfi_response': {
      const request = inReplyTo === undefined ? undefined : await readMessage(officer, inReplyTo, desk.reading);
      const questions = request && 'rfi' in request ? request.rfi.questions : [];
      return { rfiResponse: { answers: questions.map(({ id }) => ({ question: id })) } };
    }
    case 'handover_plan':
      return { handoverPlan: planAfter(state) };
    case 'handover_accept': {
      const plan = state.handover.plan;
      const version = factsOf('handover_plan', plan)?.version;
      return {
        handoverAccept: { ...(plan && { planDigest: plan.digest }), ...(version !== undefined && { version }) },
      };
    }
    case 'departure_notice': {
      const planDigest = state.handover.agreedPlan;
      return { departureNotice: { ...(planDigest !== undefined && { planDigest }) } };
    }
    case 'consent_withdrawal':
      return { consentWithdrawal: { withdrawnAt: today, receivedByUnit: officer.unit } };
    case 'erasure_confirm':
      // When, and what: the node says that itself when it sends.
      return { erasureConfirm: { copies: 0 } };
    case 'outcome':
      return { outcome: { date: today } };
    case 'followup':
      return { followup: { at: today } };
    case 'alert':
      return { ackBy: new Date(now.getTime() + HOUR_MS).toISOString() };
    case 'closure':
      return { closure: { action: state.closing && state.closing.by !== about.side ? 'confirm' : 'propose' } };
    default:
      return {};
  }
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
  { state, side }: ReplyCase,
  { reading }: Desk,
): Promise<object | undefined> {
  for (const { step } of state.history.toReversed().filter((one) => one.step.by === side)) {
    const message = await readMessage(officer, step.id, reading).catch(() => undefined);
    if (message && 'contact' in message && message.contact) return message.contact;
  }
  return undefined;
}

/** The day on the clocks of a zone, YYYY-MM-DD. */
export function dayIn(at: Date, zone: string): string {
  const { year, month, day } = wallClock(at, zone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
