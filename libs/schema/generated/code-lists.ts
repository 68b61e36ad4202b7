/* Generated from schemas/codes/v1 by schemas/generate-code-lists.ts: do not edit. */
import fields from '../../../schemas/codes/v1/fields.json';
import ageBand from '../../../schemas/codes/v1/age-band.json';
import ageGroup from '../../../schemas/codes/v1/age-group.json';
import ageStatus from '../../../schemas/codes/v1/age-status.json';
import alertType from '../../../schemas/codes/v1/alert-type.json';
import answerStatus from '../../../schemas/codes/v1/answer-status.json';
import arrangement from '../../../schemas/codes/v1/arrangement.json';
import arrivalResult from '../../../schemas/codes/v1/arrival-result.json';
import attachmentType from '../../../schemas/codes/v1/attachment-type.json';
import bestInterestsOutcome from '../../../schemas/codes/v1/best-interests-outcome.json';
import bestInterestsStatus from '../../../schemas/codes/v1/best-interests-status.json';
import cancelCode from '../../../schemas/codes/v1/cancel-code.json';
import cancelResult from '../../../schemas/codes/v1/cancel-result.json';
import caveat from '../../../schemas/codes/v1/caveat.json';
import closureAction from '../../../schemas/codes/v1/closure-action.json';
import closureCode from '../../../schemas/codes/v1/closure-code.json';
import communicationNeed from '../../../schemas/codes/v1/communication-need.json';
import consentRecordStatus from '../../../schemas/codes/v1/consent-record-status.json';
import consentScope from '../../../schemas/codes/v1/consent-scope.json';
import consentStatus from '../../../schemas/codes/v1/consent-status.json';
import consularContact from '../../../schemas/codes/v1/consular-contact.json';
import contactChannel from '../../../schemas/codes/v1/contact-channel.json';
import contactPermission from '../../../schemas/codes/v1/contact-permission.json';
import controlMethod from '../../../schemas/codes/v1/control-method.json';
import correctionCode from '../../../schemas/codes/v1/correction-code.json';
import correctionKind from '../../../schemas/codes/v1/correction-kind.json';
import declineCode from '../../../schemas/codes/v1/decline-code.json';
import disclosure from '../../../schemas/codes/v1/disclosure.json';
import documentStatus from '../../../schemas/codes/v1/document-status.json';
import documentType from '../../../schemas/codes/v1/document-type.json';
import escort from '../../../schemas/codes/v1/escort.json';
import exploitationGroup from '../../../schemas/codes/v1/exploitation-group.json';
import exploitationType from '../../../schemas/codes/v1/exploitation-type.json';
import familyContact from '../../../schemas/codes/v1/family-contact.json';
import firstAction from '../../../schemas/codes/v1/first-action.json';
import fitToTravel from '../../../schemas/codes/v1/fit-to-travel.json';
import followupStatus from '../../../schemas/codes/v1/followup-status.json';
import gender from '../../../schemas/codes/v1/gender.json';
import guardianType from '../../../schemas/codes/v1/guardian-type.json';
import handBackPlan from '../../../schemas/codes/v1/hand-back-plan.json';
import handlingCode from '../../../schemas/codes/v1/handling-code.json';
import identificationDecision from '../../../schemas/codes/v1/identification-decision.json';
import identificationScheme from '../../../schemas/codes/v1/identification-scheme.json';
import identityMode from '../../../schemas/codes/v1/identity-mode.json';
import informationGrade from '../../../schemas/codes/v1/information-grade.json';
import lastContact from '../../../schemas/codes/v1/last-contact.json';
import legalBasis from '../../../schemas/codes/v1/legal-basis.json';
import legalisation from '../../../schemas/codes/v1/legalisation.json';
import locationBasis from '../../../schemas/codes/v1/location-basis.json';
import medicationContinuity from '../../../schemas/codes/v1/medication-continuity.json';
import messageType from '../../../schemas/codes/v1/message-type.json';
import mimeType from '../../../schemas/codes/v1/mime-type.json';
import mitigation from '../../../schemas/codes/v1/mitigation.json';
import onHoldReason from '../../../schemas/codes/v1/on-hold-reason.json';
import onwardSharing from '../../../schemas/codes/v1/onward-sharing.json';
import outcomeCode from '../../../schemas/codes/v1/outcome-code.json';
import overrideBasis from '../../../schemas/codes/v1/override-basis.json';
import overrideReason from '../../../schemas/codes/v1/override-reason.json';
import palermoAct from '../../../schemas/codes/v1/palermo-act.json';
import palermoMeans from '../../../schemas/codes/v1/palermo-means.json';
import placeCode from '../../../schemas/codes/v1/place-code.json';
import placeEvent from '../../../schemas/codes/v1/place-event.json';
import priority from '../../../schemas/codes/v1/priority.json';
import problemCode from '../../../schemas/codes/v1/problem-code.json';
import purpose from '../../../schemas/codes/v1/purpose.json';
import questionCode from '../../../schemas/codes/v1/question-code.json';
import receptionCondition from '../../../schemas/codes/v1/reception-condition.json';
import recruiterRelation from '../../../schemas/codes/v1/recruiter-relation.json';
import recruitmentMethod from '../../../schemas/codes/v1/recruitment-method.json';
import redirectCode from '../../../schemas/codes/v1/redirect-code.json';
import relation from '../../../schemas/codes/v1/relation.json';
import returnWish from '../../../schemas/codes/v1/return-wish.json';
import rfiRefusal from '../../../schemas/codes/v1/rfi-refusal.json';
import riskFactor from '../../../schemas/codes/v1/risk-factor.json';
import riskLevel from '../../../schemas/codes/v1/risk-level.json';
import role from '../../../schemas/codes/v1/role.json';
import sector from '../../../schemas/codes/v1/sector.json';
import service from '../../../schemas/codes/v1/service.json';
import sourceGrade from '../../../schemas/codes/v1/source-grade.json';
import statsDimension from '../../../schemas/codes/v1/stats-dimension.json';
import statsDirection from '../../../schemas/codes/v1/stats-direction.json';
import travelDocuments from '../../../schemas/codes/v1/travel-documents.json';
import travelMode from '../../../schemas/codes/v1/travel-mode.json';
import unaccompanied from '../../../schemas/codes/v1/unaccompanied.json';
import unitClass from '../../../schemas/codes/v1/unit-class.json';
import updateStatus from '../../../schemas/codes/v1/update-status.json';
import urgentHealthNeed from '../../../schemas/codes/v1/urgent-health-need.json';
import wayToWithdraw from '../../../schemas/codes/v1/way-to-withdraw.json';
import willingness from '../../../schemas/codes/v1/willingness.json';
import withdrawalExtent from '../../../schemas/codes/v1/withdrawal-extent.json';

