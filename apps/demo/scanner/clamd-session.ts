import { Buffer } from 'node:buffer';

/**
 * The string that every virus scanner reports, though it does nothing (www.eicar.org). In two halves, so that scanners leave this file
 * alone.
 */
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
const FOUND = 'Eicar-Test-Signature';
const MAX_COMMAND_BYTES = 64;
/** What a real clamd takes by default (StreamMaxLength). */
const MAX_STREAM_BYTES = 25 * 1_048_576;
const SIZE_LIMIT = 'INSTREAM size limit exceeded. ERROR';

type Mode =
  | { readonly kind: 'command' }
  /** `left`: bytes of the present chunk that are still to come; undefined between chunks. */
  | {
      readonly kind: 'stream';
      readonly end: string;
      left: number | undefined;
      size: number;
      found: boolean;
      tail: string;
    }
  | { readonly kind: 'over' };

/**
 * One connection of a speaker of clamd's protocol (clamd(8)): PING, VERSION and INSTREAM, each alone or with the prefix `n` or `z` and
 * its line end. It looks for the EICAR string and nothing else: NOT a virus scanner.
 */
export class ClamdSession {
  #mode: Mode = { kind: 'command' };
  #buffer: Buffer = Buffer.alloc(0);

  constructor(
    private readonly reply: (text: string) => void,
    private readonly end: () => void,
  ) {}

  take(bytes: Buffer): void {
    // Whoever goes on sending after the answer is not listened to.
    if (this.#mode.kind === 'over') return;
    this.#buffer = this.#buffer.length === 0 ? bytes : Buffer.concat([this.#buffer, bytes]);
    while (this.#step());
  }

  /** @returns whether there may be more to do with what is there */
  #step(): boolean {
    switch (this.#mode.kind) {
      case 'command':
        return this.#command();
      case 'stream':
        return this.#mode.left === undefined ? this.#chunkSize(this.#mode) : this.#chunk(this.#mode);
      case 'over':
        return false;
    }
  }

  #command(): boolean {
    const prefix = String.fromCharCode(this.#buffer[0] ?? 0);
    const end = prefix === 'z' ? '\0' : '\n';
    const at = this.#buffer.indexOf(end);
    if (at < 0) {
      if (this.#buffer.length > MAX_COMMAND_BYTES) this.#finish('UNKNOWN COMMAND', end);
      return false;
    }
    const line = this.#buffer.subarray(0, at).toString('latin1');
    this.#buffer = this.#buffer.subarray(at + 1);
    switch (line.replace(/^[nz]/, '').trim()) {
      case 'PING':
        return this.#finish('PONG', end);
      case 'VERSION':
        return this.#finish('Trao demonstration: knows the EICAR test only', end);
      case 'INSTREAM':
        this.#mode = { kind: 'stream', end, left: undefined, size: 0, found: false, tail: '' };
        return true;
      default:
        return this.#finish('UNKNOWN COMMAND', end);
    }
  }

  #chunkSize(stream: Mode & { kind: 'stream' }): boolean {
    if (this.#buffer.length < 4) return false;
    stream.left = this.#buffer.readUInt32BE(0);
    stream.size += stream.left;
    this.#buffer = this.#buffer.subarray(4);
    if (stream.size > MAX_STREAM_BYTES) return this.#finish(SIZE_LIMIT, stream.end);
    if (stream.left > 0) return true;
    return this.#finish(stream.found ? `stream: ${FOUND} FOUND` : 'stream: OK', stream.end);
  }

  #chunk(stream: Mode & { kind: 'stream' }): boolean {
    if (this.#buffer.length === 0) return false;
    const part = this.#buffer.subarray(0, stream.left);
    this.#buffer = this.#buffer.subarray(part.length);
    // The string may lie across two parts.
    const text = stream.tail + part.toString('latin1');
    stream.found ||= text.includes(EICAR);
    stream.tail = text.slice(-EICAR.length);
    const left = stream.left! - part.length;
    stream.left = left === 0 ? undefined : left;
    return true;
  }

  #finish(text: string, end: string): false {
    this.reply(text + end);
    this.#mode = { kind: 'over' };
    this.#buffer = Buffer.alloc(0);
    this.end();
    return false;
  }
}
