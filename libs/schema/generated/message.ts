/* Generated from schemas/ by schemas/generate-types.ts: do not edit. */

export type Message = Referral | Ack | Accept | Decline | Ping;
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
export type MessageType = 'referral' | 'ack' | 'accept' | 'decline' | 'ping';
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
  alert?: Alert;
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
export interface Alert {
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
