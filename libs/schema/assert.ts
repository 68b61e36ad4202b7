import type { ErrorObject } from 'ajv/dist/2020';
import { TraoError, type Code } from '../errors';
import codes from '../../schemas/referral/v1/codes.schema.json';
import { MAX_FAULTS, faultsOf } from './faults';
import type { Directory } from './generated/directory';
import type { Message, MessageType } from './generated/message';
import type { ReceiptClaims } from './generated/receipt';
import { textFaults } from './text-form';
import { validatorOf, type DocumentName } from './validators';

const MAJOR_VERSION = /^([0-9]{1,6})\.[0-9]{1,6}$/;
const SUPPORTED_MAJOR = '1';
const MESSAGE_TYPES: ReadonlySet<unknown> = new Set(codes.$defs.messageType.enum);

/**
 * Narrows `value` to a message of schemas/referral/v1; all faults are reported at once. Validate once, at the edge, and
 * carry the type from there.
 *
 * @throws TraoError schema_unsupported for another major version or an unknown type, not_nfc, too_deep, schema_invalid
 */
export function assertMessage(value: unknown): asserts value is Message {
  const header = member(value, '', 'header');
  const version = member(header, '/header', 'schemaVersion');
  const major = typeof version === 'string' ? MAJOR_VERSION.exec(version)?.[1] : undefined;
  if (major !== undefined && major !== SUPPORTED_MAJOR) throw unsupported('/header/schemaVersion');
  const type = member(header, '/header', 'messageType');
  if (typeof type !== 'string') throw invalid('/header/messageType', 'must be a text');
  if (!MESSAGE_TYPES.has(type)) throw unsupported('/header/messageType');
  assertDocument(value, type as MessageType, 'schema_invalid');
}

/**
 * Narrows `value` to the claims of a receipt (schemas/receipt/v1).
 * @throws TraoError receipt_malformed, not_nfc, too_deep
 */
export function assertReceipt(value: unknown): asserts value is ReceiptClaims {
  assertDocument(value, 'receipt', 'receipt_malformed');
}

/**
 * Narrows `value` to a partner directory (schemas/directory/v1). Signatures, times and keys are for the caller to check.
 * @throws TraoError directory_malformed, not_nfc, too_deep
 */
export function assertDirectory(value: unknown): asserts value is Directory {
  assertDocument(value, 'directory', 'directory_malformed');
}

/** The type of `message`; within one type, `'ack' in message` and the like narrow the union. */
export function messageTypeOf(message: Message): MessageType {
  return message.header.messageType;
}

function assertDocument(value: unknown, name: DocumentName, code: Code): void {
  const texts = textFaults(value);
  if (texts.length > 0) throw new TraoError('not_nfc', { faults: texts.slice(0, MAX_FAULTS) });
  const validate = validatorOf(name);
  if (!validate(value)) throw new TraoError(code, { faults: faultsOf(validate.errors as ErrorObject[]) });
}

/** The own member `name` of the object `owner` at `pointer`, without which not even the kind of message is known. */
function member(owner: unknown, pointer: string, name: string): unknown {
  if (typeof owner !== 'object' || owner === null || Array.isArray(owner)) throw invalid(pointer, 'must be an object');
  if (!Object.hasOwn(owner, name)) throw invalid(`${pointer}/${name}`, 'is required');
  return (owner as { [name: string]: unknown })[name];
}

function invalid(pointer: string, rule: string): TraoError {
  return new TraoError('schema_invalid', { faults: [{ pointer, rule }] });
}

function unsupported(pointer: string): TraoError {
  return new TraoError('schema_unsupported', { faults: [{ pointer, rule: 'is not supported here' }] });
}
