import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { isOwnForm } from '../../../../libs/sign-in';

/** A file of a form while it comes; it has to be read to its end. */
export interface ComingFile {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** Fields that stood before it in the form. */
  readonly fields: Readonly<Record<string, string>>;
}

const LIMITS = { fields: 20, fieldSize: 2_000, files: 10, parts: 30 };

/**
 * Reads a form with files: each is handed to `take` as it comes and is never whole in memory. A form of another site, or of a session
 * of before, is refused before its first byte is kept.
 * @returns how many files there were
 * @throws TraoError `form_expired`, `bad_request` for what is no such form, and what `take` throws
 */
export async function readFiles(request: Request, take: (file: ComingFile) => Promise<void>): Promise<number> {
  const fields: Record<string, string> = {};
  const parser = reader(request);
  let files = 0;
  let failure: Error | undefined;
  let work = Promise.resolve();
  const consume = async (name: string, content: Readable): Promise<void> => {
    try {
      if (failure !== undefined) return;
      if (files === 0) assertOwn(request, fields);
      // A form without a file still has a part for it.
      if (name === '') return;
      files += 1;
      // Whoever stops reading half-way must not end the file: the parser would wait for its rest for ever.
      const bytes = content.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
      await take({ name, content: bytes, fields });
    } catch (error) {
      failure = asTraoError(error);
    } finally {
      content.resume();
    }
  };
  parser.on('field', (name, value) => {
    fields[name] = value;
  });
  parser.on('file', (_field, content, { filename }) => {
    // A file that nobody reads yet may fail as well: its reader or nobody is told, and the process goes on.
    content.on('error', () => undefined);
    // One after the other: the next one waits, and with it the line.
    work = work.then(() => consume(filename ?? '', content));
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('close', resolve);
    parser.on('error', (cause) => reject(new TraoError('bad_request', { cause })));
    // Ends the file that is being read too; what came of it is kept or dropped by who reads it.
    request.on('aborted', () => {
      reject(new TraoError('file_interrupted'));
      parser.destroy(new TraoError('file_interrupted'));
    });
    request.pipe(parser);
  });
  await work;
  if (failure !== undefined) throw failure;
  assertOwn(request, fields);
  return files;
}

function reader(request: Request): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, limits: LIMITS, defParamCharset: 'utf8' });
  } catch (cause) {
    throw new TraoError('bad_request', { cause });
  }
}

function assertOwn(request: Request, fields: Readonly<Record<string, string>>): void {
  request.body = fields;
  if (!isOwnForm(request)) throw new TraoError('form_expired');
}
