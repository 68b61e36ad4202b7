import { faultAt, TraoError, type Bilingual, type Code, type Fault, type RuleCode } from '../errors';
import codes from '../../schemas/referral/v1/codes.schema.json';
import { additionsOf } from './additions';
import { MAX_FAULTS, TYPE_NAMES, faultsOf } from './faults';
import type { ConsentRecord, OverrideRecord } from './generated/consent';
import type { Directory } from './generated/directory';
import type { ManifestClaims } from './generated/manifest';
import type { Message, MessageType } from './generated/message';
import type { ReceiptClaims } from './generated/receipt';
import { textFaults } from './text-form';
import { errorsOf, type DocumentName } from './validators';

const VERSION = /^([0-9]{1,6})\.([0-9]{1,6})$/;
const SUPPORTED_MAJOR = '1';
/** The newest minor version that this code knows. */
const KNOWN_MINOR = 0;
const MESSAGE_TYPES: ReadonlySet<unknown> = new Set(codes.$defs.messageType.enum);

/**
 * Narrows `value` to a message of schemas/referral/v1; all faults are reported at once. Validate once, at the edge, and
 * carry the type from there. For messages of our own: what no schema here names is refused, whatever version they claim.
 *
 * @throws TraoError schema_unsupported for another major version or an unknown type, not_nfc, too_deep, schema_invalid
 */
export function assertMessage(value: unknown): asserts value is Message {
  assertDocument(value, kindOf(value).type, 'schema_invalid');
}

/** A message of a partner, and what in it only a newer minor version explains. */
export interface ReadMessage {
  /** As it came, additions included. */
  readonly message: Message;
  /**
   * JSON pointers (RFC 6901) of fields that are not known here, or whose code is not: show them as such and decide
   * nothing by them. Empty for a version that is known here.
   */
  readonly unknownFields: readonly string[];
}

/**
 * Reads a message of a partner, whose node may be newer than this one. A message of a known version follows the rules of
 * `assertMessage`; one of a later minor version may also have fields, and codes in open lists, that are not known here.
 *
 * @throws TraoError as `assertMessage` does
 */
export function readMessage(value: unknown): ReadMessage {
  const { type, minor } = kindOf(value);
  const texts = textFaults(value);
  const errors = errorsOf(type, value);
  const additions = minor > KNOWN_MINOR ? additionsOf(errors) : { pointers: [], errors };
  refuse(texts, faultsOf(additions.errors), 'schema_invalid');
  return { message: value as Message, unknownFields: additions.pointers };
}

/**
 * Narrows `value` to the claims of a receipt (schemas/receipt/v1).
 * @throws TraoError receipt_malformed, not_nfc, too_deep
 */
export function assertReceipt(value: unknown): asserts value is ReceiptClaims {
  assertDocument(value, 'receipt', 'receipt_malformed');
}

/**
 * Narrows `value` to the claims of a manifest (schemas/manifest/v1).
 * @throws TraoError manifest_malformed, not_nfc, too_deep
 */
export function assertManifest(value: unknown): asserts value is ManifestClaims {
  assertDocument(value, 'manifest', 'manifest_malformed');
}

/**
 * Narrows `value` to a partner directory (schemas/directory/v1). Signatures, times and keys are for the caller to check.
 * @throws TraoError directory_malformed, not_nfc, too_deep
 */
export function assertDirectory(value: unknown): asserts value is Directory {
  assertDocument(value, 'directory', 'directory_malformed');
}

/**
 * Narrows `value` to the local record of a person's consent (schemas/consent/v1).
 * @throws TraoError schema_invalid, not_nfc, too_deep
 */
export function assertConsentRecord(value: unknown): asserts value is ConsentRecord {
  assertDocument(value, 'consentRecord', 'schema_invalid');
}

/**
 * Narrows `value` to the local record of sharing without consent (schemas/consent/v1).
 * @throws TraoError schema_invalid, not_nfc, too_deep
 */
export function assertOverrideRecord(value: unknown): asserts value is OverrideRecord {
  assertDocument(value, 'overrideRecord', 'schema_invalid');
}

/** The type of `message`; within one type, `'ack' in message` and the like narrow the union. */
export function messageTypeOf(message: Message): MessageType {
  return message.header.messageType;
}

function assertDocument(value: unknown, name: DocumentName, code: Code): void {
  // First the texts: their walk ends in a value that contains itself, on which a validator would never end.
  const texts = textFaults(value);
  refuse(texts, faultsOf(errorsOf(name, value)), code);
}

/** Throws when there are faults: one for each place, faults of its text before those of its schema. */
function refuse(texts: readonly Fault[], schema: readonly Fault[], code: Code): void {
  if (texts.length === 0 && schema.length === 0) return;
  const places = new Set(texts.map(({ pointer }) => pointer));
  const faults = [...texts, ...schema.filter(({ pointer }) => !places.has(pointer))].slice(0, MAX_FAULTS);
  throw new TraoError(texts.length > 0 ? 'not_nfc' : code, { faults });
}

/** The type of the message `value` and the minor version that it was written to. */
function kindOf(value: unknown): { readonly type: MessageType; readonly minor: number } {
  const header = member(value, '', 'header');
  const version = member(header, '/header', 'schemaVersion');
  const [, major, minor] = (typeof version === 'string' ? VERSION.exec(version) : null) ?? [];
  if (major !== undefined && major !== SUPPORTED_MAJOR) throw unsupported('/header/schemaVersion');
  const type = member(header, '/header', 'messageType');
  if (typeof type !== 'string') throw invalid('/header/messageType', 'wrong_type', TYPE_NAMES.string);
  if (!MESSAGE_TYPES.has(type)) throw unsupported('/header/messageType');
  // A version of another form is a fault of the document, which its schema names.
  return { type: type as MessageType, minor: Number(minor ?? KNOWN_MINOR) };
}

/** The own member `name` of the object `owner` at `pointer`, without which not even the kind of message is known. */
function member(owner: unknown, pointer: string, name: string): unknown {
  if (typeof owner !== 'object' || owner === null || Array.isArray(owner))
    throw invalid(pointer, 'wrong_type', TYPE_NAMES.object);
  if (!Object.hasOwn(owner, name)) throw invalid(`${pointer}/${name}`, 'required');
  return (owner as { [name: string]: unknown })[name];
}

function invalid(pointer: string, rule: RuleCode, ...values: Bilingual[]): TraoError {
  return new TraoError('schema_invalid', { faults: [faultAt(pointer, rule, ...values)] });
}

function unsupported(pointer: string): TraoError {
  return new TraoError('schema_unsupported', { faults: [faultAt(pointer, 'not_supported')] });
}
