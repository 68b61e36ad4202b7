import { otherSide, type CaseState, type Side, type Step } from '../../libs/lifecycle';
import type { Role } from '../../libs/schema';
import { exampleDraft, withScopes, type Draft } from './documents';

/** A referral for return to an adult's home country, from Viet Nam to the United Kingdom, with follow-up agreed to. */
export const returnDraft = (header: Draft['header'] = {}): Draft =>
  withScopes(exampleDraft('referral-return-adult', { recipientUnit: 'gb.ho-sca', ...header }), [
    'return_planning',
    'share_with_services',
    'share_with_consulate',
    'health',
    'exploitation_details',
    'followup',
  ]);

/** A message that continues a case, as far as its author can know what to write. */
export interface Move {
  readonly by: Side | 'either';
  /** The example that it is made of. */
  readonly like: string;
  /** Members of the body that replace those of the example; with `whole`, all of them. Undefined: nothing to write about. */
  readonly body?: (state: CaseState, side: Side) => object | undefined;
  readonly whole?: true;
  /** What it answers. */
  readonly answers?: (state: CaseState, side: Side) => Step | undefined;
  readonly role?: Role;
}

const opening = ({ opening: step }: CaseState) => step;
const purposeOf = ({ opening: step }: CaseState) => step?.facts.kind === 'referral' && step.facts.purpose;
const newest = (type: string) => (state: CaseState, side: Side) =>
  state.history.findLast(({ step }) => step.type === type && step.by !== side)?.step;
const theirPlan = ({ handover: { plan } }: CaseState, side: Side) => (plan?.by === side ? undefined : plan);
const versionOf = (plan: Step | undefined) => (plan?.facts.kind === 'handover_plan' ? plan.facts.version : 0);
const PLACE = { country: 'VNM', province: 'Hà Nội' };

const whole = (like: string, by: Move['by'], body: object): Move => ({ like, by, body: () => body, whole: true });
const update = (by: Move['by'], body: object) => whole('update-return-adult-in-progress', by, body);
const closure = (body: object) => whole('closure-return-land-propose', 'either', body);
const answer = (like: string, by: Move['by'], more: Partial<Move> = {}): Move => ({
  like,
  by,
  answers: opening,
  ...more,
});
const arrival = (body: object): Move => ({
  ...whole('arrival-confirmation-return-adult', 'recipient', { at: '2026-12-16T23:10:00Z', ...body }),
  answers: newest('departure_notice'),
});

