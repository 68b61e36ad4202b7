import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { TraoError } from '../errors';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;

/**
 * A file or folder that nobody else on this machine can reach. Windows has no such bits; there the folder's own rights hold.
 * @throws TraoError `key_unreadable`, `key_exposed` with the command that closes it
 */
export async function assertPrivate(place: string): Promise<void> {
  const { mode, isFolder } = await statOf(place);
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return;
  throw new TraoError('key_exposed', { detail: `Run: chmod ${isFolder ? '700' : '600'} ${place}` });
}

async function statOf(place: string): Promise<{ mode: number; isFolder: boolean }> {
  try {
    const found = await stat(place);
    return { mode: found.mode, isFolder: found.isDirectory() };
  } catch (cause) {
    throw new TraoError('key_unreadable', { detail: place, cause });
  }
}

/** Makes a folder for one user, with those above it that are missing. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
}

/**
 * Writes a file so that a crash leaves all of it or nothing: a temporary file is on disk before it gets the name.
 * @throws TraoError `key_exists` when there is a file of that name
 */
export async function writeNewFile(file: string, text: string | Uint8Array): Promise<void> {
  const temporary = await writeTemporary(file, text);
  try {
    // Unlike a rename, a link never takes the place of another file.
    await link(temporary, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new TraoError('key_exists', { detail: file, cause });
  } finally {
    await unlink(temporary);
  }
  await syncFolder(path.dirname(file));
}

/** Puts a new file in the place of another: after a crash there is the old one or the new one. The old bytes are overwritten. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = await writeTemporary(file, text);
  const old = await open(file, 'r+');
  try {
    await rename(temporary, file);
    await overwrite(old);
  } finally {
    await old.close();
  }
  await syncFolder(path.dirname(file));
}

/**
 * Destroys a file: overwrites it, takes its name away and makes both durable. Overwriting is the best that can be done from here: a
 * disk that spreads writes, a snapshot or a backup may keep the old bytes. They are of no use without the key of the folder.
 * @throws TraoError `key_missing` when another process was faster
 */
export async function destroyFile(file: string): Promise<void> {
  const handle = await open(file, 'r+').catch((cause: unknown) => {
    throw new TraoError('key_missing', { detail: file, cause });
  });
  try {
    await overwrite(handle);
    await unlink(file);
  } finally {
    await handle.close();
  }
  await removeTemporaries(file);
  await syncFolder(path.dirname(file));
}

/** What a crash in the middle of a write left behind. */
async function removeTemporaries(file: string): Promise<void> {
  const folder = path.dirname(file);
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${path.basename(file)}.`));
  await Promise.all(names.filter((name) => name.endsWith('.tmp')).map((name) => unlink(path.join(folder, name))));
}

async function writeTemporary(file: string, text: string | Uint8Array): Promise<string> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx', FILE_MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

async function overwrite(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  await handle.write(randomBytes(size), 0, size, 0);
  await handle.sync();
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the file system keeps the order itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
