import type { Message, MessageType, OnwardPermission, Referral } from '../schema';
import { isChild, saysChild } from './age';
import type { ConsentFacts, Facts, Side, Step } from './step';

/** Message types that belong to no referral. */
const WITHOUT_REFERRAL: readonly MessageType[] = ['ping', 'stats_report'];

/** True for a message that is part of a referral, and so of a case. */
export const belongsToReferral = (message: Message): boolean => !WITHOUT_REFERRAL.includes(message.header.messageType);

/**
 * What the state of a case needs to know of a message.
 * @param message one that belongs to a referral
 * @param digest of the signed original
 * @param earlier the steps of the case so far: a message of a node that does not yet say what it had seen has seen what it
 *   answers, and what the message before it had seen
 */
export function toStep(message: Message, by: Side, digest: string, earlier: readonly Step[]): Step {
  const { header } = message;
  return {
    id: header.messageId,
    type: header.messageType,
    by,
    seq: header.seq,
    seen: header.seen ?? impliedSeen(header.inReplyTo, by, earlier),
    digest,
    at: header.createdAt,
    authorRole: header.authorRole,
    approverRole: header.approverRole,
    inReplyTo: header.inReplyTo,
    facts: factsOfMessage(message),
  };
}

function impliedSeen(inReplyTo: string | undefined, by: Side, earlier: readonly Step[]): number {
  const own = earlier.filter((step) => step.by === by).map(({ seen }) => seen);
  const answered = earlier.find((step) => step.by !== by && step.id === inReplyTo)?.seq ?? 0;
  return Math.max(0, answered, ...own);
}

function factsOfMessage(message: Message): Facts {
  const { header } = message;
  if ('identityMode' in message) return referralFacts(message);
  if ('ack' in message) return { kind: 'ack', dueDate: message.ack.dueDate };
  if ('rfi' in message) {
    return { kind: 'rfi', questions: message.rfi.questions.map(({ id }) => id), priority: message.header.priority };
  }
  if ('rfiResponse' in message) {
    const { answers, disclosed } = message.rfiResponse;
    return {
      kind: 'rfi_response',
      answered: answers.map(({ question }) => question),
      ...disclosedFacts(disclosed, header),
    };
  }
  if ('update' in message) {
    const { status, reviewBy, arrangement, problems = [], onwardPermission, disclosed } = message.update;
    return {
      kind: 'update',
      status,
      reviewBy,
      arrangement,
      problems,
      ...(onwardPermission && permissionFacts(onwardPermission)),
      ...disclosedFacts(disclosed, header),
    };
  }
  if ('accept' in message) {
    return { kind: 'accept', inPart: message.accept.scope?.some(({ accepted }) => !accepted) ?? false };
  }
  if ('decline' in message) {
    return { kind: 'decline', code: message.decline.code, handBack: message.decline.handBack !== undefined };
  }
  if ('redirect' in message) return { kind: 'redirect', unit: message.redirect.unit };
  if ('cancelRequest' in message) return { kind: 'cancel_request' };
  if ('cancelConfirm' in message) return { kind: 'cancel_confirm', result: message.cancelConfirm.result };
  return travelFacts(message) ?? endFacts(message);
}

function permissionFacts({ granted, units, until }: OnwardPermission): Pick<UpdateFacts, 'permits' | 'refuses'> {
  return granted ? { permits: units, ...(until !== undefined && { permitsUntil: until }) } : { refuses: units };
}

type UpdateFacts = Extract<Facts, { kind: 'update' }>;

function travelFacts(message: Message): Facts | undefined {
  if ('riskAssessment' in message) return { kind: 'risk_assessment' };
  if ('handoverPlan' in message) {
    const { version, window, receivingUnit } = message.handoverPlan;
    return { kind: 'handover_plan', version, earliest: window.earliest, latest: window.latest, receivingUnit };
  }
  if ('handoverAccept' in message) {
    const { version, planDigest } = message.handoverAccept;
    return { kind: 'handover_accept', version, planDigest };
  }
  if ('departureNotice' in message) {
    const { planDigest, departedAt, expectedArrival, problems = [] } = message.departureNotice;
    return { kind: 'departure_notice', planDigest, departedAt, arriveBy: expectedArrival.latest, problems };
  }
  if ('arrivalConfirmation' in message) {
    const { result, at, problems = [] } = message.arrivalConfirmation;
    return { kind: 'arrival_confirmation', result, arrivedAt: at, problems };
  }
  if ('delegationNotice' in message) {
    const { units, chair } = message.delegationNotice;
    return { kind: 'delegation_notice', units: units.map(({ unit }) => unit), chair };
  }
  if ('receptionRecord' in message) {
    const { delegation, chair, problems } = message.receptionRecord;
    return { kind: 'reception_record', units: delegation.map(({ unit }) => unit), chair, problems };
  }
  return undefined;
}

function endFacts(message: Message): Facts {
  const { header } = message;
  if ('outcome' in message) return { kind: 'outcome', code: message.outcome.code };
  if ('followup' in message) return { kind: 'followup', month: message.followup.month };
  if ('consentWithdrawal' in message) {
    const { extent, scopes = [], withdrawnAt } = message.consentWithdrawal;
    return { kind: 'consent_withdrawal', scopes: extent === 'all' ? 'all' : scopes, receivedOn: withdrawnAt };
  }
  if ('erasureConfirm' in message) return { kind: 'erasure_confirm' };
  if ('correction' in message) {
    const { kind, disclosed } = message.correction;
    return { kind: 'correction', error: kind === 'entered_in_error', ...disclosedFacts(disclosed, header) };
  }
  if ('closure' in message) return { kind: 'closure', action: message.closure.action };
  return { kind: 'alert' };
}

function referralFacts(referral: Referral): Facts {
  const { header, person, consent, location } = referral;
  const stated: ConsentFacts | undefined = consent && {
    status: consent.status,
    scopes: consent.scopes,
    expiresAt: consent.expiresAt,
  };
  return {
    kind: 'referral',
    purpose: header.purpose,
    priority: header.priority,
    identityMode: referral.identityMode,
    child: isChild(person, header.createdAt.slice(0, 10)),
    bornOn: person?.birth?.date,
    consent: stated,
    precisePlace: location?.precise !== undefined,
  };
}

/** What later content says of the place and of the age. */
function disclosedFacts(disclosed: Disclosure | undefined, { createdAt }: Message['header']) {
  const { location, person } = disclosed ?? {};
  const child = person !== undefined && saysChild(person, createdAt.slice(0, 10));
  return { precisePlace: location?.precise !== undefined, ...(child && ({ child } as const)) };
}

type Disclosure = Pick<Referral, 'location' | 'person'>;
