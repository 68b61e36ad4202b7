import type { ErrorObject } from 'ajv/dist/2020';
import type { Fault } from '../errors';
import codes from '../../schemas/referral/v1/codes.schema.json';
import { isPlainKey } from './pointer';

/** Nobody reads more; a hostile document could have a million. */
export const MAX_FAULTS = 50;

/** Keywords that only say that a part failed; the part's own faults say why. */
const NOISE = new Set(['if', 'allOf']);
/** The rules of a purpose are the definition of its name in rules.schema.json. */
const PURPOSE_RULE = new RegExp(`/\\$defs/(${codes.$defs.purpose.enum.join('|')})/`);
const CONDITIONAL_RULE = /\/(then|else)\//;
const TYPE_NAMES: { readonly [type: string]: string } = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

/** The faults behind ajv's errors: one for each place, without values and without noise, at most `MAX_FAULTS`. */
export function faultsOf(errors: readonly ErrorObject[]): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of errors) {
    if (NOISE.has(error.keyword)) continue;
    const fault = faultOf(error);
    if (!faults.has(fault.pointer)) faults.set(fault.pointer, fault);
    if (faults.size === MAX_FAULTS) break;
  }
  return [...faults.values()];
}

function faultOf(error: ErrorObject): Fault {
  const { missingProperty, additionalProperty } = error.params as { [name: string]: string | undefined };
  if (missingProperty !== undefined) {
    return { pointer: `${error.instancePath}/${missingProperty}`, rule: byRule(error, 'is required') };
  }
  if (additionalProperty === undefined) return { pointer: error.instancePath, rule: ruleOf(error) };
  // The name of an unknown field may be content itself; then its object is named instead.
  return isPlainKey(additionalProperty)
    ? { pointer: `${error.instancePath}/${additionalProperty.replaceAll('/', '~1')}`, rule: 'is not a known field' }
    : { pointer: error.instancePath, rule: 'has an unknown field' };
}

function ruleOf(error: ErrorObject): string {
  const { limit, type, format } = error.params as { [name: string]: string | number };
  switch (error.keyword) {
    case 'false schema':
      return byRule(error, 'is not allowed');
    case 'type':
      return `must be ${TYPE_NAMES[String(type)]}`;
    case 'enum':
      return byRule(error, 'must be one of the listed codes');
    case 'const':
      return byRule(error, 'must have the one allowed value');
    case 'pattern':
      return 'does not have the required form';
    case 'format':
      return `must be a valid ${format}`;
    case 'minLength':
      return `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minItems':
      return `must have at least ${limit} entries`;
    case 'maxItems':
      return `must have at most ${limit} entries`;
    case 'minProperties':
      return `must have at least ${limit} field`;
    case 'maxProperties':
      return `must have at most ${limit} field`;
    case 'uniqueItems':
      return 'must not have the same entry twice';
    default:
      return 'does not follow the schema';
  }
}

/** `text`, with the reason when the error comes from a rule for a purpose or from another conditional rule. */
function byRule(error: ErrorObject, text: string): string {
  if (PURPOSE_RULE.test(error.schemaPath)) return `${text} for this purpose`;
  return CONDITIONAL_RULE.test(error.schemaPath) ? `${text} in this case` : text;
}
