import { readFile, writeFile } from 'node:fs/promises';
import { TraoError } from '../../../libs/errors';

/** A passphrase from a file; never from an argument or a variable, where others on the machine could read it. */
export async function readPassphrase(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new TraoError('key_unreadable', { detail: file, cause });
  }
}

/** Writes a new file for its owner only. @throws TraoError `bad_request` */
export async function writePrivate(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new TraoError('bad_request', { detail: `${file} is there already, or cannot be written.`, cause });
  }
}
