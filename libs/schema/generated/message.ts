/* Generated from schemas/ by schemas/generate-types.ts: do not edit. */

export type Message =
  | Referral
  | Ack
  | Rfi
  | RfiResponse
  | Update
  | Accept
  | Decline
  | Redirect
  | CancelRequest
  | CancelConfirm
  | RiskAssessment
  | HandoverPlan
  | HandoverAccept
  | DepartureNotice
  | ArrivalConfirmation
  | DelegationNotice
  | ReceptionRecord
  | Outcome
  | Followup
  | Alert
  | ConsentWithdrawal
  | ErasureConfirm
  | Correction
  | Closure
  | StatsReport
  | Ping;
export type ReferralHeader = Header & {
  messageType?: 'referral';
  approverRole: Role;
  purpose: Purpose;
};
/**
 * UUID version 7 (RFC 9562), lower case.
 */
export type MessageId = string;
/**
 * Kinds of message that this version knows.
 */
export type MessageType =
  | 'referral'
  | 'ack'
  | 'rfi'
  | 'rfi_response'
  | 'update'
  | 'accept'
  | 'decline'
  | 'redirect'
  | 'cancel_request'
  | 'cancel_confirm'
  | 'risk_assessment'
  | 'handover_plan'
  | 'handover_accept'
  | 'departure_notice'
  | 'arrival_confirmation'
  | 'delegation_notice'
  | 'reception_record'
  | 'outcome'
  | 'followup'
  | 'alert'
  | 'consent_withdrawal'
  | 'erasure_confirm'
  | 'correction'
  | 'closure'
  | 'stats_report'
  | 'ping';
/**
 * UUID (RFC 9562), lower case.
 */
export type Uuid = string;
/**
 * SHA-256 digest in base64url without padding.
 */
export type Digest = string;
/**
 * Unit: node id, dot, name in kebab case, such as vn.mps-criminal.
 */
export type UnitId = string;
/**
 * Roles inside a node.
 */
export type Role =
  | 'case_officer'
  | 'liaison_officer'
  | 'receiving_desk'
  | 'caseworker'
  | 'child_protection_officer'
  | 'dpo'
  | 'delegation_chair'
  | 'operator'
  | 'auditor'
  | 'statistics_officer';
/**
 * Point in time in UTC, seconds or milliseconds (RFC 3339).
 */
export type Instant = string;
/**
 * What the sender asks for.
 */
export type Purpose = 'VERIFY' | 'PROTECT' | 'TRACE' | 'RETURN' | 'IDINFO' | 'ALERT' | 'FOLLOW';
/**
 * Lane and deadlines of the message.
 */
export type Priority = 'emergency' | 'urgent' | 'normal';
/**
 * One line of text without control characters.
 */
export type ShortText = string;
/**
 * Telephone number in international form.
 */
export type Phone = string;
/**
 * E-mail address.
 */
export type Email = string;
/**
 * Europol handling codes.
 */
export type HandlingCode = 'H0' | 'H1' | 'H2' | 'H3';
/**
 * What the receiver must not do.
 */
export type Caveat =
  | 'no_immigration_enforcement'
  | 'no_judicial_use'
  | 'no_consular_contact'
  | 'no_family_contact'
  | 'victim_services_only';
/**
 * Whether the receiver may pass the content on.
 */
export type OnwardSharing = 'forbidden' | 'with_permission' | 'allowed_listed_units';
/**
 * Europol evaluation of a source.
 */
export type SourceGrade = 'A' | 'B' | 'C' | 'X';
/**
 * State of the consent; a withdrawn consent never travels in a referral.
 */
export type ConsentStatus = 'not_sought' | 'given' | 'narrowed' | 'override';
/**
 * Scopes of consent, each given separately.
 */
export type ConsentScope =
  | 'identity_verification'
  | 'share_with_services'
  | 'share_with_police'
  | 'share_with_consulate'
  | 'share_with_family'
  | 'family_tracing'
  | 'return_planning'
  | 'health'
  | 'exploitation_details'
  | 'narrative'
  | 'precise_location'
  | 'photo'
  | 'followup'
  | 'statistics';
/**
 * Ground on which the sender may share.
 */
export type LegalBasis = 'consent' | 'vital_interest' | 'legal_obligation' | 'child_best_interests';
/**
 * Calendar date, YYYY-MM-DD.
 */
export type IsoDate = string;
/**
 * Language tag (BCP 47).
 */
export type Language = string;
/**
 * How far the message lets the receiver know who the person is.
 */
export type IdentityMode = 'identified' | 'pseudonymous' | 'anonymous';
/**
 * An uncertain age is treated as child.
 */
export type AgeStatus = 'adult' | 'child' | 'unknown_treated_as_child';
/**
 * Age bands of the Counter-Trafficking Data Collaborative.
 */
export type AgeBand = '0-8' | '9-17' | '18-20' | '21-23' | '24-26' | '27-29' | '30-38' | '39-47' | '48+';
/**
 * Gender as the person states it.
 */
export type Gender = 'female' | 'male' | 'other' | 'unknown';
/**
 * ISO 3166-1 alpha-3; XXA stateless, XXX unknown.
 */
export type Country = string;
/**
 * Kinds of identity document.
 */
export type DocumentType = 'passport' | 'national_id' | 'laissez_passer' | 'birth_certificate' | 'other';
/**
 * What the person needs to be understood.
 */
export type CommunicationNeed = 'sign' | 'literacy' | 'aid' | 'interpreter_female' | 'interpreter_male' | 'none';
/**
 * With whom a child is.
 */
export type Unaccompanied = 'unaccompanied' | 'separated' | 'accompanied' | 'n_a';
/**
 * Who acts for the child.
 */
export type GuardianType = 'la_social_worker' | 'ictg' | 'parent' | 'kin' | 'court_appointed' | 'none';
/**
 * Best-interests assessment (BIA) or determination (BID).
 */
export type BestInterestsStatus = 'none' | 'bia_done' | 'bid_done';
/**
 * What the assessment recommends.
 */
