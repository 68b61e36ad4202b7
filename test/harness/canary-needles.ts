/** One way to write a canary, as bytes. */
interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Shorter pieces would be found everywhere by chance. */
const MIN_BYTES = 8;

/**
 * Every form in which a canary could stand somewhere: Unicode forms C and D; UTF-8, UTF-16 of both byte orders; each of these raw, in
 * base64 and base64url at all three alignments, and in hexadecimal; text also with URL, JSON and HTML escapes.
 */
function needlesOf(canary: string, text: string): Needle[] {
  const found = new Map<string, Needle>();
  const add = (form: string, bytes: Buffer) => {
    if (bytes.length >= MIN_BYTES) found.set(bytes.toString('latin1'), { canary, form, bytes });
  };
  for (const [unicode, written] of [
    ['NFC', text.normalize('NFC')],
    ['NFD', text.normalize('NFD')],
  ] as const) {
    const utf16 = Buffer.from(written, 'utf16le');
    const encodings = { 'UTF-8': Buffer.from(written), 'UTF-16LE': utf16, 'UTF-16BE': Buffer.from(utf16).swap16() };
    for (const [encoding, bytes] of Object.entries(encodings)) {
      const form = `${unicode} ${encoding}`;
      add(form, bytes);
      add(`${form} hex`, Buffer.from(bytes.toString('hex')));
      add(`${form} HEX`, Buffer.from(bytes.toString('hex').toUpperCase()));
      for (const shift of [0, 1, 2]) {
        add(`${form} base64+${shift}`, Buffer.from(base64At(bytes, shift, 'base64')));
        add(`${form} base64url+${shift}`, Buffer.from(base64At(bytes, shift, 'base64url')));
      }
    }
    for (const [form, escaped] of Object.entries(escapes(written))) add(`${unicode} ${form}`, Buffer.from(escaped));
  }
  return [...found.values()];
}

/** The characters that depend on `bytes` alone when they stand `shift` bytes after a multiple of three. */
function base64At(bytes: Buffer, shift: number, alphabet: 'base64' | 'base64url'): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
  const text = whole.toString(alphabet).replace(/=+$/, '');
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor((whole.length * 8) / 6);
  return text.slice(first, last);
}

function escapes(text: string): Record<string, string> {
  const unicode = (upper: boolean) =>
    Array.from({ length: text.length }, (_, at) => {
      const code = text.charCodeAt(at);
      if (code < 0x80) return text.charAt(at);
      const digits = code.toString(16).padStart(4, '0');
      return `\\u${upper ? digits.toUpperCase() : digits}`;
    }).join('');
  const html = Array.from(text, (character) =>
    character < '\u0080' ? character : `&#${character.codePointAt(0)};`,
  ).join('');
  const url = encodeURIComponent(text);
  return {
    'URL escapes': url,
    'URL escapes in lower case': url.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    'form escapes': url.replaceAll('%20', '+'),
    'JSON escapes': unicode(false),
    'JSON escapes in upper case': unicode(true),
    'HTML escapes': html,
  };
}

/** Looks for all forms of all canaries at once. */
export class Needles {
  private readonly byStart = new Map<number, Needle[]>();
  /** 1 for the first two bytes of a needle: nearly all places are passed over with one look. */
  private readonly starts = new Uint8Array(65_536);

  constructor(canaries: Readonly<Record<string, string>>) {
    for (const needle of Object.entries(canaries).flatMap(([canary, text]) => needlesOf(canary, text))) {
      const start = needle.bytes.readUInt16BE(0);
      this.starts[start] = 1;
      this.byStart.set(start, [...(this.byStart.get(start) ?? []), needle]);
    }
  }

  /** What is found, e.g. `phone as NFC UTF-8 hex`; each once. */
  find(haystack: Uint8Array): string[] {
    const bytes = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
    const hits = new Set<string>();
    for (let at = 0; at < bytes.length - 1; at += 1) {
      const start = (bytes[at]! << 8) | bytes[at + 1]!;
      if (this.starts[start] === 0) continue;
      for (const needle of this.byStart.get(start)!) {
        const { bytes: wanted, canary, form } = needle;
        if (bytes.compare(wanted, 0, wanted.length, at, Math.min(at + wanted.length, bytes.length)) === 0) {
          hits.add(`${canary} as ${form}`);
        }
      }
    }
    return [...hits];
  }
}
