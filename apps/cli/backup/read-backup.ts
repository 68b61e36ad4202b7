import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { TraoError } from '../../../libs/errors';
import { openBackup } from './container';
import { readParts, type Manifest, type Read } from './parts';
import { showProgress } from './progress';
import type { RecipientKey } from './recipient';

/** Everything in a backup, one piece after the other; each was authenticated. @throws TraoError `bad_request`, `backup_*` */
export async function* readBackup(file: string, by: RecipientKey): AsyncIterable<Read> {
  if (!(await stat(file).catch(() => undefined))?.isFile())
    throw new TraoError('bad_request', { detail: `${file} cannot be read.` });
  yield* readParts(openBackup(createReadStream(file, { highWaterMark: 512 * 1024 }), by));
}

/** Reads a backup from the first to the last byte and writes nothing. @throws TraoError `bad_request`, `backup_*` */
export async function verifyBackup(file: string, by: RecipientKey, quiet: boolean): Promise<Manifest> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  const progress = showProgress(size, quiet);
  const sizes = new Map<string, number>();
  let found: Manifest | undefined;
  try {
    for await (const read of readBackup(file, by)) {
      if ('manifest' in read) found = read.manifest;
      if (!('block' in read)) continue;
      const bytes = (sizes.get(read.part) ?? 0) + read.block.length;
      sizes.set(read.part, bytes);
      progress.on(read.part, bytes);
    }
  } finally {
    progress.end();
  }
  if (!found?.parts.some(({ name }) => name === 'database'))
    throw new TraoError('backup_damaged', { detail: 'It holds no database.' });
  return found;
}
