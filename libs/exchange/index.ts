export { accept, type AcceptPorts, type AcceptStore, type IncomingMessage, type KnownMessage } from './accept';
export { acceptPiece, incomingFile, type AcceptPiecePorts, type AcceptPieceStore } from './accept-piece';
export type { IncomingFile, IncomingPiece } from './accept-piece';
export { acknowledge, type AcknowledgePorts, type AcknowledgeStore, type ReturningReceipt } from './acknowledge';
export { acknowledgeOpened, type OpenedMessage, type OpenedPorts, type OpenedStore } from './acknowledge-opened';
export { RetryAfterError, type Circuit } from './circuit';
export { isProof } from './check-evidence';
export { judgeClock, type ClockReading, type ClockVerdict } from './judge-clock';
export {
  deliver,
  type Attempt,
  type AttemptStore,
  type DeliverPorts,
  type DeliverStore,
  type Release,
} from './deliver';
export type { PostMessages, RequestFacts } from './deliver';
export { PROBE_STEPS, type ProbeStep, type ProbeStepName } from './probe-steps';
export { destroyEndedKeys, type DestroyPorts, type HeldKey } from './destroy-keys';
export { expire, type ExpirePorts, type ExpireStore } from './expire';
export { ingest, type CaseRef, type Filing, type IngestPorts, type IngestStore } from './ingest';
export { judgeFiles, type JudgeFileStore, type JudgePorts } from './judge-files';
export * as reconciling from './manifest-parts';
export { noteOverdue, type OverdueMessage, type OverduePorts, type OverdueStore } from './overdue';
export type { WaitingMessage } from './open-waiting';
export { WORK_KINDS, type Batch, type Lane, type WorkKind } from './ports';
export type { Alarm, AlarmNote, RaiseAlarm, SentMessage, StoredReceipt } from './ports';
export { PartnerLimits, type PartnerRates } from './partner-limits';
export { pushFiles, type ClaimedFile, type FileLink, type PushPorts, type PushStore } from './push-files';
export { ENOUGH_FOR_A_BATCH, relay, type DueGroup, type RelayPorts, type RelayStore } from './relay';
export { resealStale, type Resealing, type ResealPorts, type ResealStore, type StaleMessage } from './reseal';
export { settle, type Settlement, type SettlePorts, type SettleResult, type SettleStore } from './settle';
export { contentDigest, contentRange, decodeAnswers, decodeHeld, decodeMessages, decodeReceiptAnswers } from './wire';
export { encodeAnswers, encodeMessages, readContentRange } from './wire';
export { ANSWERS_MEDIA_TYPE, MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, MESSAGES_MEDIA_TYPE, PIECE_MEDIA_TYPE } from './wire';
export type { MessageAnswer, ReceiptAnswer } from './wire';
export { sayOff, watchPartners, type WatchReport } from './watch-partners';
export { readHealth, type DirectoryInForce, type PartnerAnswer, type PartnerWatch } from './watch-ports';
export type { WatchPorts, WatchStore } from './watch-ports';
