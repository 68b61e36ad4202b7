import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { asTraoError, TraoError } from '../errors';
import { unpack, type Budget } from './unpack';
import { LIMITS, type DamagedFile, type Limits, type VectorFile } from './vector-file';

/**
 * All files below a folder, archives and packed files unpacked in memory: nothing is ever written. Links are not followed.
 * @throws TraoError `not_found` when the folder is not there, `bad_request` when it is no folder or holds too many files
 */
export async function readFolder(
  folder: string,
  limits: Limits = LIMITS,
): Promise<{ readonly files: readonly VectorFile[]; readonly damaged: readonly DamagedFile[] }> {
  const files: VectorFile[] = [];
  const damaged: DamagedFile[] = [];
  let left = limits.maxFolderBytes;
  for (const name of await namesIn(folder, limits)) {
    try {
      const bytes = await read(path.join(folder, name), limits);
      const budget: Budget = { bytes: limits.maxUnpackedBytes, files: limits.maxFiles };
      const found = await unpack({ path: name.split(path.sep).join('/'), bytes }, budget);
      const size = found.reduce((sum, file) => sum + file.bytes.length, 0);
      if (size > left) throw new TraoError('too_large', { detail: 'The folder holds more than is allowed.' });
      left -= size;
      files.push(...found);
    } catch (error) {
      const { code, message } = asTraoError(error);
      damaged.push({ path: name, code, message });
    }
  }
  return { files, damaged };
}

async function namesIn(folder: string, { maxFiles }: Limits): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') throw new TraoError('not_found', { detail: `${folder} does not exist.`, cause });
      throw new TraoError('bad_request', {
        detail: `${folder} is not a folder that can be read (${cause.code}).`,
        cause,
      });
    },
  );
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  if (names.length > maxFiles)
    throw new TraoError('bad_request', { detail: `${folder} holds more than ${maxFiles} files: is it the right one?` });
  return names.map((name) => path.relative(folder, name)).toSorted();
}

async function read(file: string, { maxFileBytes }: Limits): Promise<Buffer> {
  try {
    if ((await stat(file)).size > maxFileBytes)
      throw new TraoError('too_large', { detail: `A file may have ${maxFileBytes} bytes.` });
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof TraoError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new TraoError('vectors_unreadable', { detail: `It cannot be read (${reason}).`, cause });
  }
}
