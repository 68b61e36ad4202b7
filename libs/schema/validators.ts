import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020';
import { fullFormats } from 'ajv-formats/dist/formats';
import directory from '../../schemas/directory/v1/directory.schema.json';
import receipt from '../../schemas/receipt/v1/receipt.schema.json';
import accept from '../../schemas/referral/v1/accept.schema.json';
import ack from '../../schemas/referral/v1/ack.schema.json';
import codes from '../../schemas/referral/v1/codes.schema.json';
import common from '../../schemas/referral/v1/common.schema.json';
import decline from '../../schemas/referral/v1/decline.schema.json';
import ping from '../../schemas/referral/v1/ping.schema.json';
import referral from '../../schemas/referral/v1/referral.schema.json';
import rules from '../../schemas/referral/v1/rules.schema.json';

/** Documents that can be validated, each with its schema. */
const DOCUMENTS = { referral, ack, accept, decline, ping, receipt, directory } as const;
export type DocumentName = keyof typeof DOCUMENTS;

const PARTS: readonly AnySchemaObject[] = [common, codes, rules];

let registry: Ajv2020 | undefined;

/**
 * The validator of a kind of document. It is compiled on first use: the referral schema takes some ten milliseconds and
 * most processes need only a few of the schemas.
 */
export function validatorOf(name: DocumentName): ValidateFunction {
  registry ??= newRegistry();
  return registry.getSchema(DOCUMENTS[name].$id) as ValidateFunction;
}

/** Compiles all validators (some tenths of a second), so that the first message does not wait for it. */
export function prepareValidators(): void {
  for (const name of Object.keys(DOCUMENTS)) validatorOf(name as DocumentName);
}

function newRegistry(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    // Rules require fields that another part of the schema defines.
    strictRequired: false,
    strictTypes: true,
    allErrors: true,
    // schemas/schemas.spec.ts does it once for all; here it would cost every process a tenth of a second.
    validateSchema: false,
    // Members inherited from a prototype are not members of the document.
    ownProperties: true,
    validateFormats: true,
  });
  ajv.addFormat('date', fullFormats.date);
  ajv.addFormat('date-time', fullFormats['date-time']);
  for (const schema of [...PARTS, ...Object.values(DOCUMENTS)]) ajv.addSchema(schema);
  return ajv;
}
