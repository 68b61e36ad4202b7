import { TraoError } from '../errors';
import { assertFileType, HEAD_BYTES, sealChunk } from '../attachments';
import { closeTail, openTail, withFacts, type OpenStoredFile, type StoredFile } from './file-record';
import type { FilePorts } from './file-ports';

/** One stretch of an upload: fills chunk after chunk, seals and stores each, and keeps the rest for the next stretch. */
export class Upload {
  /** The chunk that is being filled. It is sealed when more follows, or at the end: the last one says that it is. */
  private readonly chunk: Buffer;
  private filled: number;
  /** Bytes of the file that have come. */
  offset: number;

  constructor(
    public file: OpenStoredFile,
    private readonly ports: Pick<FilePorts, 'limits' | 'transaction'>,
  ) {
    const tail = openTail(file);
    this.chunk = Buffer.alloc(file.facts.chunkBytes);
    this.chunk.set(tail);
    this.filled = tail.length;
    this.offset = file.row.offset;
  }

  /**
   * Takes bytes until they end.
   * @returns true when the file is complete
   * @throws TraoError `file_too_big`, `file_type`, `file_empty`, `file_offset`, `bad_request` for more than was announced,
   *   `file_interrupted` when the source failed
   */
  async take(source: AsyncIterable<Uint8Array>): Promise<boolean> {
    try {
      for await (const bytes of source) await this.add(bytes);
    } catch (error) {
      if (error instanceof TraoError) throw error;
      await this.keepTail();
      throw new TraoError('file_interrupted', { detail: `Next byte: ${this.offset}.`, cause: error });
    }
    const { bytes = this.offset } = this.file.facts;
    if (this.offset < bytes) {
      await this.keepTail();
      return false;
    }
    if (bytes === 0) throw new TraoError('file_empty');
    // With nothing in hand the last chunk was sealed before, and only the look at the whole is missing.
    if (this.filled > 0) await this.seal(true);
    return true;
  }

  private async add(bytes: Uint8Array): Promise<void> {
    const { maxFileBytes } = this.ports.limits;
    const { bytes: announced } = this.file.facts;
    if (this.offset + bytes.length > maxFileBytes) {
      throw new TraoError('file_too_big', { detail: `At most ${maxFileBytes} bytes.` });
    }
    if (announced !== undefined && this.offset + bytes.length > announced) {
      throw new TraoError('bad_request', { detail: `Only ${announced} bytes were announced.` });
    }
    for (let at = 0; at < bytes.length;) {
      if (this.filled === this.chunk.length) await this.seal(false);
      const part = bytes.subarray(at, at + this.chunk.length - this.filled);
      this.chunk.set(part, this.filled);
      this.filled += part.length;
      this.offset += part.length;
      at += part.length;
    }
    // Nobody should wait for the rest of a file that cannot be taken.
    if (this.offset === this.filled && this.filled >= HEAD_BYTES) this.assertType();
  }

  private assertType(): void {
    assertFileType(this.file.facts.mime, this.chunk.subarray(0, Math.min(HEAD_BYTES, this.filled)));
  }

  private async seal(last: boolean): Promise<void> {
    const { row, key, facts } = this.file;
    const before = this.offset - this.filled;
    if (before === 0) this.assertType();
    const place = { fileId: row.id, number: before / facts.chunkBytes, last };
    const sealed = sealChunk(key, this.chunk.subarray(0, this.filled), place);
    const whole = last ? { ...facts, bytes: this.offset } : facts;
    const sealedBytes = row.sealedBytes + sealed.length;
    await this.save({ ...withFacts(this.file, whole), offset: this.offset, sealedBytes, tail: undefined }, sealed);
    this.file = { ...this.file, facts: whole };
    this.filled = 0;
  }

  private async keepTail(): Promise<void> {
    const tail = closeTail(this.file, this.chunk.subarray(0, this.filled));
    await this.save({ ...this.file.row, offset: this.offset, tail });
  }

  /** Two uploads of one file at the same time: the one that is not in step with the row ends. */
  private async save(next: StoredFile, sealed?: Uint8Array): Promise<void> {
    const { row } = this.file;
    await this.ports.transaction(row.unit, async (store) => {
      const now = await store.lockFile(row.unit, row.id);
      if (!now) throw new TraoError('not_found');
      if (now.offset !== row.offset || now.state !== row.state) {
        throw new TraoError('file_offset', { detail: `Next byte: ${now.offset}.` });
      }
      if (sealed) await store.addPiece(row.unit, row.id, row.sealedBytes, sealed);
      await store.saveFile(next);
    });
    this.file = { ...this.file, row: next };
  }
}
