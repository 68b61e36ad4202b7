import type { Role } from '../schema';
import type { HandoverState } from './states';
import type { Transition } from './transition';

const WORKERS: readonly Role[] = ['case_officer', 'liaison_officer', 'caseworker', 'child_protection_officer'];
const AT_THE_BORDER: readonly Role[] = [...WORKERS, 'receiving_desk', 'delegation_chair'];

const PLANNED: readonly HandoverState[] = ['plan_agreed', 'documents_pending', 'scheduled'];
const BEFORE_TRAVEL: readonly HandoverState[] = [
  'not_planned',
  'risk_assessed',
  'plan_proposed',
  ...PLANNED,
  'postponed',
  'no_show',
];
/** Until the reception is recorded, both sides may still learn who will meet the person. */
const DELEGATION_TIME: readonly HandoverState[] = [
  ...PLANNED,
  'departed',
  'arrived',
  'postponed',
  'diverted',
  'no_show',
  'arrived_not_received',
];

/**
 * The hand-over machine of domain §3.3. The referral's sender is the side that the person leaves. A new plan version always
 * leads back to `plan_proposed`: nobody travels on a plan that one side has changed.
 */
export const HANDOVER_TRANSITIONS: readonly Transition<HandoverState>[] = [
  {
    row: 1,
    from: ['not_planned'],
    on: 'risk_assessment',
    by: 'either',
    actors: WORKERS,
    guard: 'both_assessed',
    to: 'risk_assessed',
  },
  { row: 1, from: BEFORE_TRAVEL, on: 'risk_assessment', by: 'either', actors: WORKERS, to: 'same' },
  {
    row: 2,
    from: ['risk_assessed', 'plan_proposed', ...PLANNED, 'postponed', 'no_show'],
    on: 'handover_plan',
    by: 'either',
    actors: WORKERS,
    guard: 'next_version',
    to: 'plan_proposed',
    timers: ['plan_agreed'],
  },
  {
    row: 3,
    from: ['plan_proposed'],
    on: 'handover_accept',
    by: 'either',
    actors: WORKERS,
    guard: 'same_plan',
    to: 'plan_agreed',
  },
  {
    row: 4,
    from: ['plan_agreed', 'documents_pending'],
    on: 'update',
    by: 'either',
    actors: WORKERS,
    guard: 'documents',
    to: 'documents_pending',
  },
  {
    row: 4,
    from: ['plan_agreed', 'documents_pending', 'postponed'],
    on: 'update',
    by: 'sender',
    actors: WORKERS,
    guard: 'schedules',
    to: 'scheduled',
    timers: ['consent_recheck', 'departure_notice'],
  },
  {
    row: 5,
    from: ['scheduled'],
    on: 'departure_notice',
    by: 'sender',
    actors: AT_THE_BORDER,
    guard: 'agreed_plan',
    to: 'departed',
    timers: ['arrival_confirmation'],
  },
  // Whoever has left has left: a new plan, a postponement or a refusal that crossed the departure does not call it back.
  {
    row: 5,
    from: ['plan_proposed', 'postponed', 'cancelled', 'refused_by_person'],
    on: 'departure_notice',
    by: 'sender',
    actors: AT_THE_BORDER,
    guard: 'left_unaware',
    to: 'departed',
    timers: ['arrival_confirmation'],
  },
  {
    row: 6,
    from: ['departed', 'diverted'],
    on: 'arrival_confirmation',
    by: 'recipient',
    actors: AT_THE_BORDER,
    guard: 'arrives',
    to: 'arrived',
    timers: ['reception_record'],
  },
  {
    row: 6,
    from: ['departed', 'diverted'],
    on: 'arrival_confirmation',
    by: 'recipient',
    actors: AT_THE_BORDER,
    guard: 'does_not_show',
    to: 'no_show',
  },
  {
    row: 6,
    from: ['departed'],
    on: 'arrival_confirmation',
    by: 'recipient',
    actors: AT_THE_BORDER,
    guard: 'is_diverted',
    to: 'diverted',
  },
  {
    row: 7,
    from: ['arrived', 'arrived_not_received'],
    on: 'reception_record',
    by: 'recipient',
    actors: ['delegation_chair'],
    to: 'received',
  },
  {
    row: 7,
    from: ['arrived'],
    on: 'update',
    by: 'either',
    actors: AT_THE_BORDER,
    guard: 'not_received',
    to: 'arrived_not_received',
  },
  { row: 8, from: DELEGATION_TIME, on: 'delegation_notice', by: 'recipient', actors: AT_THE_BORDER, to: 'same' },
  { row: 9, from: ['received'], on: 'update', by: 'recipient', actors: WORKERS, guard: 'completes', to: 'done' },
  {
    row: 9,
    from: ['received'],
    on: 'outcome',
    by: 'recipient',
    actors: WORKERS,
    guard: 'reception_completed',
    to: 'done',
  },
  { row: 10, from: PLANNED, on: 'update', by: 'either', actors: WORKERS, guard: 'postpones', to: 'postponed' },
  {
    row: 10,
    from: BEFORE_TRAVEL,
    on: 'update',
    by: 'either',
    actors: WORKERS,
    guard: 'person_refuses',
    to: 'refused_by_person',
  },
  { row: 10, from: BEFORE_TRAVEL, on: 'update', by: 'either', actors: WORKERS, guard: 'calls_off', to: 'cancelled' },
];

/** Hand-over states that no message leads out of, but for a departure that crossed what led there. */
export const FINAL_HANDOVER_STATES: readonly HandoverState[] = ['done', 'refused_by_person', 'cancelled'];
