import type { MessageType, Role } from '../schema';
import { HANDOVER_TRANSITIONS } from './handover';
import type { DeliveryState, ReferralState } from './states';
import type { Side } from './step';
import type { Transition } from './transition';

type From = ReferralState | 'none';

const SENDING: readonly Role[] = ['case_officer', 'liaison_officer', 'caseworker'];
const RECEIVING: readonly Role[] = ['caseworker', 'child_protection_officer'];
const EITHER: readonly Role[] = ['case_officer', 'liaison_officer', 'caseworker', 'child_protection_officer'];
const TRAVEL: readonly Role[] = [...EITHER, 'receiving_desk', 'delegation_chair'];
const PROTECTING: readonly Role[] = [...EITHER, 'receiving_desk', 'dpo'];

/** The referral has come to an end. Nothing more is decided; the person can still withdraw, and errors are still put right. */
const ENDED: readonly ReferralState[] = ['declined', 'redirected', 'closed', 'cancelled', 'expired'];
/** An answer proves delivery, so whatever starts at `delivered` starts at `sent` too: the sender may see it before the receipt. */
const ARRIVED: readonly ReferralState[] = ['sent', 'delivered'];
const UNDECIDED: readonly ReferralState[] = ['acknowledged', 'info_requested'];
const TAKEN: readonly ReferralState[] = ['accepted', 'accepted_in_part'];
const RESULT: readonly ReferralState[] = ['outcome_reported', 'followup'];
/** Referrals that somebody works on. */
const OPEN: readonly ReferralState[] = [
  ...ARRIVED,
  ...UNDECIDED,
  ...TAKEN,
  'in_progress',
  'on_hold',
  'handover',
  ...RESULT,
  'cancel_requested',
];
const CANCELLABLE = OPEN.filter((state) => ![...RESULT, 'cancel_requested'].includes(state));
/** Content is still held, so it can be frozen and erased. */
const HELD: readonly ReferralState[] = [...OPEN, ...ENDED];

/**
 * The referral machine of domain §3.2, row for row. Beyond the table, and why (docs/explanation/decisions.md):
 * - rows 7 to 10 also start at `info_requested`: an answer that never comes must not keep a person without a decision;
 * - rows 20 and 21 also start where a referral has ended: content is still held there, and a withdrawal must reach it;
 * - rows `to: same` note a message that changes no state, so that everything else is refused.
 */
