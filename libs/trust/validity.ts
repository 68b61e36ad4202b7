import type { DirectoryKey } from '../schema';

/** True when a key may be used for something that happened at `at`. */
export function isValidAt(key: Pick<DirectoryKey, 'notBefore' | 'notAfter' | 'status'>, at: Date): boolean {
  return key.status !== 'revoked' && new Date(key.notBefore) <= at && at < new Date(key.notAfter);
}
