import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { TraoError } from '../errors';
import type { Scan, Verdict } from '../attachments';

/** Where clamd listens. */
export interface ScannerAddress {
  readonly host: string;
  readonly port: number;
}

/** Silence of the scanner after which it counts as away: it looks through a whole file before it says a word. */
const SILENCE_MS = 60_000;
/** clamd's `StreamMaxLength` is larger than any file; one block is what it reads at a time. */
const BLOCK_BYTES = 64 * 1024;
const MAX_ANSWER_BYTES = 4_096;

/** A node without a scanner: everything stays in quarantine. */
export const noScanner: Scan = () =>
  Promise.reject(new TraoError('scanner_unavailable', { detail: 'No scanner is set up.' }));

/**
 * Shows files to clamd by its INSTREAM command (clamd(8)): blocks with their length in front, over one connection for each file. Nothing
 * is written to disk, and the scanner sees one file of a stream without name or owner.
 *
 * Own client and not the package `clamscan`, which looks for command-line scanners and temporary folders at its start.
 */
export function clamdScan({ host, port }: ScannerAddress, silenceMs = SILENCE_MS): Scan {
  return async (content) => {
    const socket = connect({ host, port, noDelay: true });
    const answer = answerOf(socket, silenceMs);
    // Looked at below; until then it must not end the process.
    answer.catch(() => undefined);
    try {
      socket.write('zINSTREAM\0');
      for await (const bytes of content) await sendBlocks(socket, bytes, answer);
      socket.write(Buffer.alloc(4));
      return verdictOf(await answer);
    } finally {
      socket.destroy();
    }
  };
}

async function sendBlocks(socket: Socket, bytes: Uint8Array, answer: Promise<string>): Promise<void> {
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    socket.write(length);
    // A scanner that has heard enough answers and reads no more.
    if (!socket.write(block)) await Promise.race([once(socket, 'drain').catch(() => undefined), answer]);
  }
}

function answerOf(socket: Socket, silenceMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const away = (detail: string, cause?: unknown) => reject(new TraoError('scanner_unavailable', { detail, cause }));
    let answer = '';
    socket.setTimeout(silenceMs, () => away('The scanner is silent.'));
    socket.on('error', (error) => away('The scanner cannot be reached.', error));
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1');
      if (answer.length > MAX_ANSWER_BYTES) away('The scanner says too much.');
    });
    socket.on('end', () => resolve(answer));
    socket.on('close', () => away('The scanner ended the connection.'));
  });
}

/** @throws TraoError `scanner_unavailable` for everything that is no clear verdict */
function verdictOf(answer: string): Verdict {
  const line = answer.replace(/\0[^]*$/, '').trim();
  if (line === 'stream: OK') return 'clean';
  if (/^stream: .+ FOUND$/.test(line)) return 'infected';
  throw new TraoError('scanner_unavailable', { detail: 'The scanner gave no verdict.' });
}
