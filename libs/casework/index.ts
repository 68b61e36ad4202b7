export { dutiesIn, nextMarkOf, type DeadlinePorts } from './case-deadlines';
export { holdCase, reviewOverride, type NotesPorts, type NotesStore } from './case-notes';
export { closeCase, openCase, originalOf, readEvent, threadOf, toEvent } from './case-record';
export type { CaseSource, OpenCase, StoredCase, StoredCaseEvent } from './case-record';
export { readableDraft, type Draft, type DraftProgress, type StoredDraft, type Submission } from './draft';
export { askForApproval, noteProgress } from './draft-progress';
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
export type { DraftPorts, DraftRef, DraftStore, ShownDraft } from './drafting';
export { announcedFiles, appendFile, beginFile, describeFile, keyOfFile, listCaseFiles } from './case-files';
export { listDraftFiles, openStoredFile, readFile, receiveFile, removeFile, sealedContent } from './case-files';
export { stateAfterScan, uploadProgress, type CaseFilePorts, type CaseFileStore, type FileClaim } from './case-files';
export type { FileDescription, FileFacts, FilePorts, FileStore, OpenStoredFile, Progress } from './case-files';
export type { ReadableFile, ShownFile, StoredFile, UploadRef } from './case-files';
export { fileMessage, fileOnTombstone } from './file-message';
export { exportCase, forwardCase, type ForwardPorts } from './forward-case';
export { freezes, frozenBy } from './frozen';
export { openKept } from './kept-original';
export { partnerFaults } from './partner-faults';
export type { Actor, AlarmKind, Clock, OutgoingMessage, Self, StorageKeys } from './ports';
export { prepare, type PreparePorts } from './prepare';
export { listInbox, readMessage, searchCases, showCase } from './read-cases';
export type { CaseLine, CaseQuery, CaseRow, PageMark, ReadPorts, ReadStore, ShownCase } from './read-cases';
export { searchableOf } from './searchable';
export { send, type EarlierSend, type SearchEntry, type SendPorts, type SendRequest, type SendStore } from './send';
export { sweepCases, type SweepPorts, type SweepStore } from './sweep-cases';
export { closeTombstone, isErased, openTombstone, type Tombstone } from './tombstone';
