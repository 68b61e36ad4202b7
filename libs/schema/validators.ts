import type { Ajv2020, AnySchemaObject, ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import consentRecord from '../../schemas/consent/v1/consent.schema.json';
import overrideRecord from '../../schemas/consent/v1/override.schema.json';
import directory from '../../schemas/directory/v1/directory.schema.json';
import manifest from '../../schemas/manifest/v1/manifest.schema.json';
import receipt from '../../schemas/receipt/v1/receipt.schema.json';
import accept from '../../schemas/referral/v1/accept.schema.json';
import ack from '../../schemas/referral/v1/ack.schema.json';
import alert from '../../schemas/referral/v1/alert.schema.json';
import arrivalConfirmation from '../../schemas/referral/v1/arrival-confirmation.schema.json';
import cancelConfirm from '../../schemas/referral/v1/cancel-confirm.schema.json';
import cancelRequest from '../../schemas/referral/v1/cancel-request.schema.json';
import closure from '../../schemas/referral/v1/closure.schema.json';
import codes from '../../schemas/referral/v1/codes.schema.json';
import common from '../../schemas/referral/v1/common.schema.json';
import consentWithdrawal from '../../schemas/referral/v1/consent-withdrawal.schema.json';
import correction from '../../schemas/referral/v1/correction.schema.json';
import decline from '../../schemas/referral/v1/decline.schema.json';
import delegationNotice from '../../schemas/referral/v1/delegation-notice.schema.json';
import departureNotice from '../../schemas/referral/v1/departure-notice.schema.json';
import erasureConfirm from '../../schemas/referral/v1/erasure-confirm.schema.json';
import followup from '../../schemas/referral/v1/followup.schema.json';
import forbidden from '../../schemas/referral/v1/forbidden.schema.json';
import handoverAccept from '../../schemas/referral/v1/handover-accept.schema.json';
import handoverPlan from '../../schemas/referral/v1/handover-plan.schema.json';
import outcome from '../../schemas/referral/v1/outcome.schema.json';
import parts from '../../schemas/referral/v1/parts.schema.json';
import ping from '../../schemas/referral/v1/ping.schema.json';
import receptionRecord from '../../schemas/referral/v1/reception-record.schema.json';
import redirect from '../../schemas/referral/v1/redirect.schema.json';
import referral from '../../schemas/referral/v1/referral.schema.json';
import rfiResponse from '../../schemas/referral/v1/rfi-response.schema.json';
import rfi from '../../schemas/referral/v1/rfi.schema.json';
import riskAssessment from '../../schemas/referral/v1/risk-assessment.schema.json';
import rules from '../../schemas/referral/v1/rules.schema.json';
import statsReport from '../../schemas/referral/v1/stats-report.schema.json';
import update from '../../schemas/referral/v1/update.schema.json';
import type { MessageType } from './generated/message';
import { vocabularyOf, type Vocabulary } from './keywords';
import { newRegistry } from './registry';

/** The schema of every type of message. */
const MESSAGES = {
  referral,
  ack,
  rfi,
  rfi_response: rfiResponse,
  update,
  accept,
  decline,
  redirect,
  cancel_request: cancelRequest,
  cancel_confirm: cancelConfirm,
  risk_assessment: riskAssessment,
  handover_plan: handoverPlan,
  handover_accept: handoverAccept,
  departure_notice: departureNotice,
  arrival_confirmation: arrivalConfirmation,
  delegation_notice: delegationNotice,
  reception_record: receptionRecord,
  outcome,
  followup,
  alert,
  consent_withdrawal: consentWithdrawal,
  erasure_confirm: erasureConfirm,
  correction,
  closure,
  stats_report: statsReport,
  ping,
} as const satisfies { readonly [type in MessageType]: AnySchemaObject };

/** Documents that can be validated, each with its schema. */
const DOCUMENTS = { ...MESSAGES, receipt, manifest, directory, consentRecord, overrideRecord } as const;
export type DocumentName = keyof typeof DOCUMENTS;

const PARTS: readonly AnySchemaObject[] = [common, codes, parts, rules, forbidden];

let registry: Ajv2020 | undefined;

/**
 * The validator of a kind of document. It is compiled on first use: the referral schema takes some ten milliseconds and
 * most processes need only a few of the schemas.
 */
export function validatorOf(name: DocumentName): ValidateFunction {
  registry ??= registryOfOurs();
  return registry.getSchema(DOCUMENTS[name].$id) as ValidateFunction;
}

let raw: ReadonlyMap<string, AnySchemaObject> | undefined;

/** All schemas of the contract as they are written, by `$id`. */
export function rawSchemas(): ReadonlyMap<string, AnySchemaObject> {
  raw ??= new Map([...PARTS, ...Object.values(DOCUMENTS)].map((schema) => [schema.$id as string, schema]));
  return raw;
}

/** `$id` of the schema of a kind of document. */
export function schemaIdOf(name: DocumentName): string {
  return DOCUMENTS[name].$id;
}

/** What is wrong with `value` as a document of kind `name`; nothing, when it is valid. */
export function errorsOf(name: DocumentName, value: unknown): readonly ErrorObject[] {
  const validate = validatorOf(name);
  return validate(value) ? [] : (validate.errors as ErrorObject[]);
}

/** Compiles all validators (some tenths of a second), so that the first message does not wait for it. */
export function prepareValidators(): void {
  for (const name of Object.keys(DOCUMENTS)) validatorOf(name as DocumentName);
}

function registryOfOurs(): Ajv2020 {
  const ajv = newRegistry({
    strict: true,
    // Rules require fields that another part of the schema defines.
    strictRequired: false,
    strictTypes: true,
    // schemas/schemas.spec.ts does it once for all; here it would cost every process a tenth of a second.
    validateSchema: false,
  });
  for (const schema of [...PARTS, ...Object.values(DOCUMENTS)]) ajv.addSchema(schema);
  return ajv;
}

/** The keywords and formats of all schemas of the contract: the subset that must work. */
export function vocabularyOfOurs(): Vocabulary {
  return vocabularyOf([...PARTS, ...Object.values(DOCUMENTS)]);
}

/**
 * A validator for any other schema that validates as ours do; how it is written is not looked at. For test suites of the standard:
 * documents of the contract have `validatorOf`.
 * @param others schemas that it may refer to, by their address; nothing is ever fetched
 * @throws Error when the schema cannot be compiled
 */
export function validatorOfForeign(
  schema: AnySchemaObject | boolean,
  others: ReadonlyMap<string, AnySchemaObject | boolean>,
): (value: unknown) => boolean {
  const ajv = newRegistry({ strict: false, validateSchema: false, logger: false });
  for (const [address, other] of others) ajv.addSchema(other, address);
  const validate = ajv.compile(schema);
  return (value) => validate(value) === true;
}