export type BestInterestsOutcome =
  'remain_protected' | 'return_supported' | 'family_reunification' | 'further_assessment' | 'other';
/**
 * Procedure that decides about victim status.
 */
export type IdentificationScheme =
  'uk_nrm' | 'vn_identification' | 'au_stpp' | 'kh_identification' | 'eu_member_state' | 'other';
/**
 * Decision on victim status; a negative one travels only if the person asks.
 */
export type IdentificationDecision =
  | 'possible_victim'
  | 'in_process'
  | 'uk_rg_positive'
  | 'uk_rg_negative'
  | 'uk_cg_positive'
  | 'uk_cg_negative'
  | 'uk_suspended'
  | 'uk_withdrawn'
  | 'uk_disqualified'
  | 'uk_dtn_only'
  | 'vn_confirmed'
  | 'vn_not_confirmed'
  | 'au_in_stpp'
  | 'confirmed_other'
  | 'not_victim'
  | 'unknown';
/**
 * Consular legalisation of a foreign decision.
 */
export type Legalisation = 'not_needed' | 'needed' | 'pending' | 'legalised' | 'unknown';
/**
 * Acts of the Palermo Protocol, article 3 (a).
 */
export type PalermoAct = 'recruitment' | 'transportation' | 'transfer' | 'harbouring' | 'receipt';
/**
 * Means of the Palermo Protocol, article 3 (a); not required for a child.
 */
export type PalermoMeans =
  | 'threat_of_force'
  | 'use_of_force'
  | 'other_coercion'
  | 'abduction'
  | 'fraud'
  | 'deception'
  | 'abuse_of_power'
  | 'abuse_of_vulnerability'
  | 'payments_to_controller';
/**
 * Forms of exploitation.
 */
export type ExploitationType =
  | 'forced_labour'
  | 'domestic_servitude'
  | 'sexual_prostitution'
  | 'sexual_other'
  | 'child_sexual'
  | 'criminal_cannabis'
  | 'criminal_other'
  | 'criminal_scam'
  | 'financial_fraud'
  | 'forced_begging'
  | 'forced_marriage'
  | 'illegal_adoption'
  | 'surrogacy'
  | 'organ_removal'
  | 'forced_military'
  | 'slavery_like'
  | 'child_labour'
  | 'intended_not_yet'
  | 'other'
  | 'unknown';
/**
 * Means of control (HTCDS, CTDC).
 */
export type ControlMethod =
  | 'debt_bondage'
  | 'takes_earnings'
  | 'restricts_financial_access'
  | 'threats'
  | 'psychological_abuse'
  | 'physical_abuse'
  | 'sexual_abuse'
  | 'false_promises'
  | 'psychoactive_substances'
  | 'restricts_movement'
  | 'restricts_medical_care'
  | 'excessive_working_hours'
  | 'uses_children'
  | 'threat_of_law_enforcement'
  | 'withholds_necessities'
  | 'withholds_documents'
  | 'other'
  | 'not_specified';
/**
 * Sections of ISIC.
 */
export type Sector =
  | 'A'
  | 'B'
  | 'C'
  | 'D'
  | 'E'
  | 'F'
  | 'G'
  | 'H'
  | 'I'
  | 'J'
  | 'K'
  | 'L'
  | 'M'
  | 'N'
  | 'O'
  | 'P'
  | 'Q'
  | 'R'
  | 'S'
  | 'T'
  | 'U';
/**
 * How the person was recruited (HTCDS).
 */
export type RecruitmentMethod =
  | 'at_a_place_of_business'
  | 'at_an_educational_institution'
  | 'at_work'
  | 'online_social_network'
  | 'online_advertisement'
  | 'television_advert'
  | 'newspaper_advert'
  | 'family'
  | 'friends'
  | 'other';
/**
 * Relation of the recruiter to the person.
 */
export type RecruiterRelation = 'intimate_partner' | 'friend' | 'family' | 'other' | 'unknown';
/**
 * What happened at a place.
 */
export type PlaceEvent = 'recruitment' | 'transit' | 'exploitation';
/**
 * When the person last had contact with an exploiter.
 */
export type LastContact = 'within_1w' | 'within_1m' | 'within_3m' | 'within_6m' | 'within_12m' | 'over_1y' | 'not_sure';
/**
 * Level of risk.
 */
export type RiskLevel = 'low' | 'medium' | 'high' | 'imminent';
/**
 * Factors that raise the risk.
 */
export type RiskFactor =
  | 'debt_outstanding'
  | 'knows_trafficker'
  | 'trafficker_contact_recent'
  | 'family_complicit'
  | 'no_support_network'
  | 'low_education'
  | 'mental_health'
  | 'minority_group'
  | 'prior_re_trafficking'
  | 'threats_received'
  | 'child'
  | 'disability'
  | 'carer'
  | 'media_exposure'
  | 'testimony_given'
  | 'stigma';
/**
 * Urgent risks.
 */
export type AlertType =
  'imminent_movement' | 'missing' | 'threat_to_life' | 'retaliation' | 're_trafficking' | 'child_at_risk';
/**
 * What the receiver is asked to do first.
 */
export type FirstAction =
  'call_back' | 'locate_and_protect' | 'intercept_movement' | 'welfare_check' | 'warn_partner' | 'other';
/**
 * Text of a few lines; tab and line feed are the only control characters.
 */
export type LongText = string;
/**
 * Why a precise place may travel.
 */
export type LocationBasis = 'vital_interest' | 'consent';
/**
 * How the person can be reached safely.
 */
export type ContactChannel = 'phone' | 'email' | 'post' | 'app' | 'none';
/**
 * What may be done on that channel.
 */
export type ContactPermission = 'speak_to_person_only' | 'text_message' | 'leave_message';
/**
 * Whether the receiver may contact the family.
 */
export type FamilyContact = 'forbidden' | 'only_if_safe' | 'allowed';
/**
 * Whether the receiver may contact the consulate.
 */
export type ConsularContact = 'forbidden' | 'with_consent' | 'allowed';
/**
 * Family relation of a sought person to the person.
 */
