import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { TraoError } from '../../../libs/errors';
import type { Part } from './parts';

/** The files of a node that a backup takes besides the database: which option or setting names each. */
export const FILE_KINDS = ['directory', 'anchor', 'clients', 'operators', 'tls', 'opener'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export interface Sources {
  /** Folders of keys, one for each process. */
  readonly keys: readonly string[];
  readonly files: Readonly<Record<FileKind, readonly string[]>>;
}

/**
 * The parts of keys and files. All are looked at before the first is written, so that a file that cannot be read stops the backup at its
 * beginning. Keys stay encrypted under what opens their folder.
 * @throws TraoError `bad_request` with the name of the file or folder
 */
export async function partsOf({ keys, files }: Sources): Promise<Part[]> {
  const parts: Part[] = [];
  for (const [index, folder] of keys.entries()) {
    const label = `${index + 1}-${plain(path.basename(path.resolve(folder)))}`;
    const names = await filesIn(folder);
    if (names.length === 0) throw new TraoError('bad_request', { detail: `${folder} holds no keys.` });
    for (const name of names)
      parts.push(part(`keys/${label}/${name.split(path.sep).map(plain).join('/')}`, path.join(folder, name)));
  }
  for (const kind of FILE_KINDS)
    for (const file of files[kind]) {
      await readable(file);
      parts.push(part(`files/${kind}/${plain(path.basename(file))}`, file));
    }
  const twice = parts.find(({ name }, at) => parts.findIndex((other) => other.name === name) !== at);
  if (twice) throw new TraoError('bad_request', { detail: `${twice.name} would be in the backup twice.` });
  return parts;
}

const part = (name: string, file: string): Part => ({ name, content: bytesOf(file) });

/** Opened when it is its turn. */
async function* bytesOf(file: string): AsyncIterable<Uint8Array> {
  for await (const block of createReadStream(file)) yield block as Uint8Array;
}

/** Names are those of our own key files; a letter that no backup may name is a fault of whoever put the file there. */
function plain(name: string): string {
  if (/^[A-Za-z0-9._-]{1,128}$/.test(name)) return name;
  throw new TraoError('bad_request', { detail: `A file has a name that no backup takes: ${JSON.stringify(name)}.` });
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .toSorted();
  } catch (cause) {
    throw new TraoError('bad_request', { detail: `${folder} cannot be read.`, cause });
  }
}

async function readable(file: string): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new TraoError('bad_request', { detail: `${file} cannot be read.`, cause });
  });
  if (!found.isFile()) throw new TraoError('bad_request', { detail: `${file} is not a file.` });
}
