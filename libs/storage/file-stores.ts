/** Every store of files, in one place for the index. */
export { judgeFileStore, pushStore } from './file-transfers';
export { caseFileStore, fileStore } from './files';
export { acceptPieceStore, dropOrphanedFiles } from './incoming-files';
