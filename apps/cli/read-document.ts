import { readFile } from 'node:fs/promises';
import { TraoError } from '../../libs/errors';
import { parseStrictJson, type JsonValue } from '../../libs/schema';

/** The JSON document in a file. @throws TraoError `bad_request` when it cannot be read, and what `parseStrictJson` throws */
export async function readDocument(file: string): Promise<JsonValue> {
  return parseStrictJson(await bytesOf(file));
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new TraoError('bad_request', { detail: `${file} cannot be read.`, cause });
  }
}