export type Relation =
  'mother' | 'father' | 'sibling' | 'spouse' | 'child' | 'grandparent' | 'aunt_uncle' | 'cousin' | 'guardian' | 'other';
/**
 * What the family may be told.
 */
export type Disclosure = 'nothing' | 'alive_and_well' | 'message' | 'contact_request';
/**
 * Services that the person needs.
 */
export type Service =
  | 'safe_accommodation'
  | 'emergency_shelter'
  | 'medical'
  | 'psychosocial'
  | 'legal_advice'
  | 'interpretation'
  | 'financial_essentials'
  | 'education'
  | 'vocational_training'
  | 'employment'
  | 'child_protection'
  | 'family_mediation'
  | 'family_reunification'
  | 'documents'
  | 'travel_costs'
  | 'loan_support'
  | 'health_insurance_year1'
  | 'compensation_claim'
  | 'witness_support'
  | 'escort'
  | 'other';
/**
 * Result of the medical check before travel; no diagnosis.
 */
export type FitToTravel = 'yes' | 'with_escort' | 'no' | 'not_assessed';
/**
 * Health needs that cannot wait; no diagnosis.
 */
export type UrgentHealthNeed =
  | 'emergency_care'
  | 'hospital_follow_up'
  | 'mobility_support'
  | 'psychological_first_aid'
  | 'medical_escort'
  | 'special_diet'
  | 'other';
/**
 * Whether medication must not be interrupted; no substance.
 */
export type MedicationContinuity = 'needed' | 'not_needed' | 'unknown';
/**
 * Whether the person is willing to work with the police; never a condition.
 */
export type Willingness = 'yes' | 'no' | 'undecided';
/**
 * Where the person wishes to live after return.
 */
export type ReturnWish = 'home' | 'facility' | 'other_place';
/**
 * Who travels with the person.
 */
export type Escort = 'none' | 'social_worker' | 'medical' | 'family' | 'officer';
/**
 * State of the travel documents.
 */
export type TravelDocuments = 'held' | 'applied_for' | 'not_applied_for' | 'issued_by_mission';
/**
 * What the sender wants to know.
 */
export type QuestionCode =
  | 'identity_confirm'
  | 'nationality_confirm'
  | 'prior_identification'
  | 'prior_report'
  | 'family_situation'
  | 'service_capacity'
  | 'risk_at_place'
  | 'document_status'
  | 'other';
/**
 * Kinds of attachment.
 */
export type AttachmentType =
  | 'photo'
  | 'identity_document'
  | 'travel_document'
  | 'identification_decision'
  | 'best_interests_report'
  | 'assessment_report'
  | 'other';
/**
 * File formats of attachments.
 */
export type MimeType = 'application/pdf' | 'image/jpeg' | 'image/png';
export type AckHeader = ReplyHeader & {
  messageType?: 'ack';
};
/**
 * Head of a message that answers another one.
 */
export type ReplyHeader = Header & {
  inReplyTo: MessageId;
  purpose: Purpose;
};
export type RfiHeader = ThreadHeader & {
  messageType?: 'rfi';
};
/**
 * Head of a message that continues a referral.
 */
export type ThreadHeader = Header & {
  purpose: Purpose;
};
/**
 * Names a question within its request.
 */
export type QuestionId = string;
/**
 * Fields that a request for information can ask for.
 */
export type FieldPath =
  | 'person.ageStatus'
  | 'person.name'
  | 'person.aliases'
  | 'person.birth'
  | 'person.gender'
  | 'person.citizenship'
  | 'person.birthplace'
  | 'person.documents'
  | 'person.photo'
  | 'person.languages'
  | 'person.communicationNeeds'
  | 'person.dependants'
  | 'person.unaccompanied'
  | 'guardian'
  | 'bestInterests'
  | 'identification'
  | 'exploitation.acts'
  | 'exploitation.means'
  | 'exploitation.types'
  | 'exploitation.control'
  | 'exploitation.sector'
  | 'exploitation.recruitment'
  | 'exploitation.places'
  | 'exploitation.stillInSituation'
  | 'exploitation.lastContact'
  | 'exploitation.narrative'
  | 'risk'
  | 'location.current'
  | 'location.precise'
  | 'safeContact'
  | 'trace'
  | 'needs'
  | 'health'
  | 'police'
  | 'return';
export type RfiResponseHeader = ReplyHeader & {
  messageType?: 'rfi_response';
};
/**
 * Whether a question was answered.
 */
export type AnswerStatus = 'answered' | 'refused' | 'partly';
/**
 * Reasons for not answering a question.
 */
export type RfiRefusal = 'not_held' | 'not_consented' | 'protected' | 'legal_bar' | 'not_relevant';
export type UpdateHeader = ThreadHeader & {
  messageType?: 'update';
};
/**
 * Steps of a case that an update reports.
 */
export type UpdateStatus = 'in_progress' | 'on_hold' | 'resumed';
/**
 * Reasons for putting a case on hold.
 */
export type OnHoldReason = 'recovery_period' | 'court' | 'medical' | 'person_unreachable' | 'safety';
/**
 * State of the arrangements for a journey.
 */
export type Arrangement =
  | 'documents_requested'
  | 'documents_issued'
  | 'scheduled'
  | 'postponed'
  | 'refused_by_person'
  | 'cancelled'
  | 'arrived_not_received'
  | 'completed';
/**
 * Unexpected problems of a hand-over.
 */
export type ProblemCode =
  | 'documents_missing'
  | 'not_on_flight'
  | 'medical_emergency'
  | 'unaccompanied_child'
  | 'family_absent'
  | 'wrong_place'
  | 'media_present'
  | 'person_refuses'
  | 'suspected_trafficker_present';
export type AcceptHeader = ReplyHeader & {
  messageType?: 'accept';
};
/**
 * Neutral reasons for declining.
 */
export type DeclineCode =
  | 'cannot_identify_person'
  | 'insufficient_information'
  | 'not_competent_unit'
  | 'no_capacity'
  | 'purpose_not_permitted'
  | 'consent_missing_or_expired'
  | 'duplicate'
  | 'receiver_policy'
  | 'unsafe_to_proceed'
  | 'person_declines'
  | 'other';
