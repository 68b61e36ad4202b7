import {
  CONSENT_TRANSITIONS,
  CROSSWALK,
  FINAL_HANDOVER_STATES,
  FINAL_STATES,
  HANDOVER_TRANSITIONS,
  REFERRAL_TRANSITIONS,
} from '.';

/**
 * The tables once more, as domain §3.2 to §3.4 have them, a line a row: from > to | message by side: roles | deadlines that start.
 * A table proves nothing about itself; whoever changes a row has to say so here too.
 */
const WORDS: Readonly<Record<string, string>> = {
  OPEN: 'sent delivered acknowledged info_requested accepted accepted_in_part in_progress on_hold handover outcome_reported followup cancel_requested',
  ENDED: 'declined redirected closed cancelled expired',
  BEFORE_DEPARTURE: 'not_planned risk_assessed plan_proposed plan_agreed documents_pending scheduled postponed no_show',
  TRAVELLERS: 'case_officer liaison_officer caseworker child_protection_officer receiving_desk delegation_chair',
  PROTECTORS: 'case_officer liaison_officer caseworker child_protection_officer receiving_desk dpo',
  WORKERS: 'case_officer liaison_officer caseworker child_protection_officer',
  SENDERS: 'case_officer liaison_officer caseworker',
  RECEIVERS: 'caseworker child_protection_officer',
};
const expand = (line: string) => line.replace(/\b[A-Z_]{4,}\b/g, (word) => WORDS[word]!);

const REFERRAL = `
1: none > draft | drafted by sender: case_officer caseworker
2: draft > ready | approved by sender: liaison_officer child_protection_officer
3: none ready > sent | referral by sender: SENDERS | machine_received
4: sent > delivered | delivery_proven by recipient: node | human_ack ack
5: sent delivered > acknowledged | ack by recipient: receiving_desk RECEIVERS
6: acknowledged > info_requested | rfi by recipient: RECEIVERS | rfi_answer
6: info_requested > same | rfi by recipient: RECEIVERS | rfi_answer
6: info_requested > acknowledged | rfi_response by sender: SENDERS
6: info_requested > same | rfi_response by sender: SENDERS
7: acknowledged info_requested > accepted | accept by recipient: RECEIVERS
8: acknowledged info_requested > accepted_in_part | accept by recipient: RECEIVERS
9: acknowledged info_requested > declined | decline by recipient: RECEIVERS
10: acknowledged info_requested > redirected | redirect by recipient: RECEIVERS
11: accepted accepted_in_part > in_progress | update by recipient: RECEIVERS
12: in_progress > on_hold | update by either: WORKERS | on_hold_review
12: on_hold > in_progress | update by either: WORKERS
13: accepted accepted_in_part in_progress > handover | risk_assessment by either: WORKERS
13: accepted accepted_in_part in_progress > handover | handover_plan by either: WORKERS
13: handover > in_progress | update by recipient: RECEIVERS
14: in_progress > outcome_reported | outcome by recipient: RECEIVERS | followup_1 followup_3 followup_6 followup_12
14: handover > outcome_reported | outcome by recipient: RECEIVERS | followup_1 followup_3 followup_6 followup_12
14: outcome_reported followup > same | outcome by recipient: RECEIVERS
15: outcome_reported > followup | followup by recipient: RECEIVERS
15: followup > same | followup by recipient: RECEIVERS
16: outcome_reported followup > same | closure by either: WORKERS | closure_silence
16: outcome_reported followup > closed | closure by either: WORKERS
16: outcome_reported followup > same | closure by either: WORKERS
17: sent delivered acknowledged info_requested accepted accepted_in_part in_progress on_hold handover > cancel_requested | cancel_request by sender: SENDERS
18: cancel_requested > cancelled | cancel_confirm by recipient: RECEIVERS
18: cancel_requested > before | cancel_confirm by recipient: RECEIVERS
18: cancel_requested > outcome_reported | outcome by recipient: RECEIVERS
19: accepted accepted_in_part in_progress > declined | decline by recipient: RECEIVERS
20: OPEN ENDED > suspended_consent | consent_withdrawal by either: PROTECTORS | consent_freeze erasure
20: OPEN ENDED > same | consent_withdrawal by either: PROTECTORS
21: suspended_consent entered_in_error ENDED > erased | erasure_confirm by either: dpo
21: suspended_consent entered_in_error ENDED > same | erasure_confirm by either: dpo
21: outcome_reported followup > erased | erasure_confirm by either: dpo
21: outcome_reported followup > same | erasure_confirm by either: dpo
22: OPEN ENDED suspended_consent > entered_in_error | correction by sender: SENDERS dpo
22: OPEN > same | correction by either: WORKERS
23: OPEN > same | alert by either: TRAVELLERS | alert_ack
24: sent > expired | expiry by sender: node
11: acknowledged info_requested accepted accepted_in_part in_progress on_hold handover outcome_reported followup cancel_requested > same | update by either: TRAVELLERS
`;