export const REFERRAL_TRANSITIONS: readonly Transition<From>[] = [
  { row: 1, from: ['none'], on: 'drafted', by: 'sender', actors: ['case_officer', 'caseworker'], to: 'draft' },
  {
    row: 2,
    from: ['draft'],
    on: 'approved',
    by: 'sender',
    actors: ['liaison_officer', 'child_protection_officer'],
    to: 'ready',
  },
  {
    row: 3,
    from: ['none', 'ready'],
    on: 'referral',
    by: 'sender',
    actors: SENDING,
    to: 'sent',
    timers: ['machine_received'],
  },
  {
    row: 4,
    from: ['sent'],
    on: 'delivery_proven',
    by: 'recipient',
    actors: [],
    to: 'delivered',
    timers: ['human_ack', 'ack'],
  },
  { row: 5, from: ARRIVED, on: 'ack', by: 'recipient', actors: ['receiving_desk', ...RECEIVING], to: 'acknowledged' },
  {
    row: 6,
    from: ['acknowledged'],
    on: 'rfi',
    by: 'recipient',
    actors: RECEIVING,
    to: 'info_requested',
    timers: ['rfi_answer'],
  },
  {
    row: 6,
    from: ['info_requested'],
    on: 'rfi',
    by: 'recipient',
    actors: RECEIVING,
    to: 'same',
    timers: ['rfi_answer'],
  },
  {
    row: 6,
    from: ['info_requested'],
    on: 'rfi_response',
    by: 'sender',
    actors: SENDING,
    guard: 'last_answer',
    to: 'acknowledged',
  },
  {
    row: 6,
    from: ['info_requested'],
    on: 'rfi_response',
    by: 'sender',
    actors: SENDING,
    guard: 'open_answer',
    to: 'same',
  },
  { row: 7, from: UNDECIDED, on: 'accept', by: 'recipient', actors: RECEIVING, guard: 'in_full', to: 'accepted' },
  {
    row: 8,
    from: UNDECIDED,
    on: 'accept',
    by: 'recipient',
    actors: RECEIVING,
    guard: 'in_part',
    to: 'accepted_in_part',
  },
  { row: 9, from: UNDECIDED, on: 'decline', by: 'recipient', actors: RECEIVING, to: 'declined' },
  { row: 10, from: UNDECIDED, on: 'redirect', by: 'recipient', actors: RECEIVING, to: 'redirected' },
  { row: 11, from: TAKEN, on: 'update', by: 'recipient', actors: RECEIVING, guard: 'starts_work', to: 'in_progress' },
  {
    row: 12,
    from: ['in_progress'],
    on: 'update',
    by: 'either',
    actors: EITHER,
    guard: 'puts_on_hold',
    to: 'on_hold',
    timers: ['on_hold_review'],
  },
  { row: 12, from: ['on_hold'], on: 'update', by: 'either', actors: EITHER, guard: 'resumes', to: 'in_progress' },
  {
    row: 13,
    from: [...TAKEN, 'in_progress'],
    on: 'risk_assessment',
    by: 'either',
    actors: EITHER,
    guard: 'movable',
    to: 'handover',
  },
  {
    row: 13,
    from: [...TAKEN, 'in_progress'],
    on: 'handover_plan',
    by: 'either',
    actors: EITHER,
    guard: 'movable',
    to: 'handover',
  },
  {
    row: 13,
    from: ['handover'],
    on: 'update',
    by: 'recipient',
    actors: RECEIVING,
    guard: 'work_after_handover',
    to: 'in_progress',
  },
  {
    row: 14,
    from: ['in_progress'],
    on: 'outcome',
    by: 'recipient',
    actors: RECEIVING,
    to: 'outcome_reported',
    timers: ['followup_1', 'followup_3', 'followup_6', 'followup_12'],
  },
  {
    row: 14,
    from: ['handover'],
    on: 'outcome',
    by: 'recipient',
    actors: RECEIVING,
    guard: 'handover_ended',
    to: 'outcome_reported',
    timers: ['followup_1', 'followup_3', 'followup_6', 'followup_12'],
  },
  { row: 14, from: RESULT, on: 'outcome', by: 'recipient', actors: RECEIVING, to: 'same' },
  {
    row: 15,
    from: ['outcome_reported'],
    on: 'followup',
    by: 'recipient',
    actors: RECEIVING,
    guard: 'followup_agreed',
    to: 'followup',
  },
  {
    row: 15,
    from: ['followup'],
    on: 'followup',
    by: 'recipient',
    actors: RECEIVING,
    guard: 'followup_agreed',
    to: 'same',
  },
  {
    row: 16,
    from: RESULT,
    on: 'closure',
    by: 'either',
    actors: EITHER,
    guard: 'proposes',
    to: 'same',
    timers: ['closure_silence'],
  },
  { row: 16, from: RESULT, on: 'closure', by: 'either', actors: EITHER, guard: 'confirms', to: 'closed' },
  { row: 16, from: RESULT, on: 'closure', by: 'either', actors: EITHER, guard: 'objects', to: 'same' },
  { row: 17, from: CANCELLABLE, on: 'cancel_request', by: 'sender', actors: SENDING, to: 'cancel_requested' },
  {
    row: 18,
    from: ['cancel_requested'],
    on: 'cancel_confirm',
    by: 'recipient',
    actors: RECEIVING,
    guard: 'is_cancelled',
    to: 'cancelled',
  },
  {
    row: 18,
    from: ['cancel_requested'],
    on: 'cancel_confirm',
    by: 'recipient',
    actors: RECEIVING,
    guard: 'not_cancelled',
    to: 'before',
  },
  { row: 18, from: ['cancel_requested'], on: 'outcome', by: 'recipient', actors: RECEIVING, to: 'outcome_reported' },
  {
    row: 19,
    from: [...TAKEN, 'in_progress'],
    on: 'decline',
    by: 'recipient',
    actors: RECEIVING,
    guard: 'hand_back',
    to: 'declined',
  },
  {
    row: 20,
    from: HELD,
    on: 'consent_withdrawal',
    by: 'either',
    actors: PROTECTING,
    guard: 'withdraws_all',
    to: 'suspended_consent',
    timers: ['consent_freeze', 'erasure'],
  },
  {
    row: 20,
    from: HELD,
    on: 'consent_withdrawal',
    by: 'either',
    actors: PROTECTING,
    guard: 'withdraws_some',
    to: 'same',
  },
  {
    row: 21,
    from: ['suspended_consent', 'entered_in_error', ...ENDED],
    on: 'erasure_confirm',
    by: 'either',
    actors: ['dpo'],
    guard: 'other_erased',
    to: 'erased',
  },
  {
    row: 21,
    from: ['suspended_consent', 'entered_in_error', ...ENDED],
    on: 'erasure_confirm',
    by: 'either',
    actors: ['dpo'],
    guard: 'first_to_erase',
    to: 'same',
  },
  // A case that silence has closed still stands at its result, and is erased like one that was closed by a message.
  {
    row: 21,
    from: RESULT,
    on: 'erasure_confirm',
    by: 'either',
    actors: ['dpo'],
    guard: 'silent_second',
    to: 'erased',
  },
  {
    row: 21,
    from: RESULT,
    on: 'erasure_confirm',
    by: 'either',
    actors: ['dpo'],
    guard: 'silent_first',
    to: 'same',
  },
  {
    row: 22,
    from: [...HELD, 'suspended_consent'],
    on: 'correction',
    by: 'sender',
    actors: [...SENDING, 'dpo'],
    guard: 'is_error',
    to: 'entered_in_error',
  },
  { row: 22, from: OPEN, on: 'correction', by: 'either', actors: EITHER, guard: 'corrects_field', to: 'same' },
  { row: 23, from: OPEN, on: 'alert', by: 'either', actors: TRAVEL, to: 'same', timers: ['alert_ack'] },
  { row: 24, from: ['sent'], on: 'expiry', by: 'sender', actors: [], to: 'expired' },
  // Progress without a change of state.
  {
    row: 11,
    from: OPEN.filter((state) => !ARRIVED.includes(state)),
    on: 'update',
    by: 'either',
    actors: TRAVEL,
    guard: 'informs',
    to: 'same',
  },
];

