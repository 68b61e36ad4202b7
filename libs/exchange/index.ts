export { accept, type AcceptPorts, type AcceptStore, type IncomingMessage, type KnownMessage } from './accept';
export { acknowledge, type AcknowledgePorts, type AcknowledgeStore, type ReturningReceipt } from './acknowledge';
export type { StoredCase, StoredCaseEvent } from './case-record';
export { RetryAfterError, type Circuit } from './circuit';
export { isProof } from './check-evidence';
export { deliver, type Attempt, type DeliverPorts, type DeliverStore, type Release } from './deliver';
export { expire, type ExpirePorts, type ExpireStore } from './expire';
export { ingest, type CaseRef, type Filing, type IngestPorts, type IngestStore, type WaitingMessage } from './ingest';
export {
  WORK_KINDS,
  type AlarmKind,
  type Batch,
  type Clock,
  type Lane,
  type OutgoingMessage,
  type RaiseAlarm,
  type Self,
  type SentMessage,
  type StoredReceipt,
  type WorkKind,
} from './ports';
export { listInbox, readMessage, type InboxLine, type ReadPorts, type ReadStore } from './read-cases';
export { relay, type DueGroup, type RelayPorts, type RelayStore } from './relay';
export { send, type EarlierSend, type SendPorts, type SendRequest, type SendStore } from './send';
export { settle, type Settlement, type SettlePorts, type SettleResult, type SettleStore } from './settle';
export {
  ANSWERS_MEDIA_TYPE,
  contentDigest,
  decodeAnswers,
  decodeMessages,
  decodeReceiptAnswers,
  encodeAnswers,
  encodeMessages,
  MAX_BATCH_BYTES,
  MAX_BATCH_MESSAGES,
  MESSAGES_MEDIA_TYPE,
  type MessageAnswer,
  type ReceiptAnswer,
} from './wire';
