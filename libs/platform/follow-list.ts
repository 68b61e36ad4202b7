import { readFile, stat } from 'node:fs/promises';

const LOOK_MS = 5_000;

export interface FollowedList<T> {
  readonly file: string;
  /** The list itself, which everybody looks into at each request. */
  readonly entries: T[];
  /** Reads the file's text. @throws when it is no such list: then nothing changes */
  readonly read: (text: string) => readonly T[];
  /** Hears of a list that was taken. */
  readonly taken: (entries: readonly T[]) => void;
  readonly refused: (error: unknown) => void;
}

/**
 * Keeps a list of people as its file says: whoever is taken out of the file, or loses a role, has lost it some seconds later, sessions
 * and all. A file that cannot be read or understood changes nothing, and a file that is gone neither.
 * @returns stops following
 */
export function followList<T>(list: FollowedList<T>, everyMs = LOOK_MS): () => void {
  const { file, entries, read, taken, refused } = list;
  let seen: string | undefined;
  const look = async () => {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state === seen) return;
      const next = read(await readFile(file, 'utf8'));
      const first = seen === undefined;
      seen = state;
      entries.splice(0, entries.length, ...next);
      if (!first) taken(next);
    } catch (error) {
      refused(error);
    }
  };
  let running = look();
  const timer = setInterval(() => {
    running = running.then(look);
  }, everyMs).unref();
  return () => clearInterval(timer);
}
