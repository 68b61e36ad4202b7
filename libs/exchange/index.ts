export { accept, type AcceptPorts, type AcceptStore, type IncomingMessage, type KnownMessage } from './accept';
export { acknowledge, type AcknowledgePorts, type AcknowledgeStore, type ReturningReceipt } from './acknowledge';
export { acknowledgeOpened, type OpenedMessage, type OpenedPorts, type OpenedStore } from './acknowledge-opened';
export type { StoredCase, StoredCaseEvent } from './case-record';
export { RetryAfterError, type Circuit } from './circuit';
export { isProof } from './check-evidence';
export { deliver, type Attempt, type DeliverPorts, type DeliverStore, type Release } from './deliver';
export {
  approveDraft,
  changeDraft,
  decideText,
  discardDraft,
  holdDraft,
  listDrafts,
  readDraft,
  saveDraft,
} from './drafting';
export type { DraftPorts, DraftStore } from './drafting';
export { expire, type ExpirePorts, type ExpireStore } from './expire';
export { exportCase, forwardCase, type ForwardPorts } from './forward-case';
export { holdCase, reviewOverride, type NotesPorts, type NotesStore } from './case-notes';
export { ingest, type CaseRef, type Filing, type IngestPorts, type IngestStore } from './ingest';
export { noteOverdue, type OverdueMessage, type OverduePorts, type OverdueStore } from './overdue';
export type { StoredDraft, Submission } from './draft';
export type { WaitingMessage } from './open-waiting';
export { WORK_KINDS, type Batch, type Lane, type WorkKind } from './ports';
export type { Actor, Clock, OutgoingMessage, RaiseAlarm, Self, SentMessage, StoredReceipt } from './ports';
export { listInbox, readMessage, searchCases, showCase } from './read-cases';
export type { CaseLine, CaseQuery, CaseRow, PageMark, ReadPorts, ReadStore, ShownCase } from './read-cases';
export { relay, type DueGroup, type RelayPorts, type RelayStore } from './relay';
export { send, type EarlierSend, type SearchEntry, type SendPorts, type SendRequest, type SendStore } from './send';
export { settle, type Settlement, type SettlePorts, type SettleResult, type SettleStore } from './settle';
export { sweepCases, type SweepPorts, type SweepStore } from './sweep-cases';
export {
  contentDigest,
  decodeAnswers,
  decodeMessages,
  decodeReceiptAnswers,
  encodeAnswers,
  encodeMessages,
} from './wire';
export { ANSWERS_MEDIA_TYPE, MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, MESSAGES_MEDIA_TYPE } from './wire';
export type { MessageAnswer, ReceiptAnswer } from './wire';
