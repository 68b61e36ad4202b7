export { ACCESS_REASONS, assignCase, enterCase, readAccesses } from './access';
export type {
  AccessAction,
  AccessPorts,
  AccessReason,
  AccessStore,
  LoggedAccess,
  Reason,
  ShownAccess,
  StoredAccess,
} from './access';
export { nextMarkOf, type DeadlinePorts } from './case-deadlines';
export { holdCase, reviewOverride, type NotesPorts, type NotesStore } from './case-notes';
export {
  CaseList,
  SORTS,
  type ListedNow,
  type ListPorts,
  type ListQuery,
  type ListStore,
  type Sort,
} from './case-list';
export { closeCase, openCase, originalOf, readEvent, threadOf, toEvent } from './case-record';
export type { OpenCase, StoredCase, StoredCaseEvent } from './case-record';
export type { DraftProgress, StoredDraft, Submission } from './draft';
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
export type { FileClaim } from './file-claim';
export { fileMessage, fileOnTombstone } from './file-message';
export { sealedContent, type FilePorts, type FileStore } from './file-ports';
export { keyOfFile, openStoredFile, type FileFacts, type OpenStoredFile, type StoredFile } from './file-record';
export { describeFile, listDraftFiles, removeFile, type FileDescription, type ShownFile } from './files-of-draft';
export { exportCase, forwardCase, type ForwardPorts } from './forward-case';
export { freezes, frozenBy } from './frozen';
export { openKept } from './kept-original';
export { collectNotices, type NoticePorts, type NoticeStore } from './collect-notices';
export type { FiledMessage, Notice, Reader } from './collect-notices';
export { NOTICE_EVENTS, type NoticeEvent, type OfficerSettings } from './notice-rules';
export { readSettings, rememberOfficer, saveSettings, type SettingsPorts, type SettingsStore } from './notice-settings';
export type { KnownOfficer, WishedSettings } from './notice-settings';
export { sendNotices, type SendNoticePorts, type SendNoticeStore } from './send-notices';
export type { ClaimedNotice, NoticeEnd } from './send-notices';
export { partnerFaults } from './partner-faults';
export type { Actor, AlarmKind, Clock, OutgoingMessage, Self, StorageKeys } from './ports';
export { listInbox, readMessage, searchCases, showCase } from './read-cases';
export type { CaseLine, CaseQuery, CaseRow, PageMark, ReadPorts, ReadStore, ShownCase } from './read-cases';
export { asReference, referenceOf } from './reference';
export { listCaseFiles, readFile, type CaseFilePorts, type CaseFileStore, type ReadableFile } from './read-files';
export { appendFile, beginFile, receiveFile, uploadProgress, type Progress, type UploadRef } from './receive-file';
export { stateAfterScan } from './scan-file';
export { searchableOf } from './searchable';
export { send, type EarlierSend, type SearchEntry, type SendPorts, type SendRequest, type SendStore } from './send';
export { unitStatistics, type Counts, type Times, type UnitStatistics } from './statistics';
export { sweepCases, type SweepPorts, type SweepStore } from './sweep-cases';
export { announcedFiles } from './transfers';
export { closeTombstone, isErased, openTombstone, type Tombstone } from './tombstone';
export { WORK_TABS, type WorkTab } from './work-tab';
