export { assertConsentRecord, assertDirectory, assertMessage, assertOverrideRecord, assertReceipt } from './assert';
export { assertManifest, messageTypeOf, readMessage, type ReadMessage } from './assert';
export { calendarOf, type Calendar, type Holiday } from './calendars';
export { codeList, codeLists, fieldRule, fieldRules, labelOf, listedUnits } from './codes';
export { STANDARDS, type CodeEntry, type CodeList, type FieldRule, type Lang, type ListedUnit } from './code-types';
export { MAX_FAULTS } from './faults';
export { parseStrictJson, type JsonLimits, type JsonValue } from './strict-json';
export type { ConsentGrant, ConsentRecord, OverrideRecord } from './generated/consent';
export type * from './generated/message';
export type { ManifestClaims } from './generated/manifest';
export type { ReceiptClaims, Events as ReceiptEvents } from './generated/receipt';
export type { PlainEvent, RefusedEvent, OpenedEvent } from './generated/receipt';
export type {
  Directory,
  DirectoryEncryptionKey,
  DirectoryKey,
  DirectoryNode,
  DirectoryUnit,
  Governance,
  GovernanceKey,
  KeyStatus,
  NodeId,
  PublicJwk,
  Suite,
} from './generated/directory';
export { vocabularyOf, type Vocabulary } from './keywords';
export { followed, memberPlace, schemaPlace, type JsonSchema, type SchemaPlace } from './schema-place';
export { prepareValidators, validatorOfForeign, vocabularyOfOurs } from './validators';