export type DeclineHeader = ReplyHeader & {
  messageType?: 'decline';
};
/**
 * How the person stays safe when a case is declined late.
 */
export type HandBackPlan =
  'return_to_sender_care' | 'keep_until_transfer' | 'transfer_to_other_unit' | 'emergency_services';
export type RedirectHeader = ReplyHeader & {
  messageType?: 'redirect';
};
/**
 * Reasons for naming another unit; a part of the reasons for declining.
 */
export type RedirectCode = 'not_competent_unit' | 'no_capacity' | 'receiver_policy';
export type CancelRequestHeader = ThreadHeader & {
  messageType?: 'cancel_request';
};
/**
 * Reasons for asking to stop.
 */
export type CancelCode =
  'person_declines' | 'circumstances_changed' | 'duplicate' | 'wrong_recipient' | 'safety' | 'other';
export type CancelConfirmHeader = ReplyHeader & {
  messageType?: 'cancel_confirm';
};
/**
 * Answer to the request to stop.
 */
export type CancelResult = 'cancelled' | 'too_late' | 'refused';
export type RiskAssessmentHeader = ThreadHeader & {
  messageType?: 'risk_assessment';
};
/**
 * What lowers a risk.
 */
export type Mitigation =
  | 'safe_reception_place'
  | 'no_family_contact'
  | 'escort'
  | 'discreet_border_passage'
  | 'protection_order'
  | 'accommodation_secured'
  | 'medical_support'
  | 'other';
export type HandoverPlanHeader = ThreadHeader & {
  messageType?: 'handover_plan';
};
/**
 * How the person travels.
 */
export type TravelMode = 'air' | 'land' | 'sea';
/**
 * Flight, train or ship.
 */
export type Flight = string;
/**
 * State of one travel document.
 */
export type DocumentStatus = 'held' | 'applied_for' | 'issued_by_mission' | 'not_needed';
export type HandoverAcceptHeader = ReplyHeader & {
  messageType?: 'handover_accept';
};
export type DepartureNoticeHeader = ThreadHeader & {
  messageType?: 'departure_notice';
};
export type ArrivalConfirmationHeader = ThreadHeader & {
  messageType?: 'arrival_confirmation';
};
/**
 * What the border unit found.
 */
export type ArrivalResult = 'arrived' | 'no_show' | 'diverted';
export type DelegationNoticeHeader = ThreadHeader & {
  messageType?: 'delegation_notice';
};
/**
 * Kind of place where a person is received.
 */
export type PlaceCode = 'border_gate' | 'airport' | 'seaport' | 'reception_centre' | 'mission' | 'other';
export type ReceptionRecordHeader = ThreadHeader & {
  messageType?: 'reception_record';
};
/**
 * How the person is on reception; no diagnosis.
 */
export type ReceptionCondition = 'well' | 'needs_rest' | 'needs_medical_care' | 'needs_urgent_care' | 'distressed';
export type OutcomeHeader = ThreadHeader & {
  messageType?: 'outcome';
};
/**
 * What came of a referral.
 */
export type OutcomeCode =
  | 'nrm_referral_made'
  | 'dtn_made'
  | 'support_started'
  | 'reception_completed'
  | 'reintegrated'
  | 'reunified'
  | 'identity_confirmed'
  | 'identity_not_confirmed'
  | 'nationality_not_confirmed'
  | 'family_traced_contact_wanted'
  | 'family_traced_contact_not_wanted'
  | 'family_not_traced'
  | 'info_provided'
  | 'info_unavailable'
  | 'person_not_located'
  | 'person_located_safe'
  | 'person_left_support'
  | 'deceased'
  | 'no_action_taken';
export type FollowupHeader = ThreadHeader & {
  messageType?: 'followup';
};
/**
 * What a follow-up found.
 */
export type FollowupStatus = 'reached_safe' | 'reached_needs_support' | 'not_reached' | 'declined_contact' | 'moved';
export type AlertHeader = ThreadHeader & {
  messageType?: 'alert';
};
export type ConsentWithdrawalHeader = ThreadHeader & {
  messageType?: 'consent_withdrawal';
};
/**
 * How much of the consent is withdrawn.
 */
export type WithdrawalExtent = 'all' | 'scopes';
export type ErasureConfirmHeader = ReplyHeader & {
  messageType?: 'erasure_confirm';
};
export type CorrectionHeader = ReplyHeader & {
  messageType?: 'correction';
};
/**
 * What a correction does.
 */
export type CorrectionKind = 'entered_in_error' | 'field_corrected';
/**
 * Why a message is corrected.
 */
export type CorrectionCode = 'wrong_person' | 'wrong_recipient' | 'wrong_value' | 'other';
export type ClosureHeader = ThreadHeader & {
  messageType?: 'closure';
};
/**
 * Steps of closing a case.
 */
export type ClosureAction = 'propose' | 'confirm' | 'object';
/**
 * Reasons for closing a case.
 */
export type ClosureCode =
  | 'completed'
  | 'cancelled_by_sender'
  | 'declined'
  | 'consent_withdrawn'
  | 'person_unreachable'
  | 'transferred_to_other_channel'
  | 'error'
  | 'expired';
export type StatsReportHeader = Header & {
  messageType?: 'stats_report';
  inReplyTo?: never;
  purpose?: never;
};
/**
 * Direction of a referral, seen from the node that counts.
 */
export type StatsDirection = 'sent' | 'received';
/**
 * Month, YYYY-MM.
 */
export type Month = string;
/**
 * Adults and children; an uncertain age counts as child.
 */
export type AgeGroup = 'adult' | 'child';
/**
 * Groups of forms of exploitation for statistics.
 */
export type ExploitationGroup = 'labour' | 'sexual' | 'criminal' | 'domestic' | 'organ_removal' | 'other' | 'unknown';
export type PingHeader = Header & {
  messageType?: 'ping';
  inReplyTo?: never;
  purpose?: never;
  approverRole?: never;
};

/**
 * Hands the case of one person from a unit to a unit in another country.
 */
