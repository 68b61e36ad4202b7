/**
 * A PDF that is protected by a password names its encryption dictionary in a trailer or in a cross-reference stream
 * (ISO 32000-2 §7.5.5, §7.5.8), neither of which is encrypted or compressed itself. Where in the file it stands, nothing says.
 */
const ENCRYPT = /\/Encrypt[\s\0]{0,8}(?:\d{1,10}[\s\0]{1,8}\d{1,5}[\s\0]{1,8}R|<<)/;
/** Longer than what the pattern can match: it may be cut by the end of a chunk. */
const OVERLAP = 64;

/** Looks for the mark of a password in a PDF that passes by in pieces. */
export class PasswordWatch {
  private before = '';
  private seen = false;

  get found(): boolean {
    return this.seen;
  }

  look(bytes: Uint8Array): void {
    if (this.seen) return;
    const text = this.before + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    this.seen = ENCRYPT.test(text);
    this.before = text.slice(-OVERLAP);
  }
}
