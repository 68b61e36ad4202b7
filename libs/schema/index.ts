export { assertDirectory, assertMessage, assertReceipt, messageTypeOf } from './assert';
export { listedUnits, type ListedUnit } from './codes';
export { MAX_FAULTS } from './faults';
export { parseStrictJson, type JsonLimits, type JsonValue } from './strict-json';
export type * from './generated/message';
export type {
  ReceiptClaims,
  Events as ReceiptEvents,
  PlainEvent,
  RefusedEvent,
  OpenedEvent,
} from './generated/receipt';
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
export { prepareValidators } from './validators';
