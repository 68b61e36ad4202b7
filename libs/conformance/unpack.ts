import { gunzipSync } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { TraoError } from '../errors';
import type { VectorFile } from './vector-file';

/** What one file may still unpack to; shared by all that is inside it. */
export interface Budget {
  bytes: number;
  files: number;
}

/** Packings inside of each other; a packed archive has two. */
const MAX_DEPTH = 6;
const TAR_MAGIC_AT = 257;

/**
 * The files that a file holds: itself, or what is in it when it is packed (gzip) or an archive (tar).
 * @throws TraoError `vectors_unreadable` when it is damaged, `vectors_unsafe` when a name in it leads outside, `too_large` when it
 *   unpacks to more than the budget (a bomb)
 */
export async function unpack(file: VectorFile, budget: Budget, depth = 0): Promise<VectorFile[]> {
  if (isGzip(file.bytes)) {
    const bytes = gunzip(file.bytes, budget);
    return unpack({ path: file.path.replace(/\.gz$/, ''), bytes }, budget, inside(depth));
  }
  if (!isTar(file.bytes)) return [file];
  const found: VectorFile[] = [];
  for (const entry of await filesOf(file.bytes, budget)) {
    found.push(...(await unpack({ ...entry, path: `${file.path}/${entry.path}` }, budget, inside(depth))));
  }
  return found;
}

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;
const isTar = (bytes: Buffer) => bytes.toString('latin1', TAR_MAGIC_AT, TAR_MAGIC_AT + 5) === 'ustar';

function inside(depth: number): number {
  if (depth >= MAX_DEPTH) throw new TraoError('vectors_unreadable', { detail: 'Archives are nested too deeply.' });
  return depth + 1;
}

function gunzip(packed: Buffer, budget: Budget): Buffer {
  try {
    const bytes = gunzipSync(packed, { maxOutputLength: Math.max(budget.bytes, 1) });
    spend(budget, bytes.length);
    return bytes;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw bomb(cause);
    if (cause instanceof TraoError) throw cause;
    throw new TraoError('vectors_unreadable', { detail: `gzip: ${(cause as Error).message}.`, cause });
  }
}

/** All plain files of a tar archive. Links and devices are left out. */
function filesOf(archive: Buffer, budget: Budget): Promise<VectorFile[]> {
  return new Promise((resolve, reject) => {
    const found: VectorFile[] = [];
    // Strict: a wrong checksum or a missing end is an error and no warning.
    const parser = new Parser({ strict: true });
    const fail = (error: unknown) => reject(asFault(error));
    parser.on('entry', (entry: ReadEntry) => {
      try {
        const name = safeName(entry.path);
        spend(budget, entry.size);
        if ((budget.files -= 1) < 0) throw new TraoError('too_large', { detail: 'An archive holds too many files.' });
        const chunks: Buffer[] = [];
        entry.on('data', (chunk: Buffer) => chunks.push(chunk));
        entry.on('end', () => {
          if (entry.type === 'File' || entry.type === 'OldFile')
            found.push({ path: name, bytes: Buffer.concat(chunks) });
        });
      } catch (error) {
        fail(error);
        entry.resume();
      }
    });
    parser.on('error', fail);
    parser.on('end', () => resolve(found));
    parser.end(archive);
  });
}

/** A name that stays in the archive. Nothing is written under it, but who packs such a name means harm: nothing of it is taken. */
function safeName(name: string): string {
  const parts = name.split(/[/\\]/);
  if (name.startsWith('/') || name.startsWith('\\') || /^[A-Za-z]:/.test(name) || parts.includes('..'))
    throw new TraoError('vectors_unsafe', { detail: JSON.stringify(name.slice(0, 100)) });
  return parts.filter((part) => part !== '.' && part !== '').join('/');
}

function spend(budget: Budget, bytes: number): void {
  if ((budget.bytes -= bytes) < 0) throw bomb();
}

const bomb = (cause?: unknown) => new TraoError('too_large', { detail: 'It unpacks to more than is allowed.', cause });

function asFault(error: unknown): TraoError {
  if (error instanceof TraoError) return error;
  return new TraoError('vectors_unreadable', { detail: `tar: ${(error as Error).message}.`, cause: error });
}
