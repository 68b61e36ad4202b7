import type { Code } from '../errors';

/** A file to look at. */
export interface VectorFile {
  /** In the folder, with `/`; a file of an archive stands below the archive's name. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** A file that cannot be looked at. */
export interface DamagedFile {
  readonly path: string;
  readonly code: Code;
  readonly message: string;
}

export interface Limits {
  /** Of one file as it lies in the folder, in bytes. */
  readonly maxFileBytes: number;
  /** Of one file unpacked, with all that is inside, in bytes. */
  readonly maxUnpackedBytes: number;
  /** Of all files in the folder together, unpacked, in bytes. */
  readonly maxFolderBytes: number;
  /** Files in the folder, and in one archive. */
  readonly maxFiles: number;
}

const MIB = 1024 * 1024;
/** The largest public collections (Wycheproof, x509-limbo with BetterTLS) are some tens of MiB packed. */
export const LIMITS: Limits = {
  maxFileBytes: 64 * MIB,
  maxUnpackedBytes: 256 * MIB,
  maxFolderBytes: 1024 * MIB,
  maxFiles: 20_000,
};
