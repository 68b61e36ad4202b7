/** What a referral may carry (domain §6: PDF, JPEG, PNG; at most 10 files of at most 10 MB). */
export interface FileLimits {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
}

export const FILE_LIMITS: FileLimits = { maxFiles: 10, maxFileBytes: 10 * 1024 * 1024 };

/**
 * How much of a file is encrypted, stored and sent at a time. It bounds the memory that a file needs, and what an interruption
 * on the way to a partner costs: about seven seconds at 0.6 Mbit/s.
 */
export const CHUNK_BYTES = 512 * 1024;

/** The most that a partner may put into one request: a chunk of the largest size that the schema allows, sealed. */
export const MAX_PIECE_BYTES = 1024 * 1024 + 1024;