export interface Referral {
  header: ReferralHeader;
  contact?: Contact;
  handling: Handling;
  evaluation?: Evaluation;
  consent?: Consent;
  identityMode: IdentityMode;
  person?: Person;
  guardian?: Guardian;
  bestInterests?: BestInterests;
  /**
   * @minItems 1
   * @maxItems 20
   */
  identification?: Identification[];
  exploitation?: Exploitation;
  risk?: Risk;
  alert?: UrgentRisk;
  location?: Location;
  /**
   * @minItems 1
   * @maxItems 5
   */
  safeContact?: SafeContact[];
  familyContact?: FamilyContact;
  consularContact?: ConsularContact;
  trace?: Trace;
  /**
   * @minItems 1
   * @maxItems 21
   */
  needs?: Need[];
  health?: Health;
  police?: Police;
  return?: ReturnDecision;
  plan?: Plan;
  /**
   * @minItems 1
   * @maxItems 20
   */
  questions?: Question[];
  /**
   * @minItems 1
   * @maxItems 10
   */
  attachments?: Attachment[];
}
/**
 * Head of every message.
 */
export interface Header {
  /**
   * Version of the schema that the sender used: major 1, any minor.
   */
  schemaVersion: string;
  messageId: MessageId;
  messageType: MessageType;
  referralId: Uuid;
  /**
   * Number of the message among those of this sender unit within the referral.
   */
  seq: number;
  prevDigest?: Digest;
  inReplyTo?: MessageId;
  groupRef?: Uuid;
  journeyRef?: Uuid;
  senderUnit: UnitId;
  recipientUnit: UnitId;
  authorRole: Role;
  approverRole?: Role;
  createdAt: Instant;
  purpose?: Purpose;
  priority: Priority;
  /**
   * How many messages of the recipient unit the author had filed within the referral when it wrote this one.
   */
  seen?: number;
}
/**
 * Who answers for the sender unit.
 */
export interface Contact {
  focal: Focal;
}
/**
 * Focal person: work contacts only.
 */
export interface Focal {
  role: Role;
  name: ShortText;
  phone: Phone;
  email: Email;
  /**
   * When the contact can be reached, with the time zone.
   */
  hours?: string;
}
/**
 * What the receiver may do with the content.
 */
export interface Handling {
  code: HandlingCode;
  /**
   * @minItems 1
   * @maxItems 5
   */
  caveats: Caveat[];
  onward: OnwardSharing;
  /**
   * Units to which the content may be passed on.
   *
   * @minItems 1
   * @maxItems 20
   */
  onwardUnits?: UnitId[];
}
/**
 * Grade of third-party information; never of what the person told.
 */
export interface Evaluation {
  source: SourceGrade;
  /**
   * Europol grade of the information: 1 best, 4 worst.
   */
  information: number;
}
/**
 * Consent of the person, or the ground that stands in for it.
 */
export interface Consent {
  status: ConsentStatus;
  /**
   * @minItems 0
   * @maxItems 14
   */
  scopes: ConsentScope[];
  legalBasis: LegalBasis;
  takenAt?: IsoDate;
  language?: Language;
  interpreterUsed?: boolean;
  /**
   * Version of the consent form.
   */
  formVersion?: string;
  formSha256?: Digest;
  takenByUnit?: UnitId;
  expiresAt?: IsoDate;
}
/**
 * The one person whom the referral is about.
 */
export interface Person {
  ageStatus?: AgeStatus;
  name?: PersonName;
  /**
   * @minItems 1
   * @maxItems 10
   */
  aliases?: ShortText[];
  birth?: Birth;
  gender?: Gender;
  /**
   * @minItems 1
   * @maxItems 5
   */
  citizenship?: Country[];
  birthplace?: Place;
  /**
   * @minItems 1
   * @maxItems 10
   */
  documents?: IdentityDocument[];
  photo?: Digest;
  languages?: SpokenLanguages;
  /**
   * @minItems 1
   * @maxItems 6
   */
  communicationNeeds?: CommunicationNeed[];
  dependants?: Dependants;
  unaccompanied?: Unaccompanied;
}
export interface PersonName {
  /**
   * Full name as the person writes it, with diacritics, in NFC.
   */
  full: string;
  /**
   * Name in Latin letters as in a machine-readable travel document.
   */
  latin: string;
  family?: ShortText;
  middle?: ShortText;
  given?: ShortText;
}
/**
 * Exactly one of date, year and age band.
 */
export interface Birth {
  date?: IsoDate;
  year?: number;
  ageBand?: AgeBand;
}
export interface Place {
  country: Country;
  province?: ShortText;
  commune?: ShortText;
  /**
   * Viet Nam has had no districts since July 2025: the old one as free text.
   */
  formerDistrict?: string;
}
export interface IdentityDocument {
  type: DocumentType;
  number?: string;
  issuer?: ShortText;
  expiry?: IsoDate;
}
export interface SpokenLanguages {
  primary: Language;
  /**
   * @maxItems 10
   */
  other?: Language[];
  interpreterNeeded: boolean;
}
/**
 * People who depend on the person; no names.
 */
export interface Dependants {
  count: number;
  accompanying?: number;
  /**
   * @maxItems 30
   */
  ages?: number[];
}
/**
 * Who acts for a child.
 */
export interface Guardian {
  type: GuardianType;
  unit?: UnitId;
  contact?: GuardianContact;
  /**
   * Checked: not suspected of taking part in the exploitation.
   */
  safe?: true;
}
export interface GuardianContact {
  name?: ShortText;
  phone?: Phone;
  email?: Email;
}
/**
 * Best-interests procedure of a child.
 */
export interface BestInterests {
  status: BestInterestsStatus;
  date?: IsoDate;
  authority?: ShortText;
  outcome?: BestInterestsOutcome;
}
/**
 * One decision, or open procedure, on victim status.
 */
