export { CATALOGUE, WIRE_CODES, entryOf, wireCodeOf, type Code, type Retry, type WireCode } from './catalogue';
export { TraoError, asTraoError, type ErrorDetail, type Fault } from './trao-error';
