/** Writes DER (X.690), as much of it as certificates requests and PKCS#12 files need. Nothing here reads. */
const TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  bmp: 0x1e,
} as const;

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

export const sequence = (...parts: readonly Uint8Array[]) => der(TAGS.sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]) => der(TAGS.set, ...parts);
export const octets = (bytes: Uint8Array) => der(TAGS.octets, bytes);
export const bits = (bytes: Uint8Array, unused = 0) => der(TAGS.bits, Buffer.from([unused]), bytes);
export const nothing = () => der(TAGS.null);
export const yes = () => der(TAGS.boolean, Buffer.from([0xff]));
export const utf8 = (text: string) => der(TAGS.utf8, Buffer.from(text, 'utf8'));
/** Text as PKCS#12 names things: UTF-16, big-endian. */
export const bmp = (text: string) => der(TAGS.bmp, Buffer.from(text, 'utf16le').swap16());
/** `[number]`, constructed. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]) => der(0xa0 | number, ...parts);

/** A number that is not negative. */
export function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return der(TAGS.integer, bytes[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
}

/** @param dotted such as `1.2.840.113549` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(TAGS.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 0x80);
  return digits;
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** DER as PEM (RFC 7468). */
export function pemOf(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