export interface Identification {
  scheme: IdentificationScheme;
  decision: IdentificationDecision;
  authority?: ShortText;
  date?: IsoDate;
  legalisation?: Legalisation;
}
export interface Exploitation {
  /**
   * @minItems 1
   * @maxItems 5
   */
  acts?: PalermoAct[];
  /**
   * @minItems 1
   * @maxItems 9
   */
  means?: PalermoMeans[];
  /**
   * @minItems 1
   * @maxItems 20
   */
  types: ExploitationType[];
  /**
   * @minItems 1
   * @maxItems 18
   */
  control?: ControlMethod[];
  /**
   * @minItems 1
   * @maxItems 21
   */
  sector?: Sector[];
  recruitment?: Recruitment;
  /**
   * @minItems 1
   * @maxItems 30
   */
  places?: ExploitationPlace[];
  stillInSituation?: boolean;
  lastContact?: LastContact;
  /**
   * Account in plain words; no names, no telephone numbers. Needs the scope narrative.
   */
  narrative?: string;
}
export interface Recruitment {
  method?: RecruitmentMethod;
  relation?: RecruiterRelation;
}
export interface ExploitationPlace {
  event: PlaceEvent;
  country: Country;
  province?: ShortText;
  /**
   * Month, YYYY-MM: never more precise.
   */
  month?: string;
}
export interface Risk {
  level: RiskLevel;
  /**
   * @maxItems 16
   */
  factors: RiskFactor[];
  reExploitation?: RiskLevel;
}
/**
 * Urgent risk.
 */
export interface UrgentRisk {
  type: AlertType;
  window: TimeWindow;
  province?: ShortText;
  firstAction: FirstAction;
}
export interface TimeWindow {
  from: Instant;
  to: Instant;
}
export interface Location {
  current: CurrentPlace;
  precise?: PrecisePlace;
}
export interface CurrentPlace {
  country: Country;
  province?: ShortText;
}
export interface PrecisePlace {
  address: LongText;
  basis: LocationBasis;
  expiresAt: Instant;
}
/**
 * A way to reach the person that was checked.
 */
export interface SafeContact {
  channel: ContactChannel;
  value?: ShortText;
  safe: true;
  verifiedNotExploiter: true;
  times?: ShortText;
  codePhrase?: ShortText;
  permission?: ContactPermission;
}
export interface Trace {
  /**
   * @minItems 1
   * @maxItems 20
   */
  persons: SoughtPerson[];
  discloseToFamily: Disclosure;
}
export interface SoughtPerson {
  name: PersonName;
  relation: Relation;
  birthYear?: number;
  lastKnownPlace?: Place;
}
export interface Need {
  service: Service;
  urgency: Priority;
}
/**
 * Codes only, never a diagnosis.
 */
export interface Health {
  fitToTravel?: FitToTravel;
  /**
   * @maxItems 7
   */
  urgentNeeds?: UrgentHealthNeed[];
  medicationContinuity?: MedicationContinuity;
}
export interface Police {
  reported: boolean;
  reference?: string;
  willing?: Willingness;
}
export interface ReturnDecision {
  voluntary: true;
  voluntaryConfirmedAt: IsoDate;
  wish: ReturnWish;
}
/**
 * Plan of the journey: windows, no flight numbers.
 */
export interface Plan {
  departureWindow: DateWindow;
  departureCountry: Country;
  arrivalProvince?: ShortText;
  /**
   * @minItems 1
   * @maxItems 10
   */
  receivingUnits?: UnitId[];
  escort?: Escort;
  travelDocuments?: TravelDocuments;
}
export interface DateWindow {
  from: IsoDate;
  to: IsoDate;
}
export interface Question {
  code: QuestionCode;
  text?: LongText;
}
/**
 * File that travels beside the message.
 */
export interface Attachment {
  type: AttachmentType;
  sha256: Digest;
  mime: MimeType;
  language?: Language;
  pages?: number;
  transfer?: Transfer;
}
/**
 * Where the file is and what opens it; set by the node that sends. Without it the file does not travel.
 */
export interface Transfer {
  fileId: MessageId;
  /**
   * AES-256 key of the file: 32 bytes in base64url without padding.
   */
  key: string;
  /**
   * Length of the file.
   */
  bytes: number;
  /**
   * Length of what is in each encrypted chunk; the last one may hold less.
   */
  chunkBytes: number;
}
/**
 * The receiving desk has opened the referral and named a date.
 */
export interface Ack {
  header: AckHeader;
  ack: Acknowledgement;
  contact: Contact;
}
export interface Acknowledgement {
  /**
   * Reference of the case at the receiver.
   */
  localReference: string;
  dueDate: IsoDate;
  handledByRole?: Role;
}
/**
 * Asks the other side for information, by code and field.
 */
export interface Rfi {
  header: RfiHeader;
  rfi: RfiBody;
  contact?: Contact;
}
export interface RfiBody {
  /**
   * @minItems 1
   * @maxItems 20
   */
  questions: RfiQuestion[];
  dueDate?: IsoDate;
}
/**
 * One question; its id is unique within the message.
 */
export interface RfiQuestion {
  id: QuestionId;
  code: QuestionCode;
  field?: FieldPath;
  text?: LongText;
}
/**
 * Answers a request for information, question by question.
 */
export interface RfiResponse {
  header: RfiResponseHeader;
  rfiResponse: RfiResponseBody;
  contact?: Contact;
}
export interface RfiResponseBody {
  /**
   * @minItems 1
   * @maxItems 20
   */
  answers: RfiAnswer[];
  disclosed?: Disclosed;
}
export interface RfiAnswer {
  question: QuestionId;
  status: AnswerStatus;
  code?: RfiRefusal;
  text?: LongText;
}
/**
 * Sections of a referral that are sent later; the rules of its purpose hold here too.
 */
export interface Disclosed {
  person?: Person;
  guardian?: Guardian;
  bestInterests?: BestInterests;
  /**
   * @minItems 1
   * @maxItems 20
   */
  identification?: Identification[];
  exploitation?: Exploitation;
  risk?: Risk;
  location?: Location;
  /**
   * @minItems 1
   * @maxItems 5
   */
  safeContact?: SafeContact[];
  trace?: Trace;
  /**
   * @minItems 1
   * @maxItems 21
   */
  needs?: Need[];
  health?: Health;
  police?: Police;
  return?: ReturnDecision;
}
/**
 * Tells what has changed in the case.
 */
