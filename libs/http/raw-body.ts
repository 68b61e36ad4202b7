import type { Request } from 'express';
import { TraoError } from '../errors';

/**
 * Reads a request body as bytes, up to a limit. Only unencoded bodies: a compressed one could unfold without end.
 * @throws TraoError `too_large`, `unsupported_media_type`, `bad_request` when the client stops half-way
 */
export async function readRawBody(request: Request, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new TraoError('unsupported_media_type');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new TraoError('too_large');
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new TraoError('too_large');
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof TraoError ? cause : new TraoError('bad_request', { cause });
  }
  return Buffer.concat(chunks);
}
