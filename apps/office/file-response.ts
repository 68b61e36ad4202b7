import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { ReadableFile } from '../../libs/casework';

/**
 * Answers with a file, chunk by chunk. A browser never shows it inside our pages: it is saved, under no other type than its own, and may
 * load nothing. When a chunk does not open, the connection breaks off before the promised length, so that no half file looks whole.
 */
export async function sendFile(response: Response, { name, mime, bytes, content }: ReadableFile): Promise<void> {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  response.setHeader('content-type', mime);
  response.setHeader('content-length', bytes);
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-security-policy', "default-src 'none'; sandbox");
  // RFC 6266 §4.3: the plain name for those who do not read the encoded one.
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  response.setHeader('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`);
  await pipeline(Readable.from(content), response);
}