export interface Update {
  header: UpdateHeader;
  update: UpdateBody;
  contact?: Contact;
}
export interface UpdateBody {
  status?: UpdateStatus;
  reason?: OnHoldReason;
  reviewBy?: IsoDate;
  arrangement?: Arrangement;
  travelWindow?: PlanWindow;
  onwardPermission?: OnwardPermission;
  /**
   * @minItems 1
   * @maxItems 9
   */
  problems?: ProblemCode[];
  note?: LongText;
  disclosed?: Disclosed;
}
/**
 * Time window of a journey.
 */
export interface PlanWindow {
  earliest: Instant;
  latest: Instant;
}
/**
 * Whether the receiver may pass the content on to these units.
 */
export interface OnwardPermission {
  /**
   * @minItems 1
   * @maxItems 20
   */
  units: UnitId[];
  until?: IsoDate;
  granted: boolean;
}
/**
 * The receiver takes the case, whole or in part.
 */
export interface Accept {
  header: AcceptHeader;
  accept: Acceptance;
  contact: Contact;
}
export interface Acceptance {
  /**
   * Services that the receiver will give.
   *
   * @maxItems 21
   */
  services: Service[];
  /**
   * @minItems 1
   * @maxItems 20
   */
  conditions?: LongText[];
  /**
   * Acceptance in part: each part of the request, accepted or declined.
   *
   * @minItems 1
   * @maxItems 40
   */
  scope?: ScopeItem[];
}
/**
 * One part of the request: a service or a question.
 */
export interface ScopeItem {
  service?: Service;
  question?: QuestionCode;
  accepted: boolean;
  code?: DeclineCode;
}
/**
 * The receiver does not take the case, with a neutral code.
 */
export interface Decline {
  header: DeclineHeader;
  decline: DeclineReason;
  contact?: Contact;
}
export interface DeclineReason {
  code: DeclineCode;
  redirectHint?: UnitId;
  handBack?: HandBack;
}
/**
 * How the person stays safe when the case is declined after it was accepted.
 */
export interface HandBack {
  plan: HandBackPlan;
  until?: IsoDate;
  contact?: Focal;
}
/**
 * The receiver names another unit; the sender decides and sends anew.
 */
export interface Redirect {
  header: RedirectHeader;
  redirect: RedirectBody;
  contact?: Contact;
}
export interface RedirectBody {
  code: RedirectCode;
  unit: UnitId;
  note?: ShortText;
}
/**
 * The sender asks to stop: a request, not a command.
 */
export interface CancelRequest {
  header: CancelRequestHeader;
  cancelRequest: CancelRequestBody;
  contact?: Contact;
}
export interface CancelRequestBody {
  code: CancelCode;
}
/**
 * The receiver answers the request to stop.
 */
export interface CancelConfirm {
  header: CancelConfirmHeader;
  cancelConfirm: CancelConfirmBody;
  contact?: Contact;
}
export interface CancelConfirmBody {
  result: CancelResult;
  code?: DeclineCode;
}
/**
 * The risk on one side of a hand-over, in codes and without narrative.
 */
export interface RiskAssessment {
  header: RiskAssessmentHeader;
  riskAssessment: RiskAssessmentBody;
  contact?: Contact;
}
export interface RiskAssessmentBody {
  level: RiskLevel;
  /**
   * @maxItems 16
   */
  factors: RiskFactor[];
  /**
   * @minItems 1
   * @maxItems 8
   */
  mitigations?: Mitigation[];
  assessedOn: IsoDate;
  validUntil: IsoDate;
}
/**
 * One version of the plan of a journey, proposed to the other side.
 */
export interface HandoverPlan {
  header: HandoverPlanHeader;
  handoverPlan: HandoverPlanBody;
  contact?: Contact;
}
export interface HandoverPlanBody {
  /**
   * Counts the versions of both sides.
   */
  version: number;
  replaces?: Digest;
  from: ProvincePlace;
  to: Destination;
  window: PlanWindow;
  mode: TravelMode;
  /**
   * Border gate, airport or port.
   */
  crossingPoint?: string;
  flight?: Flight;
  escort: Escort;
  /**
   * Units that receive the person together.
   *
   * @minItems 1
   * @maxItems 10
   */
  delegation?: UnitId[];
  receivingUnit: UnitId;
  /**
   * @maxItems 10
   */
  documents: PlannedDocument[];
  /**
   * @maxItems 21
   */
  services: Need[];
  fitToTravel?: FitToTravel;
  /**
   * No uniforms, no press, no names called out.
   */
  discreet: true;
  personConfirmedAt: IsoDate;
}
/**
 * Place, never more precise than a province.
 */
export interface ProvincePlace {
  country: Country;
  province: ShortText;
}
/**
 * Where the journey ends, never as an address.
 */
export interface Destination {
  country: Country;
  province: ShortText;
  place: ReturnWish;
}
export interface PlannedDocument {
  type: DocumentType;
  status: DocumentStatus;
}
/**
 * Agrees to one version of the plan, named by its digest.
 */
export interface HandoverAccept {
  header: HandoverAcceptHeader;
  handoverAccept: HandoverAcceptBody;
  contact?: Contact;
}
export interface HandoverAcceptBody {
  planDigest: Digest;
  version: number;
  personReconfirmedAt: IsoDate;
}
/**
 * The person has left, as agreed.
 */
export interface DepartureNotice {
  header: DepartureNoticeHeader;
  departureNotice: DepartureNoticeBody;
  contact?: Contact;
}
export interface DepartureNoticeBody {
  planDigest: Digest;
  departedAt: Instant;
  escort: Escort;
  /**
   * @maxItems 20
   */
  documentsCarried: CarriedDocument[];
  expectedArrival: PlanWindow;
  flight?: Flight;
  consentCheckedAt: Instant;
  /**
   * @minItems 1
   * @maxItems 9
   */
  problems?: ProblemCode[];
}
export interface CarriedDocument {
  type: DocumentType;
  sha256?: Digest;
}
/**
 * What the receiving border unit found.
 */
