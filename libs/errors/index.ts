export { CATALOGUE, WIRE_CODES, entryOf, wireCodeOf, type Code, type Retry, type WireCode } from './catalogue';
export { meaningOf } from './meaning-of';
export { RULES, faultAt, type Bilingual, type Fault, type RuleCode } from './rules';
export { TraoError, asTraoError, type ErrorDetail } from './trao-error';