const MOVES = {
  ack: answer('ack-return-adult', 'recipient'),
  ask: answer('rfi-protect-farm', 'recipient', {
    body: () => ({ questions: [{ id: 'q1', code: 'document_status' }] }),
  }),
  tell: {
    ...whole('rfi-response-protect-farm', 'sender', { answers: [{ question: 'q1', status: 'answered' }] }),
    answers: ({ openRequests }) => openRequests[0],
  },
  accept: answer('accept-return-adult', 'recipient'),
  accept_in_part: answer('accept-verify-adult', 'recipient'),
  work: update('recipient', { status: 'in_progress' }),
  assess: { like: 'risk-assessment-return-adult-sender', by: 'either' },
  plan: {
    like: 'handover-plan-return-adult',
    by: 'either',
    body: ({ handover: { plan } }) => ({ version: versionOf(plan) + 1, personConfirmedAt: '2026-11-20' }),
  },
  agree: {
    like: 'handover-accept-return-adult',
    by: 'either',
    answers: theirPlan,
    body: (state, side) => {
      const plan = theirPlan(state, side);
      return { planDigest: plan?.digest, version: versionOf(plan), personReconfirmedAt: '2026-11-21' };
    },
  },
  papers: update('either', { arrangement: 'documents_requested' }),
  schedule: update('sender', { arrangement: 'scheduled' }),
  delegation: { like: 'delegation-notice-return-adult', by: 'recipient', role: 'delegation_chair' },
  depart: {
    like: 'departure-notice-return-adult',
    by: 'sender',
    body: ({ handover: { plan } }) => plan && { planDigest: plan.digest },
  },
  divert: arrival({ result: 'diverted', place: PLACE }),
  arrive: arrival({ result: 'arrived', place: PLACE }),
  receive: { like: 'reception-record-return-adult', by: 'recipient', role: 'delegation_chair' },
  complete: update('recipient', { arrangement: 'completed' }),
  outcome: { like: 'outcome-return-adult', by: 'recipient' },
  follow_up: { like: 'followup-return-adult', by: 'recipient', body: () => ({ month: 3 }) },
  propose: closure({ action: 'propose', code: 'completed' }),
  object: closure({ action: 'object' }),
  hold: update('either', { status: 'on_hold', reason: 'medical', reviewBy: '2026-12-01' }),
  resume: update('either', { status: 'resumed' }),
  problem: update('either', { problems: ['documents_missing'] }),
  postpone: update('either', { arrangement: 'postponed' }),
  nobody_came: update('either', { arrangement: 'arrived_not_received' }),
  no_show: arrival({ result: 'no_show' }),
  ask_to_cancel: answer('cancel-request-trace-adult', 'sender'),
  too_late: { like: 'cancel-confirm-follow-too-late', by: 'recipient', answers: newest('cancel_request') },
  correct: answer('correction-return-adult-field', 'sender'),
  alert: { like: 'alert-protect-farm-threat', by: 'either' },
  withdraw_some: answer('consent-withdrawal-protect-farm-scopes', 'either', {
    body: () => ({ scopes: ['health', 'followup'] }),
  }),
  decline: answer('decline-idinfo', 'recipient'),
  decline_late: answer('decline-protect-farm-late', 'recipient'),
  redirect: answer('redirect-verify-child', 'recipient'),
  cancel: { like: 'cancel-confirm-trace-adult', by: 'recipient', answers: newest('cancel_request') },
  confirm: closure({ action: 'confirm', code: 'completed' }),
  refuse_travel: update('either', { arrangement: 'refused_by_person' }),
  withdraw: answer('consent-withdrawal-protect-adult', 'either', { role: 'dpo' }),
  error: answer('correction-verify-child-wrong-recipient', 'sender', { role: 'liaison_officer' }),
} as const satisfies Record<string, Move>;
export type MoveName = keyof typeof MOVES;

const NAMES = Object.keys(MOVES) as MoveName[];
/** How a case may go on: only forward, also with turns, or also to an end. */
export const WAYS = {
  forward: NAMES.slice(0, NAMES.indexOf('hold')),
  turns: NAMES.slice(0, NAMES.indexOf('decline')),
  any: NAMES,
} as const;

/** A whole return: who writes what. */
export const JOURNEY: readonly (readonly [Side, MoveName])[] = [
  ['recipient', 'ack'],
  ['recipient', 'accept'],
  ['recipient', 'work'],
  ['sender', 'assess'],
  ['recipient', 'assess'],
  ['sender', 'plan'],
  ['recipient', 'agree'],
  ['sender', 'papers'],
  ['sender', 'schedule'],
  ['recipient', 'delegation'],
  ['sender', 'depart'],
  ['recipient', 'arrive'],
  ['recipient', 'receive'],
  ['recipient', 'complete'],
  ['recipient', 'outcome'],
  ['recipient', 'follow_up'],
  ['sender', 'propose'],
];

/** Where a message belongs. */
interface Place {
  readonly referralId: string;
  readonly recipientUnit: string;
}

/** The document of a move, whether the case allows it or not; undefined when its author would not know what to write. */
export function documentOf(name: MoveName, state: CaseState, side: Side, place: Place): Draft | undefined {
  return draftFor(MOVES[name], state, side, place);
}

/** The same for a move that is described. */
export function draftFor(
  move: Move,
  state: CaseState,
  side: Side,
  { referralId, recipientUnit }: Place,
): Draft | undefined {
  const answered = move.answers?.(state, side);
  const members = move.body?.(state, side);
  if (move.by === otherSide(side) || (move.answers && !answered) || (move.body && !members)) return undefined;
  const draft = exampleDraft(move.like);
  const { approverRole: _nobody, ...header } = draft.header;
  const body = String(header['messageType']).replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  return {
    ...draft,
    header: {
      ...header,
      purpose: purposeOf(state),
      recipientUnit,
      authorRole: move.role ?? 'caseworker',
      ...(answered ? { inReplyTo: answered.id } : { referralId }),
    },
    [body]: { ...(move.whole ? {} : bodyOf(draft, body)), ...members },
  };
}

const bodyOf = (draft: Draft, name: string): object => draft[name] as object;