export interface ArrivalConfirmation {
  header: ArrivalConfirmationHeader;
  arrivalConfirmation: ArrivalConfirmationBody;
  contact?: Contact;
}
export interface ArrivalConfirmationBody {
  result: ArrivalResult;
  at: Instant;
  place?: ProvincePlace;
  /**
   * @minItems 1
   * @maxItems 9
   */
  problems?: ProblemCode[];
}
/**
 * Which units receive the person together, and which one has the chair.
 */
export interface DelegationNotice {
  header: DelegationNoticeHeader;
  delegationNotice: DelegationNoticeBody;
  contact?: Contact;
}
export interface DelegationNoticeBody {
  /**
   * @minItems 1
   * @maxItems 10
   */
  units: DelegationUnit[];
  chair: UnitId;
  meetAt: Instant;
  placeCode: PlaceCode;
}
export interface DelegationUnit {
  unit: UnitId;
  /**
   * This unit leads the delegation.
   */
  head: boolean;
  /**
   * Number of people.
   */
  members: number;
}
/**
 * Record of the reception, made by the chair of the delegation.
 */
export interface ReceptionRecord {
  header: ReceptionRecordHeader;
  receptionRecord: ReceptionRecordBody;
  contact?: Contact;
}
export interface ReceptionRecordBody {
  at: Instant;
  placeCode: PlaceCode;
  chair: UnitId;
  /**
   * @minItems 1
   * @maxItems 10
   */
  delegation: AttendingUnit[];
  /**
   * Documents that were handed over.
   *
   * @maxItems 20
   */
  documents: ReceivedDocument[];
  condition: ReceptionCondition;
  wish: ReturnWish;
  /**
   * @maxItems 9
   */
  problems: ProblemCode[];
  personToldOfRights: boolean;
  nextUnit?: UnitId;
}
export interface AttendingUnit {
  unit: UnitId;
  /**
   * Number of people.
   */
  members: number;
}
export interface ReceivedDocument {
  type: DocumentType;
  sha256: Digest;
}
/**
 * What came of the referral.
 */
export interface Outcome {
  header: OutcomeHeader;
  outcome: OutcomeBody;
  contact?: Contact;
}
export interface OutcomeBody {
  code: OutcomeCode;
  date: IsoDate;
  /**
   * Further outcomes.
   *
   * @minItems 1
   * @maxItems 18
   */
  also?: OutcomeCode[];
  note?: ShortText;
}
/**
 * How the person fares, some months later.
 */
export interface Followup {
  header: FollowupHeader;
  followup: FollowupBody;
  contact?: Contact;
}
export interface FollowupBody {
  /**
   * Months since the reception or the decision.
   */
  month: 1 | 3 | 6 | 12;
  status: FollowupStatus;
  /**
   * @maxItems 21
   */
  services: Need[];
  at: IsoDate;
}
/**
 * Urgent risk in an open case; a person answers for it within the hour.
 */
export interface Alert {
  header: AlertHeader;
  alert: UrgentRisk;
  risk?: Risk;
  ackBy?: Instant;
  contact?: Contact;
}
/**
 * The person has withdrawn consent: both sides stop at once.
 */
export interface ConsentWithdrawal {
  header: ConsentWithdrawalHeader;
  consentWithdrawal: ConsentWithdrawalBody;
  contact?: Contact;
}
export interface ConsentWithdrawalBody {
  extent: WithdrawalExtent;
  /**
   * @minItems 1
   * @maxItems 14
   */
  scopes?: ConsentScope[];
  withdrawnAt: IsoDate;
  receivedByUnit: UnitId;
}
/**
 * The content was erased here; digests and dates stay.
 */
export interface ErasureConfirm {
  header: ErasureConfirmHeader;
  erasureConfirm: ErasureConfirmBody;
  contact?: Contact;
}
export interface ErasureConfirmBody {
  erasedAt: Instant;
  /**
   * Copies outside the node that were destroyed.
   */
  copies: number;
  /**
   * Digests of the messages that were erased.
   *
   * @minItems 1
   * @maxItems 2000
   */
  digests: Digest[];
}
/**
 * Takes a message back, or puts fields of it right.
 */
export interface Correction {
  header: CorrectionHeader;
  correction: CorrectionBody;
  contact?: Contact;
}
export interface CorrectionBody {
  kind: CorrectionKind;
  code: CorrectionCode;
  disclosed?: Disclosed;
}
/**
 * One side proposes to close the case, the other confirms or objects.
 */
export interface Closure {
  header: ClosureHeader;
  closure: ClosureBody;
  contact?: Contact;
}
export interface ClosureBody {
  action: ClosureAction;
  code?: ClosureCode;
  retentionUntil?: IsoDate;
}
/**
 * Rounded counts without people; belongs to no referral.
 */
export interface StatsReport {
  header: StatsReportHeader;
  statsReport: StatsReportBody;
  contact?: Contact;
}
export interface StatsReportBody {
  period: StatsPeriod;
  /**
   * @maxItems 500
   */
  table: StatsRow[];
}
export interface StatsPeriod {
  from: IsoDate;
  to: IsoDate;
}
export interface StatsRow {
  dimensions: StatsDimensions;
  /**
   * Rounded to 5.
   */
  count?: number;
  /**
   * The count is too small to leave the node.
   */
  suppressed?: true;
}
/**
 * What the counted referrals have in common; none for the total.
 */
export interface StatsDimensions {
  direction?: StatsDirection;
  purpose?: Purpose;
  month?: Month;
  outcome?: OutcomeCode;
  declineCode?: DeclineCode;
  ageGroup?: AgeGroup;
  gender?: Gender;
  ageBand?: AgeBand;
  exploitationGroup?: ExploitationGroup;
  priority?: Priority;
}
/**
 * Connection test: travels the whole path, never reaches an officer.
 */
export interface Ping {
  header: PingHeader;
  ping: Probe;
}
export interface Probe {
  nonce: string;
}
