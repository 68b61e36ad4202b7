export { chunkCount, recut, SEAL_BYTES, sealChunk, sealedLength, openChunk, type Cut } from './chunks';
export { assertFileType, extensionOf, fitsName, HEAD_BYTES, MIME_TYPES, mimeOf } from './file-type';
export { CHUNK_BYTES, FILE_LIMITS, MAX_PIECE_BYTES, type FileLimits } from './limits';
export { openFile, verifyFile, type FileKey, type Promised } from './open-file';
export { PasswordWatch } from './password';
export type { Scan, Verdict } from './scan';
export { FILE_DELIVERIES, FILE_STATES, FILE_STEPS } from './states';
export type { FileDelivery, FileState, FileUse } from './states';
