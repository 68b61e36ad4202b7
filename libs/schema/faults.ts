import type { ErrorObject } from 'ajv/dist/2020';
import { faultAt, type Fault, type RuleCode } from '../errors';
import codes from '../../schemas/referral/v1/codes.schema.json';
import { isPlainKey, memberPointer } from './pointer';

/** Nobody reads more; a hostile document could have a million. */
export const MAX_FAULTS = 50;

/** Keywords that only say that a part failed; the part's own faults say why. */
const NOISE = new Set(['if', 'allOf']);
/** The rules of a purpose are the definition of its name in rules.schema.json. */
const PURPOSE_RULE = new RegExp(`/\\$defs/(${codes.$defs.purpose.enum.join('|')})/`);
const CONDITIONAL_RULE = /\/(then|else)\//;
/** The types of JSON Schema in the words of faults. */
export const TYPE_NAMES = {
  object: { en: 'an object', vi: 'một đối tượng' },
  array: { en: 'a list', vi: 'một danh sách' },
  string: { en: 'a text', vi: 'một chuỗi văn bản' },
  integer: { en: 'a whole number', vi: 'một số nguyên' },
  number: { en: 'a number', vi: 'một số' },
  boolean: { en: 'true or false', vi: 'true hoặc false' },
} as const;
/** The formats of our schemas in the words of faults. */
const FORMAT_NAMES = {
  date: { en: 'date', vi: 'ngày' },
  'date-time': { en: 'date-time', vi: 'thời điểm' },
} as const;
/** Rules that say in their code when a purpose or another condition is the reason. */
type Conditional = 'required' | 'not_allowed' | 'code_not_listed' | 'not_the_value';

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
    return faultAt(memberPointer(error.instancePath, missingProperty), byReason(error, 'required'));
  }
  if (additionalProperty === undefined) return valueFault(error);
  // The name of an unknown field may be content itself; then its object is named instead.
  return isPlainKey(additionalProperty)
    ? faultAt(memberPointer(error.instancePath, additionalProperty), 'unknown_field')
    : faultAt(error.instancePath, 'has_unknown_field');
}

/** Keywords with a bound, each with its rule. */
const BOUNDS: { readonly [keyword: string]: RuleCode } = {
  minLength: 'too_short',
  maxLength: 'too_long',
  minimum: 'too_small',
  maximum: 'too_big',
  minItems: 'too_few_entries',
  maxItems: 'too_many_entries',
  minProperties: 'too_few_fields',
  maxProperties: 'too_many_fields',
};

function valueFault(error: ErrorObject): Fault {
  const { limit, type, format } = error.params as { [name: string]: string | number };
  const at = error.instancePath;
  const bound = BOUNDS[error.keyword];
  if (bound) return faultAt(at, bound, limit!);
  switch (error.keyword) {
    case 'false schema':
      return faultAt(at, byReason(error, 'not_allowed'));
    case 'type':
      return faultAt(at, 'wrong_type', TYPE_NAMES[type as keyof typeof TYPE_NAMES]);
    case 'enum':
      return faultAt(at, byReason(error, 'code_not_listed'));
    case 'const':
      return faultAt(at, byReason(error, 'not_the_value'));
    case 'pattern':
      return faultAt(at, 'wrong_form');
    case 'format':
      return faultAt(at, 'wrong_format', FORMAT_NAMES[format as keyof typeof FORMAT_NAMES]);
    case 'uniqueItems':
      return faultAt(at, 'entry_twice');
    default:
      return faultAt(at, 'against_schema');
  }
}

/** `code`, with the reason when the error comes from a rule for a purpose or from another conditional rule. */
function byReason(error: ErrorObject, code: Conditional): RuleCode {
  if (PURPOSE_RULE.test(error.schemaPath)) return `${code}_for_purpose`;
  return CONDITIONAL_RULE.test(error.schemaPath) ? `${code}_in_case` : code;
}
