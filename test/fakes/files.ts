import { randomBytes } from 'node:crypto';

/** Files as officers upload them: their first bytes are right, the rest is noise. */
export const pdf = (size: number): Buffer => begunWith('%PDF-1.7\n', size);
export const pngOf = (size: number): Buffer => begunWith('\x89PNG\r\n\x1a\n', size);
export const jpegOf = (size: number): Buffer => begunWith('\xff\xd8\xff\xe0', size);

/** A PDF that holds a text somewhere in its middle. */
export function textOf(text: string, size: number): Buffer {
  const file = pdf(size);
  file.write(text, Math.floor(size / 2), 'latin1');
  return file;
}

function begunWith(head: string, size: number): Buffer {
  const start = Buffer.from(head, 'latin1');
  const noise = randomBytes(Math.max(size - start.length, 0));
  // No `/`: noise must not look like a name in a PDF.
  for (let at = 0; at < noise.length; at += 1) if (noise[at] === 0x2f) noise[at] = 0;
  return Buffer.concat([start, noise]).subarray(0, size);
}

/** A source of bytes; an error in the list is thrown at its place. */
export async function* streamOf(...pieces: readonly unknown[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield await Promise.resolve(piece as Uint8Array);
  }
}
