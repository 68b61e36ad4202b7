export { nextMarkOf, type DeadlinePorts } from './case-deadlines';
export { holdCase, reviewOverride, type NotesPorts, type NotesStore } from './case-notes';
export { closeCase, openCase, originalOf, readEvent, threadOf, toEvent } from './case-record';
export type { OpenCase, StoredCase, StoredCaseEvent } from './case-record';
export type { StoredDraft, Submission } from './draft';
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
export { fileMessage, fileOnTombstone } from './file-message';
export { exportCase, forwardCase, type ForwardPorts } from './forward-case';
export { freezes, frozenBy } from './frozen';
export { openKept } from './kept-original';
export { partnerFaults } from './partner-faults';
export type { Actor, AlarmKind, Clock, OutgoingMessage, Self, StorageKeys } from './ports';
export { listInbox, readMessage, searchCases, showCase } from './read-cases';
export type { CaseLine, CaseQuery, CaseRow, PageMark, ReadPorts, ReadStore, ShownCase } from './read-cases';
export { searchableOf } from './searchable';
export { send, type EarlierSend, type SearchEntry, type SendPorts, type SendRequest, type SendStore } from './send';
export { sweepCases, type SweepPorts, type SweepStore } from './sweep-cases';
export { closeTombstone, isErased, openTombstone, type Tombstone } from './tombstone';
