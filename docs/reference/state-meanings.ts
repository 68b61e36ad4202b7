/** What each state means, in a sentence for states.md. generate-states.ts fails when a state has none. */

export const DELIVERY_MEANS: Readonly<Record<string, string>> = {
  queued: 'sealed and durable here, never tried',
  sending: 'tried at least once',
  received: 'these exact bytes are stored at the partner, not yet read',
  delivered: 'decrypted, verified, filed in the unit’s case',
  opened: 'seen by an officer of the unit for the first time',
  refused: 'the partner refused it; the code says why',
  expired: 'not received by its expiry: this node’s own judgement',
  undeliverable: 'the partner’s gateway answered a permanent fault, unsigned: this node’s own judgement',
};

export const REFERRAL_MEANS: Readonly<Record<string, string>> = {
  draft: 'an officer writes it; local, never travels',
  ready: 'everybody who must agree has agreed; local, never travels',
  sent: 'sealed and queued',
  delivered: 'filed in the recipient’s unit',
  acknowledged: 'the recipient has given it a reference and a date for its decision',
  info_requested: 'at least one question is open; the clock of the decision stands',
  accepted: 'taken in full',
  accepted_in_part: 'taken in part; each service that is not says why',
  declined: 'not taken, or handed back later with a plan',
  redirected: 'another unit is named; the sender sends anew, the recipient passes nothing on',
  in_progress: 'the recipient works on it',
  on_hold: 'work rests, with a reason and a date of review',
  handover: 'the person is to move; the hand-over machine goes on',
  outcome_reported: 'the result is known',
  followup: 'the recipient goes on asking how the person is',
  closed: 'ended by both sides, or by 30 days of silence after a proposal',
  cancel_requested: 'the sender has asked to cancel; the recipient has not answered',
  cancelled: 'the recipient has confirmed',
  suspended_consent: 'the person has withdrawn everything: frozen until it is erased',
  erased: 'the content is gone at both sides; a tombstone stays',
  entered_in_error: 'wrong person or wrong recipient; to be erased',
  expired: 'it never arrived',
};

export const HANDOVER_MEANS: Readonly<Record<string, string>> = {
  not_planned: 'at most one side has assessed the risk',
  risk_assessed: 'both sides have assessed the risk',
  plan_proposed: 'a plan waits for the side that did not write it',
  plan_agreed: 'both have agreed to the same digest of the same version',
  documents_pending: 'travel documents are asked for or issued',
  scheduled: 'the journey has its date',
  departed: 'the person has left',
  arrived: 'the border unit has met the person',
  received: 'the delegation’s chair has recorded the reception',
  done: 'nothing of the hand-over is left to do',
  postponed: 'put off; scheduled again, or planned anew',
  no_show: 'the person did not arrive; a new plan is needed',
  diverted: 'the person came out somewhere else; still looked for',
  refused_by_person: 'the person does not want to travel',
  cancelled: 'called off',
  arrived_not_received: 'arrived, and nobody took the person in',
};

export const CONSENT_MEANS: Readonly<Record<string, string>> = {
  not_sought: 'nobody asked the person; the referral is anonymous',
  given: 'the person agreed to the scopes that the referral names',
  narrowed: 'the person has taken some of them back, or agreed to some only',
  withdrawn: 'the person has taken everything back; a new consent is a new referral',
  override: 'shared by a decision of two officers, without consent',
};
