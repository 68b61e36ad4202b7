/** Everything about files, in one place for the index. */
export type { FileClaim } from './file-claim';
export { sealedContent, type FilePorts, type FileStore } from './file-ports';
export { keyOfFile, openStoredFile, type FileFacts, type OpenStoredFile, type StoredFile } from './file-record';
export { describeFile, listDraftFiles, removeFile, type FileDescription, type ShownFile } from './files-of-draft';
export { listCaseFiles, readFile, type CaseFilePorts, type CaseFileStore, type ReadableFile } from './read-files';
export { appendFile, beginFile, receiveFile, uploadProgress, type Progress, type UploadRef } from './receive-file';
export { stateAfterScan } from './scan-file';
export { announcedFiles } from './transfers';
