/* Generated from schemas/ by schemas/generate-types.ts: do not edit. */

export type LocalRecord = ConsentRecord | OverrideRecord;
/**
 * State of the local record of consent.
 */
export type ConsentRecordStatus = 'given' | 'narrowed' | 'withdrawn';
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
 * ISO 3166-1 alpha-3; XXA stateless, XXX unknown.
 */
export type Country = string;
/**
 * Classes of units, as in the partner directory.
 */
export type UnitClass =
  'police' | 'border' | 'consular' | 'social' | 'child_protection' | 'hotline' | 'competent_authority';
/**
 * What the sender asks for.
 */
export type Purpose = 'VERIFY' | 'PROTECT' | 'TRACE' | 'RETURN' | 'IDINFO' | 'ALERT' | 'FOLLOW';
/**
 * Calendar date, YYYY-MM-DD.
 */
export type IsoDate = string;
/**
 * Language tag (BCP 47).
 */
export type Language = string;
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
 * Unit: node id, dot, name in kebab case, such as vn.mps-criminal.
 */
export type UnitId = string;
/**
 * SHA-256 digest in base64url without padding.
 */
export type Digest = string;
/**
 * How the person can withdraw consent.
 */
export type WayToWithdraw = 'any_unit' | 'hotline' | 'written' | 'in_person';
/**
 * Who acts for the child.
 */
export type GuardianType = 'la_social_worker' | 'ictg' | 'parent' | 'kin' | 'court_appointed' | 'none';
/**
 * Grounds that can stand in for consent.
 */
export type OverrideBasis = 'vital_interest' | 'legal_obligation' | 'child_best_interests';
/**
 * Reasons for sharing without consent.
 */
export type OverrideReason = 'threat_to_life' | 'imminent_movement' | 'child_at_risk' | 'court_order';
/**
 * Point in time in UTC, seconds or milliseconds (RFC 3339).
 */
export type Instant = string;

/**
 * What a person has consented to. A local record: it never travels.
 */
export interface ConsentRecord {
  status: ConsentRecordStatus;
  /**
   * @maxItems 200
   */
  grants: ConsentGrant[];
  takenAt: IsoDate;
  expiresAt: IsoDate;
  language: Language;
  interpreterUsed: boolean;
  explainedBy: ConsentExplainer;
  takenByUnit: UnitId;
  /**
   * Version of the consent form.
   */
  formVersion: string;
  formSha256: Digest;
  questions: ConsentQuestions;
  wayToWithdraw: WayToWithdraw;
  assent?: Assent;
  guardianConsent?: GuardianConsent;
}
/**
 * One yes: for a scope, to a class of units of a country, for a purpose.
 */
export interface ConsentGrant {
  scope: ConsentScope;
  country: Country;
  unitClass: UnitClass;
  purpose: Purpose;
}
/**
 * Who explained the consent to the person.
 */
export interface ConsentExplainer {
  role: Role;
  unit: UnitId;
}
/**
 * What was explained: seven points after the consent guidance of HTCDS v2.0, in our reading; to be confirmed with officers.
 */
export interface ConsentQuestions {
  who: true;
  what: true;
  why: true;
  how_long: true;
  right_to_refuse: true;
  right_to_withdraw: true;
  consequences: true;
}
/**
 * What the child itself says.
 */
export interface Assent {
  given: boolean;
  at: IsoDate;
}
export interface GuardianConsent {
  type: GuardianType;
  at: IsoDate;
  /**
   * Checked: not suspected of taking part in the exploitation.
   */
  notSuspected: true;
}
/**
 * Why something is shared without consent, and until when. A local record: it never travels.
 */
export interface OverrideRecord {
  basis: OverrideBasis;
  reason: OverrideReason;
  decidedAt: Instant;
  expiresAt: Instant;
  personToldWhen?: IsoDate;
}