/** Contents of the files; schemas/codes.spec.ts holds them against the types of libs/schema/codes.ts. */
export const FIELDS: unknown = fields;
export const LISTS: readonly unknown[] = [
  ageBand,
  ageGroup,
  ageStatus,
  alertType,
  answerStatus,
  arrangement,
  arrivalResult,
  attachmentType,
  bestInterestsOutcome,
  bestInterestsStatus,
  cancelCode,
  cancelResult,
  caveat,
  closureAction,
  closureCode,
  communicationNeed,
  consentRecordStatus,
  consentScope,
  consentStatus,
  consularContact,
  contactChannel,
  contactPermission,
  controlMethod,
  correctionCode,
  correctionKind,
  declineCode,
  disclosure,
  documentStatus,
  documentType,
  escort,
  exploitationGroup,
  exploitationType,
  familyContact,
  firstAction,
  fitToTravel,
  followupStatus,
  gender,
  guardianType,
  handBackPlan,
  handlingCode,
  identificationDecision,
  identificationScheme,
  identityMode,
  informationGrade,
  lastContact,
  legalBasis,
  legalisation,
  locationBasis,
  medicationContinuity,
  messageType,
  mimeType,
  mitigation,
  onHoldReason,
  onwardSharing,
  outcomeCode,
  overrideBasis,
  overrideReason,
  palermoAct,
  palermoMeans,
  placeCode,
  placeEvent,
  priority,
  problemCode,
  purpose,
  questionCode,
  receptionCondition,
  recruiterRelation,
  recruitmentMethod,
  redirectCode,
  relation,
  returnWish,
  rfiRefusal,
  riskFactor,
  riskLevel,
  role,
  sector,
  service,
  sourceGrade,
  statsDimension,
  statsDirection,
  travelDocuments,
  travelMode,
  unaccompanied,
  unitClass,
  updateStatus,
  urgentHealthNeed,
  wayToWithdraw,
  willingness,
  withdrawalExtent,
];