const HANDOVER = `
1: not_planned > risk_assessed | risk_assessment by either: WORKERS
1: BEFORE_DEPARTURE > same | risk_assessment by either: WORKERS
2: risk_assessed plan_proposed plan_agreed documents_pending scheduled postponed no_show > plan_proposed | handover_plan by either: WORKERS | plan_agreed
3: plan_proposed > plan_agreed | handover_accept by either: WORKERS
4: plan_agreed documents_pending > documents_pending | update by either: WORKERS
4: plan_agreed documents_pending postponed > scheduled | update by sender: WORKERS | consent_recheck departure_notice
5: scheduled > departed | departure_notice by sender: TRAVELLERS | arrival_confirmation
5: plan_proposed postponed cancelled refused_by_person > departed | departure_notice by sender: TRAVELLERS | arrival_confirmation
6: departed diverted > arrived | arrival_confirmation by recipient: TRAVELLERS | reception_record
6: departed diverted > no_show | arrival_confirmation by recipient: TRAVELLERS
6: departed > diverted | arrival_confirmation by recipient: TRAVELLERS
7: arrived arrived_not_received > received | reception_record by recipient: delegation_chair
7: arrived > arrived_not_received | update by either: TRAVELLERS
8: plan_agreed documents_pending scheduled departed arrived postponed diverted no_show arrived_not_received > same | delegation_notice by recipient: TRAVELLERS
9: received > done | update by recipient: WORKERS
9: received > done | outcome by recipient: WORKERS
10: plan_agreed documents_pending scheduled > postponed | update by either: WORKERS
10: BEFORE_DEPARTURE > refused_by_person | update by either: WORKERS
10: BEFORE_DEPARTURE > cancelled | update by either: WORKERS
`;

const CONSENT = `
not_sought > stated | referral leaves stated
not_sought given narrowed override > withdrawn | consent_withdrawal leaves none
given narrowed > narrowed | consent_withdrawal leaves some
override > override | consent_withdrawal leaves some
`;

/** state: FHIR R4 Task | Primero | HTCDS; `-` where that system has no word for it. */
const WORDS_OF_OTHERS = `
draft: draft | - | -
ready: draft | - | -
sent: requested | in_progress | Active
delivered: requested | in_progress | Active
acknowledged: requested | in_progress | Active
info_requested: requested | in_progress | Active
accepted: accepted | accepted | Active
accepted_in_part: accepted | accepted | Active
declined: rejected | rejected | Closed
redirected: rejected | rejected | ClosedReferred
in_progress: in-progress | accepted | Active
on_hold: on-hold | accepted | Active
handover: in-progress | accepted | Active
outcome_reported: in-progress | accepted | Active
followup: in-progress | accepted | FollowUp
closed: completed | done | Closed
cancel_requested: in-progress | in_progress | Active
cancelled: cancelled | revoked | Closed
suspended_consent: on-hold | - | -
erased: cancelled | revoked | Closed
entered_in_error: entered-in-error | revoked | Closed
expired: failed | - | Closed
`;

interface Row {
  readonly row: number;
  readonly from: readonly string[];
  readonly to: string;
  readonly on: string;
  readonly by: string;
  readonly actors: readonly string[];
  readonly timers?: readonly string[];
}
const lineOf = ({ row, from, on, by, actors, to, timers = [] }: Row) =>
  `${row}: ${from.join(' ')} > ${to} | ${on} by ${by}: ${actors.join(' ') || 'node'}` +
  (timers.length > 0 ? ` | ${timers.join(' ')}` : '');
const linesOf = (text: string) => text.trim().split('\n').map(expand);

describe('the tables', () => {
  it('of a referral are those of the domain', () => {
    expect(REFERRAL_TRANSITIONS.map(lineOf)).toEqual(linesOf(REFERRAL));
  });

  it('of a hand-over are those of the domain', () => {
    expect(HANDOVER_TRANSITIONS.map(lineOf)).toEqual(linesOf(HANDOVER));
  });

  it('of consent are those of the domain', () => {
    const lines = CONSENT_TRANSITIONS.map(
      ({ from, on, leaves, to }) => `${from.join(' ')} > ${to} | ${on} leaves ${leaves}`,
    );
    expect(lines).toEqual(linesOf(CONSENT));
  });

  it('of other systems are those of the domain', () => {
    const lines = Object.entries(CROSSWALK).map(
      ([state, { fhirTask, primero = '-', htcds = '-' }]) => `${state}: ${fhirTask} | ${primero} | ${htcds}`,
    );
    expect(lines).toEqual(WORDS_OF_OTHERS.trim().split('\n'));
  });

  it('name the states that are final', () => {
    expect(FINAL_STATES).toEqual([
      'declined',
      'redirected',
      'closed',
      'cancelled',
      'expired',
      'erased',
      'entered_in_error',
    ]);
    expect(FINAL_HANDOVER_STATES).toEqual(['done', 'refused_by_person', 'cancelled']);
  });
});
