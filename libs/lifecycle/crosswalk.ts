import type { ReferralState } from './states';

/** The same state in the words of other systems (domain §3.2). Absent where that system has no word for it. */
export interface Crosswalk {
  /** Status of an HL7 FHIR R4 Task. */
  readonly fhirTask: string;
  /** Status of a Primero referral. */
  readonly primero?: 'in_progress' | 'accepted' | 'rejected' | 'done' | 'revoked';
  /** `cas_Status` of the Human Trafficking Case Data Standard 2.0. */
  readonly htcds?: 'Active' | 'FollowUp' | 'Closed' | 'ClosedReferred';
}

export const CROSSWALK: Record<ReferralState, Crosswalk> = {
  draft: { fhirTask: 'draft' },
  ready: { fhirTask: 'draft' },
  sent: { fhirTask: 'requested', primero: 'in_progress', htcds: 'Active' },
  delivered: { fhirTask: 'requested', primero: 'in_progress', htcds: 'Active' },
  acknowledged: { fhirTask: 'requested', primero: 'in_progress', htcds: 'Active' },
  info_requested: { fhirTask: 'requested', primero: 'in_progress', htcds: 'Active' },
  accepted: { fhirTask: 'accepted', primero: 'accepted', htcds: 'Active' },
  accepted_in_part: { fhirTask: 'accepted', primero: 'accepted', htcds: 'Active' },
  declined: { fhirTask: 'rejected', primero: 'rejected', htcds: 'Closed' },
  redirected: { fhirTask: 'rejected', primero: 'rejected', htcds: 'ClosedReferred' },
  in_progress: { fhirTask: 'in-progress', primero: 'accepted', htcds: 'Active' },
  on_hold: { fhirTask: 'on-hold', primero: 'accepted', htcds: 'Active' },
  handover: { fhirTask: 'in-progress', primero: 'accepted', htcds: 'Active' },
  outcome_reported: { fhirTask: 'in-progress', primero: 'accepted', htcds: 'Active' },
  followup: { fhirTask: 'in-progress', primero: 'accepted', htcds: 'FollowUp' },
  closed: { fhirTask: 'completed', primero: 'done', htcds: 'Closed' },
  cancel_requested: { fhirTask: 'in-progress', primero: 'in_progress', htcds: 'Active' },
  cancelled: { fhirTask: 'cancelled', primero: 'revoked', htcds: 'Closed' },
  suspended_consent: { fhirTask: 'on-hold' },
  erased: { fhirTask: 'cancelled', primero: 'revoked', htcds: 'Closed' },
  entered_in_error: { fhirTask: 'entered-in-error', primero: 'revoked', htcds: 'Closed' },
  expired: { fhirTask: 'failed', htcds: 'Closed' },
};
