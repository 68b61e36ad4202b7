import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { TraoError } from '../errors';
import type { ServerUser } from './reachable';

/**
 * A folder under a place that all users share (such as /tmp), made when missing, with this mode and owner (default: us).
 * Its name is predictable, so somebody else may have made it first, or a link in its place: that one is not used.
 * @throws TraoError start_failed
 */
export function ownFolder(path: string, mode: number, owner?: ServerUser): string {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const entry = lstatSync(path);
  if (!entry.isDirectory() || (entry.uid !== process.getuid?.() && entry.uid !== owner?.uid)) {
    throw new TraoError('start_failed', { detail: `${path} belongs to somebody else. Remove it or set TMPDIR.` });
  }
  chmodSync(path, mode);
  if (owner) chownSync(path, owner.uid, owner.gid);
  return path;
}
