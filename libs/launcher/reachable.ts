import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The operating-system user that PostgreSQL runs as when that is not ourselves. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * True when `user` may pass through the folder `path` and all above it. We may run as root, who may everything, so the
 * mode bits are read instead of tried. `undefined` means ourselves: reachable then.
 */
export function reachable(path: string, user: ServerUser | undefined): boolean {
  if (!user) return true;
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
