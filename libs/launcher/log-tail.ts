import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const WINDOW_BYTES = 16_384;

/** The last `count` non-empty lines that were written to `file` after byte `from`, as one line; empty when there are none. */
export function logTail(file: string, from = 0, count = 5): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const end = fstatSync(fd).size;
    const start = Math.max(from, end - WINDOW_BYTES);
    const bytes = Buffer.alloc(Math.max(0, end - start));
    readSync(fd, bytes, 0, bytes.length, start);
    const lines = bytes.toString('utf8').split('\n');
    return lines
      .map((line) => line.trim())
      .filter(Boolean)
      .slice(-count)
      .join(' | ');
  } finally {
    closeSync(fd);
  }
}
