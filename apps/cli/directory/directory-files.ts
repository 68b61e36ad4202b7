import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { asTraoError, TraoError } from '../../../libs/errors';
import { parseStrictJson, type JsonValue } from '../../../libs/schema';
import {
  MAX_DIRECTORY_BYTES,
  mergeSignatures,
  readAnchor,
  readDirectory,
  samePayload,
  writeDirectory,
  type DirectoryDocument,
  type TrustAnchor,
} from '../../../libs/trust';

/** The bytes of a file. @throws TraoError `bad_request` when it cannot be read */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new TraoError('bad_request', { detail: `${file} cannot be read.`, cause });
  }
}

/** A directory as a file, signed or proposed. @throws TraoError `bad_request`, `directory_*` with the name of the file */
export async function readDirectoryFile(file: string): Promise<DirectoryDocument> {
  return named(file, async () => readDirectory(await readBytes(file)));
}

/** JSON in a file, such as a directory document that somebody edits. @throws TraoError `bad_request`, and what the parser throws */
export async function readJsonFile(file: string): Promise<JsonValue> {
  return named(file, async () => parseStrictJson(await readBytes(file), { maxBytes: MAX_DIRECTORY_BYTES }));
}

/** @throws TraoError `bad_request`, `config_invalid` */
export async function readAnchorFile(file: string): Promise<TrustAnchor> {
  return readAnchor(await readBytes(file));
}

/** Copies of one document, from several files, with the signatures of all. @throws TraoError `directory_fork` for two documents */
export async function readCopies(files: readonly string[]): Promise<DirectoryDocument> {
  const copies = await Promise.all(files.map(readDirectoryFile));
  const [first] = copies as [DirectoryDocument, ...DirectoryDocument[]];
  const other = copies.findIndex((copy) => !samePayload(copy.document, first.document));
  if (other >= 0)
    throw new TraoError('directory_fork', { detail: `${files[0]} and ${files[other]} are no copies of one document.` });
  return { directory: first.directory, document: mergeSignatures(copies.map(({ document }) => document)) };
}

/** Writes a directory so that a crash leaves the old file or the new one. */
export async function writeDirectoryFile(file: string, document: DirectoryDocument['document']): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, writeDirectory(document), { flag: 'wx' });
    await rename(temporary, file);
  } catch (cause) {
    throw new TraoError('bad_request', { detail: `${file} cannot be written.`, cause });
  }
}

/** Writes a file that must not be there yet: signatures are easily lost under a new proposal. */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new TraoError('bad_request', {
      detail: `${file} is there already, or cannot be written. Choose another with --out.`,
      cause,
    });
  }
}

/** A failure with the name of the file that it is about. */
async function named<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code, detail, faults } = asTraoError(error);
    if (detail?.includes(file)) throw error;
    throw new TraoError(code, {
      detail: [
        `${file}:`,
        detail ?? (faults.length > 0 ? 'it has faults.' : 'it is neither signed nor proposed.'),
      ].join(' '),
      faults,
      cause: error,
    });
  }
}