/** States that no message leads out of, but for the person's protection (rows 20 to 22). */
export const FINAL_STATES: readonly ReferralState[] = [...ENDED, 'erased', 'entered_in_error'];

/** Messages of the hand-over that a referral in hand-over takes; the hand-over machine decides on them. */
export const HANDOVER_MESSAGES = [
  'risk_assessment',
  'handover_plan',
  'handover_accept',
  'departure_notice',
  'arrival_confirmation',
  'delegation_notice',
  'reception_record',
] as const;

/**
 * Rows 4 and 24, the only places where the two axes meet: a sent referral whose delivery is proven counts as delivered, one
 * that was not received in time as expired.
 */
export function withDelivery(state: ReferralState, delivery: DeliveryState): ReferralState {
  if (state !== 'sent') return state;
  if (delivery === 'delivered' || delivery === 'opened') return 'delivered';
  return delivery === 'expired' ? 'expired' : state;
}

/** The roles that may write a message of that type for that side; undefined for types without a referral (ping, stats_report). */
export function actorsOf(type: MessageType, by: Side): readonly Role[] | undefined {
  const rows = [...REFERRAL_TRANSITIONS, ...HANDOVER_TRANSITIONS].filter(
    (row) => row.on === type && (row.by === by || row.by === 'either'),
  );
  return rows.length === 0 ? undefined : [...new Set(rows.flatMap(({ actors }) => actors))];
}
